using System.Text;
using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;
using EventCalls.Testing;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>What a caller who is not answered yet hears at an rtpengine before a handoff is carried out.</summary>
public sealed class EnginePromptTests : RecordingTest, IAsyncLifetime
{
    private const int PromptMs = 400;

    private readonly SlowEngine _engine = new() { IsQuick = true };

    public EnginePromptTests()
    {
        ToneFile.Write(Path.Combine(Folder, "wait.wav"), TimeSpan.FromMilliseconds(PromptMs), 500);
        Options = Options with { Media = _engine.Carrying(Options.Media) with { Prompts = Folder } };
        Engines = _engine.Client;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Theory]
    [InlineData(MediaMode.Rtpengine, null, null)]
    [InlineData(MediaMode.Direct, HandoffFields.Rtpengine, null)]
    [InlineData(MediaMode.Anchor, HandoffFields.Rtpengine, null)]
    [InlineData(MediaMode.Direct, null, MediaMode.Rtpengine)]
    [Trait("RFC", "3264 §6")]
    public async Task A_caller_is_answered_at_an_engine_hears_it_there_and_is_connected_then(MediaMode mode, string? step, MediaMode? endpoint)
    {
        Options = Options with { Media = Options.Media with { Mode = mode } };
        Trunk("pstn", t => t with { Media = endpoint });
        TargetAnswers();
        CallIn();
        Decide(Prompted() with { Media = step });
        await RunUntilAsync(() => _engine.Asked.Contains("play media 1"));
        Assert.Equal(["offer 1", "answer 2", "block media 1", "play media 1"], _engine.Asked[..4]);
        Run(50);
        Assert.Equal(["200"], Caller.Log);
        Assert.Contains($"c=IN IP4 {SlowEngine.Shown}", Caller.Heard!, StringComparison.Ordinal);
        Assert.DoesNotContain("a=inactive", Caller.Heard!, StringComparison.Ordinal);
        Assert.Empty(Target.Log);
        long began = Time.GetTimestamp();
        await RunUntilAsync(() => Target.Log.Count > 0);
        Assert.True(Time.GetTimestamp() - began >= PromptMs - 50);
        // The music, the prompt, and the music again: whoever is called is at the engine, too.
        Assert.Contains(SlowEngine.Shown, Target.Heard!, StringComparison.Ordinal);
        await RunUntilAsync(() => _engine.Asked.Contains("delete 1"));
        Assert.Single(Journal.Events.OfType<TransferCompleted>());
        await EndAsync();
    }

    [Theory]
    [InlineData(HandoffMethod.Refer)]
    [InlineData(HandoffMethod.Bye)]
    public async Task It_is_heard_before_a_REFER_and_a_BYE_too(HandoffMethod method)
    {
        Options = Options with { NotifyGraceMs = 100 };
        CallIn();
        Decide((method == HandoffMethod.Refer ? Refer() : new Handoff { Method = method }) with { Prompt = "wait.wav" });
        await RunUntilAsync(() => _engine.Asked.Contains("play media 1"));
        await RunUntilAsync(() => Caller.Log.Count > 1);
        Assert.StartsWith(method == HandoffMethod.Refer ? "REFER" : "bye", Caller.Log[1], StringComparison.Ordinal);
        await EndAsync();
    }

    [Fact]
    public async Task A_caller_whose_INVITE_brought_no_offer_hears_it_once_it_has_answered_the_engines()
    {
        Caller.OnAnswered = static (_, leg) => leg.DeferAck();
        TargetAnswers();
        CallIn(withOffer: false);
        Decide(Prompted());
        await RunUntilAsync(() => Caller.Heard is not null);
        Run(2 * PromptMs);
        Assert.Equal(["offer 2"], _engine.Asked);
        Assert.Empty(Target.Log);
        ((Sip.Dialogs.OutgoingLeg)Caller.Leg!).Ack(Caller.Session());
        await RunUntilAsync(() => Target.Log.Count > 0);
        Assert.Equal(["offer 2", "answer 1", "block media 1", "play media 1"], _engine.Asked[..4]);
        await RunUntilAsync(() => Journal.Events.OfType<TransferCompleted>().Any());
        await EndAsync();
    }

    [Fact]
    public async Task Where_no_engine_takes_it_the_step_fails_nobody_is_answered_and_the_next_one_is_carried_out()
    {
        _engine.Refuses = "offer";
        CallIn();
        Decide(Prompted(), Reject(486));
        await RunUntilAsync(() => Journal.Events.OfType<CallEnded>().Any());
        Run(50);
        var failed = Single<TransferFailed>();
        Assert.Equal((TransferOutcome.Error, $"no media engine: udp://{_engine.Address} says no way"), (failed.Outcome, failed.Evidence.ReasonPhrase));
        Assert.Equal(["486"], Caller.Log);
        AssertOver();
    }

    [Fact]
    public void Where_no_engine_is_configured_the_step_fails_and_nobody_is_answered()
    {
        Engines = null;
        Options = Options with { Media = Options.Media with { Mode = MediaMode.Direct } };
        CallIn();
        Decide(Prompted() with { Media = HandoffFields.Rtpengine });
        Run(100);
        Assert.Equal("no media engine: none is configured (Media:Rtpengine)", Single<TransferFailed>().Evidence.ReasonPhrase);
        Assert.DoesNotContain("200", Caller.Log);
    }

    [Fact]
    public async Task Who_hangs_up_while_it_is_heard_is_not_handed_off_and_the_engine_lets_go()
    {
        CallIn();
        Decide(Prompted());
        await RunUntilAsync(() => _engine.Asked.Contains("play media 1"));
        await EndAsync();
        Assert.Equal(TransferOutcome.CallerHungUp, Single<TransferFailed>().Outcome);
        Assert.Equal("delete 1", _engine.Asked[^1]);
        Assert.Empty(Target.Log);
    }

    [Fact]
    [Trait("RFC", "5621 §3")]
    public async Task A_caller_whose_offer_is_a_part_of_a_body_of_several_hears_it_from_the_node()
    {
        TargetAnswers();
        string offer = Encoding.ASCII.GetString(Caller.Session().Body.Span);
        CallIn("+15557654321", new Content("multipart/mixed;boundary=b", Encoding.ASCII.GetBytes($"--b\r\nContent-Type: application/sdp\r\n\r\n{offer}\r\n--b--\r\n")));
        Decide(Prompted());
        await RunUntilAsync(() => Journal.Events.OfType<TransferCompleted>().Any());
        Assert.Contains("c=IN IP4 127.0.0.1", Caller.Heard!, StringComparison.Ordinal);
        Assert.Empty(_engine.Asked);
        await EndAsync();
    }

    private static Handoff Prompted() => Step(record: null) with { Prompt = "wait.wav" };
}
