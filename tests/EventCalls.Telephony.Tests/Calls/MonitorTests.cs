using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>Who hears a call besides: called by us because a command says so, and gone with the call at the latest.</summary>
public sealed class MonitorTests : RecordingTest
{
    private readonly Phone _supervisor;

    public MonitorTests()
    {
        _supervisor = new Phone(Network, "10.0.0.5:5060", "supervisor") { OnCall = static (phone, leg) => leg.Answer(phone.Session()) };
        Options = Options with { Trunks = [.. Options.Trunks, new TrunkOptions { Name = "supervisors", To = ["sip:10.0.0.5:5060"] }] };
    }

    [Fact]
    public async Task A_supervisor_is_called_once_that_is_recorded_and_hangs_up_without_harm_to_the_call()
    {
        Bridge(Step(record: null, media: "anchor"));
        Journal.ConfirmsAtOnce = false;
        Assert.Null(Give(Monitor(MonitorMode.Listen) with { Reason = "training" }, out var answer));
        Run(50);
        Assert.Empty(_supervisor.Legs);
        Journal.Confirm();
        Journal.ConfirmsAtOnce = true;
        Run(100);
        Assert.Equal(CommandResult.Taken, answer()!.Result);
        Assert.Equal((CommandKind.Monitor, "training", MonitorAction.Start, "sip:lead@10.0.0.5:5060"), (Command.Kind, Command.Reason, Command.Monitor!.Action, Command.Monitor.Target));
        var started = Single<MonitorStarted>();
        Assert.Equal((Command.EventId, Command.Monitor.MonitorId, "anna", MonitorMode.Listen), (started.CausationId, started.MonitorId, started.By, started.Mode));
        // Our own ports, and nobody else's.
        Assert.Contains("c=IN IP4 127.0.0.1", _supervisor.Heard, StringComparison.Ordinal);
        Assert.Contains("RTP/AVP 0 8 101", _supervisor.Heard, StringComparison.Ordinal);

        _supervisor.Leg!.Bye();
        Run(100);
        Assert.Equal(["listens", "hung_up"], Said());
        Assert.Empty(Journal.Events.OfType<CallEnded>());
        await EndAsync();
    }

    [Fact]
    public async Task It_is_changed_and_ended_by_commands_each_with_who_asked()
    {
        Bridge(Step(record: null, media: "anchor"));
        Give(Monitor(MonitorMode.Listen));
        Run(100);
        var id = Single<MonitorStarted>().MonitorId;
        Assert.Equal(CommandResult.Taken, Give(Change(id, MonitorMode.Whisper, "target"))!.Result);
        Assert.Equal((Command.EventId, MonitorMode.Whisper, "target", "anna"), (Last<MonitorChanged>().CausationId, Last<MonitorChanged>().Mode, Last<MonitorChanged>().Side, Last<MonitorChanged>().By));
        Assert.Equal(CommandResult.Taken, Give(Change(id, MonitorMode.Join))!.Result);
        Assert.Equal(CommandResult.Taken, Give(End(id))!.Result);
        Run(100);
        Assert.Equal(["listens", "whispers to the target", "joins", "command: anna"], Said());
        Assert.Equal(LegState.Ended, _supervisor.Leg!.State);
        Assert.Equal(CommandResult.NotPossible, Give(Change(id, MonitorMode.Listen))!.Result);
        await EndAsync();
    }

    [Fact]
    public async Task The_end_of_the_call_ends_it_before_that_is_said()
    {
        Bridge(Step(record: null, media: "anchor"));
        Give(Monitor(MonitorMode.Join));
        Run(100);
        await EndAsync();
        Assert.Equal(["joins", "call_ended"], Said());
        Assert.Equal(LegState.Ended, _supervisor.Leg!.State);
    }

    [Fact]
    public async Task Who_still_rings_when_the_call_ends_is_given_up()
    {
        _supervisor.OnCall = static (_, leg) => leg.Ring(180);
        Bridge(Step(record: null, media: "anchor"));
        Give(Monitor(MonitorMode.Listen));
        Run(100);
        await EndAsync();
        Assert.Equal(["call_ended"], Said());
        Assert.Null(Single<MonitorEnded>().DurationMs);
    }

    [Theory]
    [InlineData(486, "486 Busy Here")]
    [InlineData(503, "503 Service Unavailable")]
    public async Task Who_does_not_come_is_told_of_and_the_call_goes_on(int status, string detail)
    {
        _supervisor.OnCall = (_, leg) => leg.Reject(status);
        Bridge(Step(record: null, media: "anchor"));
        Assert.Equal(CommandResult.Taken, Give(Monitor(MonitorMode.Listen))!.Result);
        Run(100);
        Assert.Equal([$"not_reached: {detail}"], Said());
        Assert.Empty(Journal.Events.OfType<CallEnded>());
        await EndAsync();
    }

    [Fact]
    public async Task Who_is_silent_is_given_up_after_as_long_as_a_target()
    {
        Network.Lose = datagram => datagram.To.Equals(_supervisor.Host.EndPoint);
        Bridge(Step(record: null, media: "anchor"));
        Give(Monitor(MonitorMode.Listen));
        Run(60_000);
        Assert.Equal(["not_reached"], [.. Said().Select(said => said.Split(':')[0])]);
        await EndAsync();
    }

    [Fact]
    public async Task It_goes_on_when_the_target_is_replaced()
    {
        Bridge(Step(record: null, media: "anchor"));
        Give(Monitor(MonitorMode.Whisper, "target"));
        Run(100);
        Give(Handoff(Step(record: null, endpoint: "second")));
        Run(200);
        Assert.Equal(2, Journal.Events.OfType<TransferCompleted>().Count());
        Assert.Equal(["whispers to the target"], Said());
        Assert.Equal(LegState.Confirmed, _supervisor.Leg!.State);
        await EndAsync();
        Assert.Equal(["whispers to the target", "call_ended"], Said());
    }

    [Fact]
    [Trait("RFC", "3264 §8")]
    public async Task A_supervisor_may_hold_and_go_on()
    {
        Bridge(Step(record: null, media: "anchor"));
        Give(Monitor(MonitorMode.Listen));
        Run(100);
        _supervisor.Leg!.ReInvite(_supervisor.Session("sendonly"), null, _supervisor);
        Run(100);
        Assert.Contains("a=recvonly", _supervisor.Heard, StringComparison.Ordinal);
        Assert.Equal(LegState.Confirmed, _supervisor.Leg!.State);
        await EndAsync();
    }

    [Fact]
    public async Task What_cannot_be_is_refused_with_the_reason_and_calls_nobody()
    {
        CallIn();
        Refused(CommandResult.NotPossible, "the caller is connected to nobody", Monitor(MonitorMode.Listen));
        TargetAnswers();
        Decide(Step(record: null, media: "anchor"));
        Run(100);
        Refused(CommandResult.Invalid, "target: 'nowhere at all' holds characters", Monitor(MonitorMode.Listen, target: "nowhere at all"));
        Refused(CommandResult.Invalid, "target: the host 'elsewhere.example.com' is no outbound endpoint's", Monitor(MonitorMode.Listen, target: "sip:lead@elsewhere.example.com"));
        Refused(CommandResult.Invalid, "target: there is no outbound endpoint 'moon'", Monitor(MonitorMode.Listen, target: "+1", endpoint: "moon"));
        Refused(CommandResult.Invalid, "side: expected caller or target", Monitor(MonitorMode.Whisper, side: "boss"));
        Refused(CommandResult.Invalid, "side: expected caller or target", Monitor(MonitorMode.Join, side: "caller"));
        Refused(CommandResult.NotPossible, "the call has no monitor", End(Guid.CreateVersion7()));
        for (int i = 0; i < 4; i++)
            Assert.Equal(CommandResult.Taken, Give(Monitor(MonitorMode.Listen))!.Result);
        Run(100);
        Assert.Equal(4, Journal.Events.OfType<MonitorStarted>().Count());
        Refused(CommandResult.NotPossible, "4 monitor the call already", Monitor(MonitorMode.Listen));
        await EndAsync();
    }

    [Fact]
    public async Task A_call_whose_media_goes_elsewhere_cannot_be_heard()
    {
        Bridge(Step(record: null));
        Refused(CommandResult.NotPossible, "the call's media does not go through the node", Monitor(MonitorMode.Listen));
        Refused(CommandResult.NotPossible, "the call's media does not go through the node", New(CommandKind.Level));
        await EndAsync();
    }

    [Fact]
    public async Task How_loud_it_is_is_no_event()
    {
        Bridge(Step(record: null, media: "anchor"));
        var answer = Give(New(CommandKind.Level))!;
        Assert.Equal((CommandResult.Taken, 0d, 0d), (answer.Result, answer.CallerLevel, answer.TargetLevel));
        Run(10_000);
        await EndAsync();
        Assert.Empty(Journal.Events.OfType<CommandTaken>());
    }

    private static CallCommand Monitor(MonitorMode mode, string? side = null, string target = "sip:lead@10.0.0.5:5060", string? endpoint = null)
    {
        var command = New(CommandKind.Monitor);
        return command with
        {
            Monitor = new MonitorChange { Action = MonitorAction.Start, MonitorId = command.CommandId, Target = target, OutboundEndpoint = endpoint, Mode = mode, Side = side },
        };
    }

    private static CallCommand Change(Guid monitor, MonitorMode mode, string? side = null) =>
        New(CommandKind.Monitor) with { Monitor = new MonitorChange { Action = MonitorAction.Change, MonitorId = monitor, Mode = mode, Side = side } };

    private static CallCommand End(Guid monitor) => New(CommandKind.Monitor) with { Monitor = new MonitorChange { Action = MonitorAction.End, MonitorId = monitor } };

    private void Refused(CommandResult result, string problem, CallCommand command)
    {
        int before = _supervisor.Legs.Count;
        var answer = Give(command)!;
        Assert.Equal(result, answer.Result);
        Assert.StartsWith(problem, answer.Problem, StringComparison.Ordinal);
        Run(50);
        Assert.Equal(before, _supervisor.Legs.Count);
    }

    /// <summary>What is said of monitors, one short line each.</summary>
    private new string[] Said() =>
    [
        .. Journal.Events.Select(e => e switch
        {
            MonitorStarted started => Mode(started.Mode, started.Side),
            MonitorChanged changed => Mode(changed.Mode, changed.Side),
            MonitorEnded { Detail: { } detail } ended => $"{WireName.Of(ended.Cause)}: {detail}",
            MonitorEnded ended => WireName.Of(ended.Cause),
            _ => "",
        }).Where(line => line.Length > 0),
    ];

    private static string Mode(MonitorMode mode, string? side) => mode switch
    {
        MonitorMode.Whisper => $"whispers to the {side}",
        MonitorMode.Join => "joins",
        _ => "listens",
    };
}
