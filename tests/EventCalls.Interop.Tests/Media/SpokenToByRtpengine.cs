using System.Globalization;
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
    private const int SupervisorHertz = 2000;
    private const int AudioRate = 8000;

    [Fact]
    [Trait("RFC", "3264 §8")]
    public async Task Who_joins_is_heard_across_a_hold_and_where_the_caller_moves_its_media_to_and_nobody_is_told_of_it()
    {
        await using var target = service.Target();
        await using var supervisor = Supervisor();
        await using var caller = AnchoredCalls.Caller();
        string id = await service.ConnectAsync(caller, target);
        int callersPort = caller.ToldPort;
        var (callerWasTold, targetWasTold) = (caller.Told.Count, target.Told.Count);
        await MonitorAsync(id, supervisor, "join");
        await HearAsync(caller, TargetHertz, SupervisorHertz);
        await HearAsync(target, CallerHertz, SupervisorHertz);
        await HearAsync(supervisor, CallerHertz, TargetHertz);
        Assert.Equal((callerWasTold, targetWasTold), (caller.Told.Count, target.Told.Count));

        await target.ChangeAsync("inactive");
        Assert.Equal(200, target.LastStatus);
        await target.ChangeAsync();
        await HearAsync(caller, TargetHertz, SupervisorHertz);
        await HearAsync(target, CallerHertz, SupervisorHertz);

        await using var moved = new Voice(700, TimeProvider.System);
        caller.Describes = direction => moved.Describe(5, direction);
        await caller.ChangeAsync();
        (moved.To, caller.Voice.IsMuted) = (new IPEndPoint(IPAddress.Loopback, caller.ToldPort), true);
        await HearAsync(target, 700, SupervisorHertz);
        await caller.UntilAsync(() => Hears(moved, TargetHertz, SupervisorHertz), "it does not hear both where it moved to");
        Assert.Equal(callersPort, caller.ToldPort);
        await service.EndAsync(caller, id);
    }

    [Fact]
    public async Task Who_whispers_to_the_target_is_heard_by_it_alone_also_by_the_next_one_and_by_nobody_when_only_listening()
    {
        await using var target = service.Target();
        await using var second = service.Target(SecondHertz, second: true);
        await using var supervisor = Supervisor();
        await using var caller = AnchoredCalls.Caller();
        string id = await service.ConnectAsync(caller, target);
        string monitor = await MonitorAsync(id, supervisor, "whisper");
        await HearAsync(target, CallerHertz, SupervisorHertz);
        await GiveAsync(id, "handoff", """{"handoff": {"invite": {"phone_number": "+13333333", "outbound_endpoint": "second"}}}""");
        await HearAsync(second, CallerHertz, SupervisorHertz);
        await HearAsync(supervisor, CallerHertz, SecondHertz);
        Assert.Equal(0, Tones.Tenths(caller.Voice.HeardLast(100), SupervisorHertz));
        await GiveAsync(id, $"monitor/{monitor}", """{"mode": "listen"}""", HttpMethod.Patch);
        await second.UntilAsync(() => Tones.Tenths(second.Voice.HeardLast(25), CallerHertz) == 5 && Tones.Tenths(second.Voice.HeardLast(25), SupervisorHertz) == 0 && Tones.Share(second.Voice.HeardLast(25), SupervisorHertz) < 0.05, "it hears the supervisor on");
        await HearAsync(supervisor, CallerHertz, SecondHertz);
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
        await using var supervisor = Supervisor();
        await using var caller = AnchoredCalls.Caller();
        string id = await caller.CallAsync(service.Settings.SipPort, "bridge_to_agent");
        await caller.HearAsync(TargetHertz);
        await MonitorAsync(id, supervisor, "join");
        await HearAsync(caller, TargetHertz, SupervisorHertz);
        await caller.UntilAsync(() => target.Heard.Any(file => Tones.RateOf(file) is > 0 and var rate && Together(Tones.Read(file), rate, CallerHertz, SupervisorHertz) >= 5), "the target does not hear both");
        await using var second = service.Target(SecondHertz, second: true);
        await GiveAsync(id, "handoff", """{"handoff": {"invite": {"phone_number": "+13333333", "outbound_endpoint": "second", "prompt": "welcome.wav"}}}""");
        await caller.HearAsync(SoundingEngine.PromptHertz);
        await HearAsync(caller, SecondHertz, SupervisorHertz);
        await HearAsync(second, CallerHertz, SupervisorHertz);
        await service.EndAsync(caller, id);
    }

    private static MediaPhone Supervisor() => new(SupervisorHertz, 0, TimeProvider.System);

    private async Task<string> MonitorAsync(string sipCallId, MediaPhone supervisor, string mode) => await GiveAsync(
        sipCallId,
        "monitor",
        string.Create(CultureInfo.InvariantCulture, $$"""{"target": "sip:lead@127.0.0.1:{{supervisor.Peer.Port}}", "mode": "{{mode}}"}"""));

    /// <summary>Gives a command that must be taken; which monitor it is of, where it is of one.</summary>
    private async Task<string> GiveAsync(string sipCallId, string command, string json, HttpMethod? method = null)
    {
        var (status, answer) = await service.CommandAsync(sipCallId, command, json, method);
        Assert.True(status == HttpStatusCode.Accepted, $"{command}: {status} {answer}");
        return answer.TryGetProperty("monitorId", out var monitor) ? monitor.GetString()! : "";
    }

    private static Task HearAsync(MediaPhone phone, params int[] hertz) => phone.UntilAsync(() => Hears(phone.Voice, hertz), $"it does not hear {string.Join(" and ", hertz)} Hz together");

    private static bool Hears(Voice voice, params int[] hertz) => Together(voice.HeardLast(25), AudioRate, hertz) == 5;

    /// <summary>In how many tenths of a second there are all of these. Over longer ones a clock that is followed, by a sample now and then, moves a tone's phase too far.</summary>
    private static int Together(short[] heard, int rate, params int[] hertz) =>
        heard.Chunk(rate / 10).Count(tenth => tenth.Length == rate / 10 && hertz.All(tone => Tones.Share(tenth, tone, rate) > 0.25));
}
