using System.Globalization;
using System.Net;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>Real user agents with real sound, recorded because their handoff says so, and what is asked of the recording meanwhile.</summary>
public class RecordedHandoffs(RecordingService service) : IClassFixture<RecordingService>
{
    private const int CallerHertz = 440;
    private const int TargetHertz = 1000;
    private const int BytesOfSecond = 8000 * 2 * 2;
    private const int Second = 8000;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_handoff_that_says_so_is_recorded_and_another_one_does_not_go_through_the_node()
    {
        await using var target = await BaresipAgent.StartAsync(port: service.Settings.TargetPort, hertz: TargetHertz);
        await using var caller = await BaresipAgent.StartAsync(hertz: CallerHertz);
        await caller.DialAsync($"sip:bridge_to_agent_recorded@{service.Process.SipAddress}");
        await HearAsync(caller, TargetHertz);
        await caller.HangUpAsync();

        var recorded = await EndedCallOfAsync(caller);
        Assert.Equal("True", Assert.Single(recorded.Events, e => e.Type == "handoff_requested").Data.GetProperty("steps")[0].GetProperty("record").ToString());
        Assert.Equal(["caller", "target"], recorded.Events.Where(e => e.Type == "media_statistics").Select(e => e["leg"]));
        string file = recorded.Only("recording_stored")["location"]!;
        Assert.True(Tones.Tenths(Tones.Read(file, channel: 0), CallerHertz) >= 10, "The left channel is not the caller.");
        Assert.True(Tones.Tenths(Tones.Read(file, channel: 1), TargetHertz) >= 10, "The right channel is not the target.");

        await using var other = await BaresipAgent.StartAsync(hertz: CallerHertz);
        await other.DialAsync($"sip:bridge_to_agent@{service.Process.SipAddress}");
        await HearAsync(other, TargetHertz);
        await other.HangUpAsync();
        var direct = await EndedCallOfAsync(other);
        Assert.Equal(["invite answered"], direct.Outcomes);
        Assert.DoesNotContain(direct.Events, e => e.Type is "media_statistics" or "recording_stored" or "recording_failed");
    }

    [Fact]
    public async Task What_is_said_while_the_recording_is_paused_is_silence_in_it_and_digits_are_withheld()
    {
        await using var target = await BaresipAgent.StartAsync(port: service.Settings.TargetPort, hertz: TargetHertz);
        await using var caller = await BaresipAgent.StartAsync(hertz: CallerHertz);
        var before = service.Recordings;
        await caller.DialAsync($"sip:bridge_to_agent_recorded@{service.Process.SipAddress}");
        await HearAsync(caller, TargetHertz);
        await HearAsync(target, CallerHertz);
        string file = Assert.Single(service.Recordings.Except(before));
        await GrowAsync(file, seconds: 2);
        var callId = await CallIdOfAsync(caller);

        await PressAsync(caller, '7', callId, digits: 1);
        // While a digit is sent no sound is: that silence is not the pause's.
        await GrowAsync(file, seconds: 1);
        await TakenAsync(callId, "pause");
        await PressAsync(caller, '4', callId, digits: 2);
        await GrowAsync(file, seconds: 3);
        await TakenAsync(callId, "resume");
        await GrowAsync(file, seconds: 3);
        await caller.HangUpAsync();

        var call = await EndedCallOfAsync(caller);
        Assert.Equal(["True loopback", "False loopback"], call.Events.Where(e => e.Type == "recording_paused").Select(e => $"{e["paused"]} {e["by"]}"));
        Assert.Equal(["pause", "resume"], call.Events.Where(e => e.Type == "command_taken").Select(e => e["recording"]));
        Assert.Equal(["7", "withheld"], call.Events.Where(e => e.Type == "dtmf_received").Select(e => e["digit"]));
        var stored = call.Only("recording_stored");
        double pausedSeconds = double.Parse(stored["pausedMs"]!, CultureInfo.InvariantCulture) / 1000;
        foreach (var (channel, hertz) in new[] { (0, CallerHertz), (1, TargetHertz) })
        {
            short[] sound = Tones.Read(stored["location"]!, channel);
            var (start, length) = LongestSilence(sound);
            Assert.InRange(length / (double)Second, Math.Max(2, pausedSeconds - 0.3), pausedSeconds + 0.3);
            Assert.True(Tones.Tenths(sound.AsSpan(0, start), hertz) >= 10, $"Channel {channel} does not have what was said before the pause.");
            Assert.True(Tones.Tenths(sound.AsSpan(start + length), hertz) >= 10, $"Channel {channel} does not have what was said after the pause.");
        }
    }

    [Fact]
    public async Task What_is_discarded_is_gone_and_what_cannot_be_is_refused_with_the_field()
    {
        await using var target = await BaresipAgent.StartAsync(port: service.Settings.TargetPort, hertz: TargetHertz);
        await using var caller = await BaresipAgent.StartAsync(hertz: CallerHertz);
        var before = service.Recordings;
        await caller.DialAsync($"sip:bridge_to_agent_recorded@{service.Process.SipAddress}");
        await HearAsync(caller, TargetHertz);
        var callId = await CallIdOfAsync(caller);
        await TakenAsync(callId, "discard");
        var (status, text) = await service.AskAsync(callId, "pause");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("action: the call is not recorded", text, StringComparison.Ordinal);
        await caller.HangUpAsync();

        var call = await EndedCallOfAsync(caller);
        Assert.Equal(("loopback", call.Only("command_taken").EventId), (call.Only("recording_discarded")["by"], call.Only("recording_discarded").CausationId));
        Assert.DoesNotContain(call.Events, e => e.Type is "recording_stored" or "recording_failed");
        Assert.Empty(service.Recordings.Except(before));
    }

    /// <summary>The longest run of samples that are silent.</summary>
    private static (int Start, int Length) LongestSilence(short[] sound)
    {
        var longest = (Start: 0, Length: 0);
        int start = 0;
        for (int i = 0; i <= sound.Length; i++)
        {
            if (i < sound.Length && Math.Abs((int)sound[i]) < 16)
                continue;
            if (i - start > longest.Length)
                longest = (start, i - start);
            start = i + 1;
        }
        return longest;
    }

    private async Task TakenAsync(Guid callId, string action)
    {
        var (status, text) = await service.AskAsync(callId, action);
        Assert.True(status == HttpStatusCode.Accepted, $"{action}: {status} {text}\n{service.Process.Describe()}");
    }

    /// <summary>Presses a digit, and waits until it is the last of so many in the stream.</summary>
    private async Task PressAsync(BaresipAgent agent, char digit, Guid callId, int digits)
    {
        await agent.CommandAsync("sndcode", $"{digit}");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while ((await service.EventsAsync(callId)).Split("\"dtmf_received\"").Length <= digits)
        {
            Assert.True(clock.Elapsed < s_limit, $"The digit {digit} did not come.\n{agent.Describe()}");
            await Task.Delay(50);
        }
    }

    /// <summary>Waits until so much more is recorded.</summary>
    private static async Task GrowAsync(string file, int seconds)
    {
        long until = new FileInfo(file).Length + seconds * BytesOfSecond;
        await UntilAsync(() => new FileInfo(file) is { Exists: true } info && info.Length >= until, () => $"{file} did not grow by {seconds} s.");
    }

    private static Task HearAsync(BaresipAgent agent, int hertz) =>
        UntilAsync(() => agent.Heard.Any(file => Tones.Tenths(Tones.Read(file), hertz) >= 10), () => $"It did not hear {hertz} Hz for a second.\n{agent.Describe()}");

    private static async Task UntilAsync(Func<bool> happened, Func<string> problem)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!happened())
        {
            Assert.True(clock.Elapsed < s_limit, problem());
            await Task.Delay(50);
        }
    }

    private static string SipCallIdOf(BaresipAgent caller) => caller.Events.First(e => e.Direction == "outgoing" && e.CallId.Length > 0).CallId;

    private async Task<Guid> CallIdOfAsync(BaresipAgent caller)
    {
        await service.Process.UntilStoredAsync(SipCallIdOf(caller), call => call.Outcome is not null);
        return (await service.Process.CallAsync(SipCallIdOf(caller)))!.CallId;
    }

    private Task<CallStream> EndedCallOfAsync(BaresipAgent caller) => service.Process.EndedCallAsync(SipCallIdOf(caller));
}
