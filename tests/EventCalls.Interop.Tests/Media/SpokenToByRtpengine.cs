using System.Net;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Media;

/// <summary>Who speaks to the two of a call whose media goes through a real rtpengine, while their sessions change.</summary>
public class SpokenToByRtpengine(SoundingEngine service) : IClassFixture<SoundingEngine>
{
    private const int CallerHertz = AnchoredCalls.CallerHertz;
    private const int TargetHertz = AnchoredCalls.TargetHertz;
    private const int SecondHertz = 1500;
    private const int SupervisorHertz = Supervised.Hertz;

    [Fact]
    [Trait("RFC", "3264 §8")]
    public async Task Who_joins_is_heard_across_a_hold_and_where_the_caller_moves_its_media_to_and_nobody_is_told_of_it()
    {
        await using var target = service.Target();
        await using var supervisor = Supervised.Supervisor();
        await using var caller = AnchoredCalls.Caller();
        string id = await service.ConnectAsync(caller, target);
        int callersPort = caller.ToldPort;
        var (callerWasTold, targetWasTold) = (caller.Told.Count, target.Told.Count);
        await service.MonitorAsync(id, supervisor, "join");
        await Supervised.HearAsync(caller, TargetHertz, SupervisorHertz);
        await Supervised.HearAsync(target, CallerHertz, SupervisorHertz);
        await Supervised.HearAsync(supervisor, CallerHertz, TargetHertz);
        Assert.Equal((callerWasTold, targetWasTold), (caller.Told.Count, target.Told.Count));

        await target.ChangeAsync("inactive");
        Assert.Equal(200, target.LastStatus);
        await target.ChangeAsync();
        await Supervised.HearAsync(caller, TargetHertz, SupervisorHertz);
        await Supervised.HearAsync(target, CallerHertz, SupervisorHertz);

        await using var moved = new Voice(700, TimeProvider.System);
        caller.Describes = direction => moved.Describe(5, direction);
        await caller.ChangeAsync();
        (moved.To, caller.Voice.IsMuted) = (new IPEndPoint(IPAddress.Loopback, caller.ToldPort), true);
        await Supervised.HearAsync(target, 700, SupervisorHertz);
        await caller.UntilAsync(() => Supervised.Hears(moved, TargetHertz, SupervisorHertz), "it does not hear both where it moved to");
        Assert.Equal(callersPort, caller.ToldPort);
        await service.EndAsync(caller, id);
    }

    [Fact]
    public async Task Who_whispers_to_the_target_is_heard_by_it_alone_also_by_the_next_one_and_by_nobody_when_only_listening()
    {
        await using var target = service.Target();
        await using var second = service.Target(SecondHertz, second: true);
        await using var supervisor = Supervised.Supervisor();
        await using var caller = AnchoredCalls.Caller();
        string id = await service.ConnectAsync(caller, target);
        string monitor = await service.MonitorAsync(id, supervisor, "whisper");
        await Supervised.HearAsync(target, CallerHertz, SupervisorHertz);
        await service.GiveAsync(id, "handoff", """{"handoff": {"invite": {"phone_number": "+13333333", "outbound_endpoint": "second"}}}""");
        await Supervised.HearAsync(second, CallerHertz, SupervisorHertz);
        await Supervised.HearAsync(supervisor, CallerHertz, SecondHertz);
        Assert.Equal(0, Tones.Tenths(caller.Voice.HeardLast(100), SupervisorHertz));
        await service.ChangeAsync(id, monitor, "listen");
        await Supervised.HearAloneAsync(second, CallerHertz);
        await Supervised.HearAsync(supervisor, CallerHertz, SecondHertz);
        var call = await service.EndAsync(caller, id);
        Assert.Equal("call_ended", call.Only("monitor_ended")["cause"]);
        string file = call.Only("recording_stored")["location"]!;
        foreach (int channel in new[] { 0, 1 })
            Assert.Equal(0, Tones.Tenths(Tones.Read(file, channel), SupervisorHertz));
    }

    [Fact]
    public async Task Who_joins_is_heard_again_when_a_prompt_was_played_and_a_caller_and_target_without_a_codec_in_common_hear_both()
    {
        await using var target = await BaresipAgent.StartAsync(port: service.Settings.TargetPort, hertz: TargetHertz, codecs: "opus/48000/2");
        await using var supervisor = Supervised.Supervisor();
        await using var caller = AnchoredCalls.Caller();
        string id = await caller.CallAsync(service.Settings.SipPort, "bridge_to_agent");
        await caller.HearAsync(TargetHertz);
        await service.MonitorAsync(id, supervisor, "join");
        await Supervised.HearAsync(caller, TargetHertz, SupervisorHertz);
        await caller.UntilAsync(() => target.Heard.Any(file => Tones.RateOf(file) is > 0 and var rate && Supervised.Together(Tones.Read(file), rate, CallerHertz, SupervisorHertz) >= 5), "the target does not hear both");
        await using var second = service.Target(SecondHertz, second: true);
        await service.GiveAsync(id, "handoff", """{"handoff": {"invite": {"phone_number": "+13333333", "outbound_endpoint": "second", "prompt": "welcome.wav"}}}""");
        await caller.HearAsync(SoundingEngine.PromptHertz);
        await Supervised.HearAsync(caller, SecondHertz, SupervisorHertz);
        await Supervised.HearAsync(second, CallerHertz, SupervisorHertz);
        await service.EndAsync(caller, id);
    }
}
