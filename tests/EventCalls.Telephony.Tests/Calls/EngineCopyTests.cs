using System.Net;
using System.Net.Sockets;
using EventCalls.Contracts;
using EventCalls.Telephony.Configuration;
using EventCalls.Testing;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>What an rtpengine sends here of calls whose media goes through it: for recordings, digits and who listens.</summary>
public sealed class EngineCopyTests : RecordingTest, IAsyncLifetime
{
    private readonly SlowEngine _engine = new() { IsQuick = true };
    private readonly Phone _supervisor;
    private readonly Socket _voice = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    public EngineCopyTests()
    {
        _supervisor = new Phone(Network, "10.0.0.5:5060", "supervisor") { OnCall = static (phone, leg) => leg.Answer(phone.Session()) };
        Options = Options with
        {
            Media = _engine.Carrying(Options.Media),
            Trunks = [.. Options.Trunks, new TrunkOptions { Name = "supervisors", To = ["sip:10.0.0.5:5060"] }],
        };
        Engines = _engine.Client;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _voice.Dispose();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task Who_is_recorded_is_copied_to_a_port_of_ours_for_each_side_and_the_recording_has_them_side_by_side()
    {
        await ConnectAsync(Step(record: true));
        await CopiedAsync();
        Assert.Equal(["offer 1", "answer 2", "subscribe request 1", "subscribe request 2", "subscribe answer 1", "subscribe answer 2"], _engine.Asked);
        await TalkAsync(_engine.CopyPorts[0]);
        await EndAsync();
        Assert.Equal(["stored"], Said());
        string file = Single<RecordingStored>().Location;
        Assert.Contains(Tones.Read(file, 0), static sample => sample != 0);
        Assert.DoesNotContain(Tones.Read(file, 1), static sample => sample != 0);
    }

    [Fact]
    public async Task Who_is_handed_on_is_copied_anew_and_it_is_one_recording()
    {
        await ConnectAsync(Step(record: true));
        await CopiedAsync();
        SecondAnswers();
        Give(Handoff(Step(record: null, endpoint: "second")));
        await RunUntilAsync(() => _engine.CopyPorts.Length == 4);
        await TalkAsync(_engine.CopyPorts[3]);
        await EndAsync();
        Assert.Equal(["stored"], Said());
        Assert.Contains(Tones.Read(Single<RecordingStored>().Location, 1), static sample => sample != 0);
    }

    [Fact]
    public async Task Where_the_engine_sends_no_copy_the_call_goes_on_and_why_it_is_not_recorded_is_said()
    {
        _engine.Refuses = "subscribe request";
        await ConnectAsync(Step(record: true));
        await RunUntilAsync(() => Journal.Events.OfType<RecordingFailed>().Any());
        Run(50);
        Assert.Equal($"its media engine sends no copy: udp://{_engine.Address} says no way", Single<RecordingFailed>().Why);
        Assert.Empty(Journal.Events.OfType<CallEnded>());
        await EndAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_copied_that_nobody_asked_for_and_digits_are_events_where_they_are(bool digits)
    {
        Options = Options with { Media = Options.Media with { RtpengineDigits = digits } };
        await ConnectAsync(Step(record: null));
        if (digits)
        {
            await CopiedAsync();
            await PressAsync(_engine.CopyPorts[1]);
            await RunUntilAsync(() => Journal.Events.OfType<DtmfReceived>().Any());
            Assert.Equal(("target", "5"), (Single<DtmfReceived>().Leg, Single<DtmfReceived>().Digit));
        }
        await EndAsync();
        Assert.Equal(digits ? 4 : 0, _engine.Asked.Count(static asked => asked.StartsWith("subscribe", StringComparison.Ordinal)));
    }

    [Fact]
    [Trait("RFC", "4733 §2.5")]
    public async Task Digits_of_a_caller_who_waits_at_the_engine_are_events_and_so_are_those_of_when_it_is_connected()
    {
        Options = Options with { Answer = AnswerMode.Immediately, Media = Options.Media with { RtpengineDigits = true } };
        CallIn();
        await RunUntilAsync(() => _engine.CopyPorts.Length == 1);
        Assert.Equal(["subscribe request 1", "subscribe answer 1"], _engine.Asked.Where(static asked => asked.StartsWith("subscribe", StringComparison.Ordinal)));
        await PressAsync(_engine.CopyPorts[0]);
        await RunUntilAsync(() => Journal.Events.OfType<DtmfReceived>().Any());
        Assert.Equal(("caller", "5"), (Single<DtmfReceived>().Leg, Single<DtmfReceived>().Digit));
        TargetAnswers();
        Decide(Step(record: null));
        await RunUntilAsync(() => _engine.CopyPorts.Length == 3);
        await PressAsync(_engine.CopyPorts[1]);
        await RunUntilAsync(() => Journal.Events.OfType<DtmfReceived>().Count() == 2);
        await EndAsync();
    }

    [Fact]
    public async Task Digits_of_a_caller_whose_target_leaves_while_the_next_one_rings_are_events()
    {
        Options = Options with { Media = Options.Media with { RtpengineDigits = true } };
        await ConnectAsync(Step(record: null));
        await CopiedAsync();
        Second.OnCall = static (_, leg) => leg.Ring(180);
        Give(Handoff(Step(record: null, endpoint: "second")));
        await RunUntilAsync(() => Second.Leg is not null);
        Run(50);
        Target.Leg!.Bye();
        await RunUntilAsync(() => _engine.Asked.Contains("block media 1"));
        await PressAsync(_engine.CopyPorts[0]);
        await RunUntilAsync(() => Journal.Events.OfType<DtmfReceived>().Any());
        Assert.Equal("caller", Single<DtmfReceived>().Leg);
        await EndAsync();
    }

    [Fact]
    public async Task Digits_are_withheld_while_the_recording_is_paused_and_it_is_discarded_as_any_other()
    {
        await ConnectAsync(Step(record: true));
        await CopiedAsync();
        Assert.Equal(CommandResult.Taken, Give(Recording(RecordingChange.Pause))!.Result);
        await PressAsync(_engine.CopyPorts[0]);
        await RunUntilAsync(() => Journal.Events.OfType<DtmfReceived>().Any());
        Assert.Equal(DtmfReceived.Withheld, Single<DtmfReceived>().Digit);
        Assert.Equal(CommandResult.Taken, Give(Recording(RecordingChange.Discard))!.Result);
        // Nobody needs to hear them any more.
        await RunUntilAsync(() => _engine.Asked is [.., "unsubscribe 1", "unsubscribe 2"]);
        await EndAsync();
        Assert.Equal(["paused by anna", "discarded by anna"], Said());
        Assert.Empty(Files);
    }

    [Fact]
    public async Task A_recording_begins_by_a_command()
    {
        await ConnectAsync(Step(record: null));
        Assert.Equal(CommandResult.Taken, Give(Recording(RecordingChange.Start))!.Result);
        await CopiedAsync();
        await EndAsync();
        Assert.Equal(["stored"], Said());
    }

    [Fact]
    public async Task A_supervisor_listens_and_when_it_hangs_up_nothing_is_copied_any_more()
    {
        await ConnectAsync(Step(record: null));
        Assert.Equal(CommandResult.Taken, Give(Monitor(MonitorMode.Listen))!.Result);
        await CopiedAsync();
        await RunUntilAsync(() => Journal.Events.OfType<MonitorStarted>().Any());
        _supervisor.Leg!.Bye();
        await RunUntilAsync(() => _engine.Asked is [.., "unsubscribe 1", "unsubscribe 2"]);
        await EndAsync();
    }

    [Fact]
    public async Task A_supervisor_to_whom_the_engine_sends_nothing_is_hung_up_on()
    {
        _engine.Refuses = "subscribe answer";
        await ConnectAsync(Step(record: null));
        Give(Monitor(MonitorMode.Listen));
        await RunUntilAsync(() => Journal.Events.OfType<MonitorEnded>().Any());
        Assert.Equal((MonitorEndCause.Lost, "its media engine sends no copy"), (Single<MonitorEnded>().Cause, Single<MonitorEnded>().Detail));
        Assert.Empty(Journal.Events.OfType<CallEnded>());
        await EndAsync();
    }

    private static CallCommand Monitor(MonitorMode mode)
    {
        var command = New(CommandKind.Monitor);
        return command with { Monitor = new MonitorChange { Action = MonitorAction.Start, MonitorId = command.CommandId, Target = "sip:lead@10.0.0.5:5060", Mode = mode } };
    }

    private async Task ConnectAsync(Handoff step)
    {
        TargetAnswers();
        CallIn();
        Decide(step);
        await RunUntilAsync(() => Journal.Events.OfType<TransferCompleted>().Any());
        Run(50);
    }

    private Task CopiedAsync() => RunUntilAsync(() => _engine.CopyPorts.Length == 2);

    /// <summary>A tenth of a second of a loud voice.</summary>
    private async Task TalkAsync(int port)
    {
        for (int i = 0; i < 5; i++)
        {
            await _voice.SendToAsync(Voice.Packet((ushort)i, (uint)i * 160, 7, 440), new IPEndPoint(IPAddress.Loopback, port));
            await Task.Delay(20);
        }
    }

    /// <summary>The digit 5, pressed and let go.</summary>
    private async Task PressAsync(int port)
    {
        for (int i = 0; i < 6; i++)
        {
            byte[] packet = Voice.Packet((ushort)i, 4_000, 0x77, 0)[..16];
            packet[1] = 101;
            (packet[12], packet[13], packet[14], packet[15]) = (5, (byte)(i >= 3 ? 0x8a : 0x0a), (byte)((i + 1) * 160 >> 8), (byte)((i + 1) * 160));
            await _voice.SendToAsync(packet, new IPEndPoint(IPAddress.Loopback, port));
        }
    }
}
