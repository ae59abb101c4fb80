using EventCalls.Contracts;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Ingress;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>Calls whose media goes through an rtpengine, which takes its time.</summary>
public sealed class EngineTests : EdgeTest, IAsyncLifetime
{
    private readonly SlowEngine _engine = new();

    public EngineTests()
    {
        Options = Options with { Media = _engine.Carrying(Options.Media) };
        Engines = _engine.Client;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    [Trait("RFC", "3264 §5, §6")]
    public async Task Nothing_leaves_before_the_engine_has_written_it_and_each_side_is_told_of_the_engine()
    {
        TargetAnswers();
        CallIn();
        Decide(Invite());
        await RunUntilAsync(() => _engine.Asked.Length == 1);
        Run(50);
        Assert.Empty(Target.Legs);
        _engine.Answer();
        await RunUntilAsync(() => _engine.Asked.Length == 2);
        Run(50);
        Assert.Empty(Journal.Events.OfType<TransferCompleted>());
        _engine.Answer();
        await RunUntilAsync(() => Journal.Events.OfType<TransferCompleted>().Any());
        Run(50);
        Assert.Equal(["offer 1", "answer 2"], _engine.Asked);
        foreach (var phone in new[] { Caller, Target })
            Assert.Contains($"c=IN IP4 {SlowEngine.Shown}", phone.Heard!, StringComparison.Ordinal);
        await EndAsync();
    }

    [Fact]
    [Trait("RFC", "3261 §13.3.1.1, 3960 §3")]
    public async Task Early_media_and_the_answer_right_behind_it_reach_the_caller_in_their_order()
    {
        Target.OnCall = static (phone, leg) =>
        {
            var session = phone.Session();
            leg.Ring(183, session);
            leg.Ring(180);
            leg.Answer(session);
        };
        CallIn();
        Decide(Invite());
        await RunUntilAsync(() => _engine.Asked.Length == 1);
        _engine.Answer();
        await RunUntilAsync(() => _engine.Asked.Length == 2);
        // All three have come by now, and wait behind the first.
        Run(50);
        Assert.Empty(ToCaller());
        _engine.IsQuick = true;
        _engine.Answer();
        await RunUntilAsync(() => Journal.Events.OfType<TransferCompleted>().Any());
        Run(50);
        Assert.Equal(["183", "180", "200"], ToCaller());
        await EndAsync();
    }

    [Fact]
    [Trait("RFC", "3261 §9.2")]
    public async Task A_caller_that_cancels_while_the_engine_is_asked_has_nobody_called()
    {
        var leg = CallIn();
        Decide(Invite());
        await RunUntilAsync(() => _engine.Asked.Length == 1);
        leg.Cancel();
        Run(50);
        _engine.IsQuick = true;
        _engine.Answer();
        await RunUntilAsync(() => Journal.Events.OfType<CallEnded>().Any());
        Run(200);
        Assert.Empty(Target.Legs);
        Assert.Equal(CallEndCause.Cancelled, Single<CallEnded>().Cause);
        await RunUntilAsync(() => _engine.Asked is [.., "delete 1"]);
        AssertOver();
    }

    [Fact]
    [Trait("RFC", "3264 §8, 3261 §14.2")]
    public async Task A_change_waits_for_the_engine_in_both_directions_and_one_that_is_refused_is_taken_back_there()
    {
        _engine.IsQuick = true;
        TargetAnswers();
        CallIn();
        Decide(Invite());
        await RunUntilAsync(() => Journal.Events.OfType<TransferCompleted>().Any());
        Run(50);
        Caller.Leg!.ReInvite(Caller.Session("sendonly"), null, Caller);
        await RunUntilAsync(() => _engine.Asked.Length == 4);
        Run(50);
        await RunUntilAsync(() => Target.Heard!.Contains("a=sendonly", StringComparison.Ordinal));
        Assert.Equal(["offer 1", "answer 2", "offer 1", "answer 2"], _engine.Asked);
        Run(50);
        Target.OnAsked = static (_, request) => request.Respond(488);
        Caller.Leg!.ReInvite(Caller.Session(), null, Caller);
        await RunUntilAsync(() => _engine.Asked.Length == 7);
        Assert.Equal(["offer 1", "offer 1", "answer 2"], _engine.Asked.Skip(4));
        await EndAsync();
    }

    [Fact]
    public void Without_an_engine_nothing_is_asked_for_it_and_nothing_is_dialled()
    {
        Engines = null;
        CallIn();
        Decide(Invite() with { Media = HandoffFields.Rtpengine });
        Run(100);
        Assert.Equal((TransferOutcome.Error, "no media engine: none is configured (Media:Rtpengine)"), (Single<TransferFailed>().Outcome, Single<TransferFailed>().Evidence.ReasonPhrase));
    }

    [Theory]
    [InlineData("engine:2223", MediaMode.Direct, null, false, "Media:Rtpengine is 'engine:2223'")]
    [InlineData("", MediaMode.Rtpengine, null, false, "Media:Mode is 'rtpengine'")]
    [InlineData("", MediaMode.Direct, MediaMode.Rtpengine, false, "Trunks:pstn:Media is 'rtpengine'")]
    [InlineData("udp://127.0.0.1:2223", MediaMode.Direct, MediaMode.Rtpengine, true, null)]
    [InlineData("udp://127.0.0.1:2223 udp:127.0.0.1:2223", MediaMode.Direct, null, false, "Media:Rtpengine is")]
    [InlineData("udp://127.0.0.1:2223", MediaMode.Rtpengine, MediaMode.Anchor, true, null)]
    public void What_cannot_be_used_is_refused_and_its_key_named(string engines, MediaMode mode, MediaMode? trunk, bool transcode, string? error)
    {
        var options = Options with
        {
            Media = Options.Media with { Mode = mode, Rtpengine = engines.Split(' ', StringSplitOptions.RemoveEmptyEntries) },
            Trunks = [.. Options.Trunks.Select(t => t.Name == "pstn" ? t with { Media = trunk, Record = true, Transcode = transcode } : t)],
        };
        if (error is null)
            IngressService.Check(options);
        else
            Assert.StartsWith(error, Assert.Throws<TelephonyOptionsException>(() => IngressService.Check(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Digits_of_engines_are_asked_for_only_where_there_are_engines()
    {
        var options = Options with { Media = Options.Media with { Mode = MediaMode.Direct, Rtpengine = [], RtpengineDigits = true } };
        Assert.StartsWith("Media:RtpengineDigits is 'true'", Assert.Throws<TelephonyOptionsException>(() => IngressService.Check(options)).Message, StringComparison.Ordinal);
    }

    private IEnumerable<string> ToCaller() =>
        Network.Log.Where(s => s.From.Equals(NodeHost.EndPoint) && s.To.Equals(Caller.Host.EndPoint) && s.CSeqMethod == "INVITE" && s.Kind != "100").Select(s => s.Kind);

    private async Task EndAsync()
    {
        _engine.IsQuick = true;
        Caller.Leg!.Bye();
        await RunUntilAsync(() => Journal.Events.OfType<CallEnded>().Any());
        Assert.Equal("delete 1", _engine.Asked[^1]);
        AssertOver();
    }
}
