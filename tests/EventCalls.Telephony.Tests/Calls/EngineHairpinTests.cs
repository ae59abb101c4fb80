using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>Who speaks to the two whose media an rtpengine has: it leads them through this node meanwhile.</summary>
public sealed class EngineHairpinTests : RecordingTest, IAsyncLifetime
{
    private static readonly string[] s_led = ["offer 1", "answer 1-here", "offer 2", "answer 2-here"];
    private static readonly string[] s_past = ["offer 1", "answer 2"];

    private readonly SlowEngine _engine = new() { IsQuick = true };
    private readonly Phone _supervisor;

    public EngineHairpinTests()
    {
        _supervisor = new Phone(Network, "10.0.0.5:5060", "supervisor") { OnCall = static (phone, leg) => leg.Answer(phone.Session()) };
        Options = Options with
        {
            Media = _engine.Carrying(Options.Media),
            Trunks = [.. Options.Trunks, new TrunkOptions { Name = "supervisors", To = ["sip:10.0.0.5:5060"] }],
        };
        Engines = _engine.Client;
    }

    private string[] Written => [.. _engine.Asked.Where(static asked => asked.StartsWith("offer", StringComparison.Ordinal) || asked.StartsWith("answer", StringComparison.Ordinal)).Skip(2)];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task They_are_led_through_this_node_as_long_as_somebody_speaks_and_are_told_nothing_of_it()
    {
        await ConnectAsync();
        var (callerHeard, targetHeard) = (Caller.Heard, Target.Heard);
        var id = await MonitorAsync(MonitorMode.Listen);
        Assert.Empty(Written);
        Change(id, MonitorMode.Join);
        await RunUntilAsync(() => Written.SequenceEqual(s_led));
        Change(id, MonitorMode.Whisper, "caller");
        Change(id, MonitorMode.Listen);
        await RunUntilAsync(() => Written.SequenceEqual([.. s_led, .. s_past]));
        Change(id, MonitorMode.Whisper, "target");
        await RunUntilAsync(() => Written.SequenceEqual([.. s_led, .. s_past, .. s_led]));
        _supervisor.Leg!.Bye();
        await RunUntilAsync(() => Written.SequenceEqual([.. s_led, .. s_past, .. s_led, .. s_past]));
        Assert.Equal((callerHeard, targetHeard), (Caller.Heard, Target.Heard));
        await EndAsync();
    }

    [Fact]
    public async Task However_often_somebody_speaks_and_ceases_while_the_engine_is_asked_it_is_asked_no_more_than_the_last_word_needs()
    {
        await ConnectAsync();
        var id = await MonitorAsync(MonitorMode.Listen);
        _engine.IsQuick = false;
        for (int i = 0; i < 5; i++)
        {
            Change(id, MonitorMode.Join);
            Change(id, MonitorMode.Listen);
        }
        Change(id, MonitorMode.Join);
        await RunUntilAsync(() => Written is ["offer 1"]);
        Run(50);
        _engine.IsQuick = true;
        _engine.Answer();
        await RunUntilAsync(() => Written is [.., "answer 2-here"]);
        Assert.Equal(["offer 1", .. s_past, .. s_led], Written);
        await EndAsync();
    }

    [Fact]
    [Trait("RFC", "3264 §5.1")]
    public async Task A_fax_is_not_led_and_who_speaks_is_heard_again_behind_it()
    {
        await ConnectAsync();
        await MonitorAsync(MonitorMode.Join);
        await RunUntilAsync(() => Written.SequenceEqual(s_led));
        Target.OnAsked = (_, request) => request.Respond(200, null, Fax());
        Caller.Leg!.ReInvite(Fax(), null, Caller);
        await RunUntilAsync(() => Written.SequenceEqual([.. s_led, .. s_past]));
        Run(3000);
        Target.OnAsked = null;
        Caller.Leg!.ReInvite(Caller.Session(), null, Caller);
        await RunUntilAsync(() => Written.SequenceEqual([.. s_led, .. s_past, .. s_past, .. s_led]));
        Assert.Empty(Journal.Events.OfType<MonitorEnded>());
        await EndAsync();
    }

    [Theory]
    [InlineData(200)]
    [InlineData(488)]
    [Trait("RFC", "3264 §8, 3261 §14.1")]
    public async Task A_session_that_changes_meanwhile_is_led_anew_and_so_is_one_whose_change_was_refused(int status)
    {
        await ConnectAsync();
        await MonitorAsync(MonitorMode.Join);
        await RunUntilAsync(() => Written.SequenceEqual(s_led));
        if (status != 200)
            Target.OnAsked = (_, request) => request.Respond(status);
        Caller.Leg!.ReInvite(Caller.Session("sendonly"), null, Caller);
        string[] asked = status == 200 ? s_past : ["offer 1", .. s_past];
        await RunUntilAsync(() => Written.SequenceEqual([.. s_led, .. asked, .. s_led]));
        await EndAsync();
    }

    [Fact]
    public async Task Who_is_handed_on_is_led_with_whom_it_meets()
    {
        await ConnectAsync();
        await MonitorAsync(MonitorMode.Join);
        await RunUntilAsync(() => Written.SequenceEqual(s_led));
        SecondAnswers();
        Give(Handoff(Step(record: null, endpoint: "second")));
        await RunUntilAsync(() => Written.SequenceEqual([.. s_led, "offer 1", "offer 2", "answer 1", .. s_led]));
        await EndAsync();
    }

    [Theory]
    [InlineData("answer", false, "says no way")]
    [InlineData(null, true, "would have its stream 1 at another port")]
    public async Task Where_the_engine_does_not_lead_them_who_would_speak_is_hung_up_on_with_the_reason_and_the_call_goes_on(string? refuses, bool moves, string why)
    {
        await ConnectAsync();
        (_engine.Refuses, _engine.Moves) = (refuses, moves);
        Give(Monitor(MonitorMode.Join));
        await RunUntilAsync(() => Journal.Events.OfType<MonitorEnded>().Any());
        Assert.Equal((MonitorEndCause.Lost, $"its media engine does not lead the call through this node: udp://{_engine.Address} {why}"), (Single<MonitorEnded>().Cause, Single<MonitorEnded>().Detail));
        // It is told again what held before.
        await RunUntilAsync(() => _engine.Asked.Contains("offer 1") && Written is [.., "offer 1", "answer 2"]);
        Assert.Empty(Journal.Events.OfType<CallEnded>());
        await EndAsync();
    }

    [Fact]
    public async Task A_call_that_ends_while_the_engine_is_asked_ends_there_too()
    {
        await ConnectAsync();
        await MonitorAsync(MonitorMode.Listen);
        _engine.IsQuick = false;
        Change(Single<MonitorStarted>().MonitorId, MonitorMode.Join);
        await RunUntilAsync(() => Written is [.., "offer 1"]);
        Caller.Leg!.Bye();
        Run(50);
        _engine.IsQuick = true;
        _engine.Answer();
        await RunUntilAsync(() => Journal.Events.OfType<CallEnded>().Any());
        Assert.Equal("delete ", _engine.Asked[^1]);
        AssertOver();
    }

    private static Content Fax() => new("application/sdp", "v=0\r\no=fax 1 9 IN IP4 10.0.0.9\r\ns=-\r\nc=IN IP4 10.0.0.9\r\nt=0 0\r\nm=image 4000 udptl t38\r\n"u8.ToArray());

    private static CallCommand Monitor(MonitorMode mode)
    {
        var command = New(CommandKind.Monitor);
        return command with { Monitor = new MonitorChange { Action = MonitorAction.Start, MonitorId = command.CommandId, Target = "sip:lead@10.0.0.5:5060", Mode = mode, Side = mode == MonitorMode.Whisper ? "target" : null } };
    }

    private async Task<Guid> MonitorAsync(MonitorMode mode)
    {
        Assert.Equal(CommandResult.Taken, Give(Monitor(mode))!.Result);
        await RunUntilAsync(() => Journal.Events.OfType<MonitorStarted>().Any());
        return Single<MonitorStarted>().MonitorId;
    }

    private void Change(Guid id, MonitorMode mode, string? side = null) => Assert.Equal(
        CommandResult.Taken,
        Give(New(CommandKind.Monitor) with { Monitor = new MonitorChange { Action = MonitorAction.Change, MonitorId = id, Mode = mode, Side = side } })!.Result);

    private async Task ConnectAsync()
    {
        TargetAnswers();
        CallIn();
        Decide(Step(record: null));
        await RunUntilAsync(() => Journal.Events.OfType<TransferCompleted>().Any());
        Run(50);
    }
}
