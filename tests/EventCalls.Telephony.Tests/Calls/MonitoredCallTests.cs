using EventCalls.Contracts;
using EventCalls.Media.Sessions;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;
using EventCalls.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Telephony.Tests.Calls;

/// <summary>What all hear while a call is monitored and things happen to it.</summary>
public sealed class MonitoredCallTests : VoicesTest
{
    [Fact]
    public async Task A_whisper_goes_to_the_next_target_once_it_has_answered()
    {
        Second.OnCall = null;
        await ConnectAsync();
        Monitor(MonitorMode.Whisper, "target");
        await HearsAsync(Target, CallerHertz, SupervisorHertz);
        Give(Handoff(Step(record: null, endpoint: "second")));
        await TalkAsync(300);
        Assert.Equal("caller + supervisor", HeardBy(Target));
        ((IncomingLeg)Second.Leg!).Answer(Session(Second));
        await HearsAsync(Second, CallerHertz, SupervisorHertz);
        await HearsAsync(Caller, SecondHertz);
        await HearsAsync(Supervisor, CallerHertz, SecondHertz);
        await EndAsync();
    }

    [Fact]
    public async Task Who_is_connected_to_nobody_hears_music_and_then_the_next_target_and_who_joins()
    {
        Second.OnCall = null;
        await ConnectAsync();
        Monitor(MonitorMode.Join);
        await HearsAsync(Caller, TargetHertz, SupervisorHertz);
        Give(Handoff(Step(record: null, endpoint: "second")));
        await TalkAsync(50);
        Target.Leg!.Bye();
        await HearsAsync(Caller);
        await HearsAsync(Supervisor, CallerHertz);
        ((IncomingLeg)Second.Leg!).Answer(Session(Second));
        await HearsAsync(Caller, SecondHertz, SupervisorHertz);
        await HearsAsync(Second, CallerHertz, SupervisorHertz);
        await EndAsync();
    }

    [Theory]
    [InlineData("sendonly")]
    [InlineData("inactive")]
    [Trait("RFC", "3264 §8.4")]
    public async Task Who_holds_hears_no_whisper_until_it_goes_on(string direction)
    {
        await ConnectAsync();
        Monitor(MonitorMode.Whisper, "target");
        await HearsAsync(Target, CallerHertz, SupervisorHertz);
        Assert.Equal("INVITE 200", await ChangeAsync(Target, Session(Target, direction)));
        VoiceOf(Caller).IsMuted = true;
        await TalkAsync(200);
        Assert.InRange(await CountAsync(Target, 400, static _ => true), 0, 1);
        VoiceOf(Caller).IsMuted = false;
        Assert.Equal("INVITE 200", await ChangeAsync(Target, Session(Target)));
        await HearsAsync(Target, CallerHertz, SupervisorHertz);
        await EndAsync();
    }

    [Fact]
    public async Task A_target_that_was_held_by_the_caller_hears_the_whisper_meanwhile()
    {
        await ConnectAsync();
        Monitor(MonitorMode.Whisper, "target");
        Assert.Equal("INVITE 200", await ChangeAsync(Caller, Session(Caller, "sendonly")));
        VoiceOf(Caller).IsMuted = true;
        await HearsAsync(Target, SupervisorHertz);
        Assert.Equal("INVITE 200", await ChangeAsync(Caller, Session(Caller)));
        VoiceOf(Caller).IsMuted = false;
        await HearsAsync(Target, CallerHertz, SupervisorHertz);
        await EndAsync();
    }

    [Fact]
    public async Task Two_who_join_hear_each_other_and_not_themselves_and_nobody_hears_them_when_they_are_gone()
    {
        var other = AddPhone();
        await ConnectAsync();
        var first = Monitor(MonitorMode.Join);
        var second = Monitor(MonitorMode.Join, target: "sip:lead@10.0.0.6:5060");
        await HearsAsync(Supervisor, CallerHertz, TargetHertz, SoundHertz);
        await HearsAsync(other, CallerHertz, TargetHertz, SupervisorHertz);
        await HearsAsync(Caller, TargetHertz, SupervisorHertz, SoundHertz);
        Change(first, MonitorMode.Whisper, "caller");
        Change(second, MonitorMode.Whisper, "target");
        await HearsAsync(Caller, TargetHertz, SupervisorHertz);
        await HearsAsync(Target, CallerHertz, SoundHertz);
        await HearsAsync(Supervisor, CallerHertz, TargetHertz);
        Supervisor.Leg!.Bye();
        other.Leg!.Bye();
        await HearsAsync(Caller, TargetHertz);
        await HearsAsync(Target, CallerHertz);
        await EndAsync();
    }

    [Fact]
    public async Task Four_who_join_at_once_are_heard_and_their_going_is_too()
    {
        await ConnectAsync();
        for (int i = 0; i < 4; i++)
            Monitor(MonitorMode.Join);
        await HearsAsync(Target, CallerHertz, SupervisorHertz);
        foreach (var leg in Supervisor.Legs)
            leg.Bye();
        await HearsAsync(Target, CallerHertz);
        await HearsAsync(Caller, TargetHertz);
        Assert.Equal(4, Journal.Events.OfType<MonitorEnded>().Count());
        await EndAsync();
    }

    [Fact]
    [Trait("RFC", "3261 §14.2")]
    public async Task A_supervisor_who_is_asked_for_an_offer_answers_in_its_ACK_and_is_heard_where_that_says()
    {
        await ConnectAsync();
        Monitor(MonitorMode.Join);
        await HearsAsync(Supervisor, CallerHertz, TargetHertz);
        await using var moved = new Voice(SupervisorHertz, TimeProvider.System);
        Supervisor.ResponseHook = (request, response) =>
        {
            if (response.StatusCode != 200)
                return;
            request.DeferAck();
            request.Ack(Session(Supervisor, text => text.Replace($"m=audio {VoiceOf(Supervisor).Port} ", $"m=audio {moved.Port} ", StringComparison.Ordinal)));
        };
        Supervisor.Leg!.ReInvite(null, null, Supervisor);
        VoiceOf(Supervisor).IsMuted = true;
        await TalkAsync(800);
        Assert.InRange(moved.Packets, 20, 60);
        await EndAsync();
    }

    [Fact]
    public async Task A_supervisor_who_holds_hears_nothing_and_goes_on()
    {
        await ConnectAsync();
        Monitor(MonitorMode.Listen);
        await HearsAsync(Supervisor, CallerHertz, TargetHertz);
        Assert.Equal("INVITE 200", await ChangeAsync(Supervisor, Session(Supervisor, "inactive")));
        Assert.InRange(await CountAsync(Supervisor, 400, static _ => true), 0, 1);
        Assert.Equal("INVITE 200", await ChangeAsync(Supervisor, Session(Supervisor)));
        await HearsAsync(Supervisor, CallerHertz, TargetHertz);
        await EndAsync();
    }

    [Fact]
    public async Task A_supervisor_who_changes_to_another_codec_hears_both_in_it()
    {
        await ConnectAsync();
        Monitor(MonitorMode.Join);
        await HearsAsync(Supervisor, CallerHertz, TargetHertz);
        Assert.Equal("INVITE 200", await ChangeAsync(Supervisor, Session(Supervisor, static text => text.Replace("RTP/AVP 0 101", "RTP/AVP 8 101", StringComparison.Ordinal).Replace("0 PCMU", "8 PCMA", StringComparison.Ordinal))));
        Assert.InRange(await CountAsync(Supervisor, 400, static type => type == 8), 15, 25);
        await EndAsync();
    }

    [Fact]
    public async Task A_supervisor_who_is_gone_before_its_ACK_is_said_to_be_gone()
    {
        Supervisor.OnCall = (phone, leg) =>
        {
            leg.Answer(Session(phone));
            leg.Bye();
        };
        await ConnectAsync();
        Monitor(MonitorMode.Join);
        await TalkAsync(200);
        Assert.Equal(MonitorEndCause.HungUp, Single<MonitorEnded>().Cause);
        await HearsAsync(Caller, TargetHertz);
        await EndAsync();
    }

    [Fact]
    public async Task Digits_of_a_supervisor_are_nobodys()
    {
        await ConnectAsync();
        Monitor(MonitorMode.Join);
        await HearsAsync(Target, CallerHertz, SupervisorHertz);
        PressInAudio(Supervisor, 7);
        Supervisor.Leg!.Request(SipMethod.Info, new Content("application/dtmf", "7"u8.ToArray()), null, Supervisor);
        await TalkAsync(200);
        Assert.DoesNotContain(101, VoiceOf(Target).Types);
        Assert.Empty(Journal.Events.OfType<DtmfReceived>());
        await EndAsync();
    }

    [Fact]
    public async Task How_loud_the_next_target_is_is_said_of_the_next_one()
    {
        await ConnectAsync();
        Give(New(CommandKind.Level));
        await TalkAsync(200);
        Assert.InRange(Give(New(CommandKind.Level))!.TargetLevel!.Value, 0.2, 0.3);
        Give(Handoff(Step(record: null, endpoint: "second")));
        await TalkAsync(200);
        VoiceOf(Second).IsMuted = true;
        Give(New(CommandKind.Level));
        await TalkAsync(200);
        var answer = Give(New(CommandKind.Level))!;
        Assert.Equal(0, answer.TargetLevel);
        Assert.InRange(answer.CallerLevel!.Value, 0.2, 0.3);
        await EndAsync();
    }

    private Phone AddPhone()
    {
        var phone = new Phone(Network, "10.0.0.6:5060", "other");
        Options = Options with { Trunks = [.. Options.Trunks, new TrunkOptions { Name = "others", To = ["sip:10.0.0.6:5060"] }] };
        GiveVoice(phone, SoundHertz);
        return phone;
    }

    [Fact]
    public async Task A_supervisor_whose_phone_says_nothing_any_more_is_hung_up_on_and_the_call_goes_on()
    {
        Relay!.Dispose();
        int port = FreePorts.Range(20);
        Assert.True(MediaPorts.TryParse($"{port}-{port + 19}", out var ports));
        Relay = new MediaRelay(0, ports, 2000, TimeProvider.System, NullLogger.Instance);
        await ConnectAsync();
        Monitor(MonitorMode.Listen);
        await HearsAsync(Supervisor, CallerHertz, TargetHertz);
        VoiceOf(Supervisor).IsMuted = true;
        for (int i = 0; i < 40 && !Journal.Events.OfType<MonitorEnded>().Any(); i++)
            await TalkAsync(200);
        Assert.Equal((MonitorEndCause.Lost, "its media is silent"), (Single<MonitorEnded>().Cause, Single<MonitorEnded>().Detail));
        Assert.Empty(Journal.Events.OfType<CallEnded>());
        await EndAsync();
    }
}
