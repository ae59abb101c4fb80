using System.Globalization;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>Real user agents with real sound, and all of it goes through the node, or an engine of its.</summary>
public abstract class AnchoredMedia(AnchoringService service)
{
    private const int CallerHertz = 440;
    private const int TargetHertz = 1000;
    private const int SecondHertz = 1500;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    [Trait("RFC", "3264 §5, §6")]
    public async Task Each_hears_the_other_and_the_recording_has_both_side_by_side()
    {
        await using var target = await BaresipAgent.StartAsync(port: service.Settings.TargetPort, hertz: TargetHertz);
        await using var caller = await BaresipAgent.StartAsync(hertz: CallerHertz);
        await caller.DialAsync($"sip:bridge_to_agent@{service.Process.SipAddress}");
        await target.WaitForAsync("CALL_ESTABLISHED", s_limit);
        await HearAsync(caller, TargetHertz);
        await HearAsync(target, CallerHertz);
        await caller.HangUpAsync();

        var call = await EndedCallOfAsync(caller);
        Assert.Equal(["invite answered"], call.Outcomes);
        Assert.Equal(("caller", "hung_up"), (call.Ended["endedBy"], call.Ended["cause"]));
        var statistics = call.Events.Where(e => e.Type == "media_statistics").ToList();
        Assert.Equal(["caller PCMU", "target PCMU"], statistics.Select(s => $"{s["leg"]} {s["codec"]}"));
        if (service.IsMeasured)
            Assert.All(statistics, s => Assert.InRange(Number(s["mos"]), 4, 4.5));
        Assert.All(statistics, s => Assert.True(Number(s["received"]) > 50 && Number(s["sent"]) > 50));

        var stored = Assert.Single(call.Events, e => e.Type == "recording_stored");
        string file = stored["location"]!;
        Assert.True(Tones.Tenths(Tones.Read(file, channel: 0), CallerHertz) >= 8, "The left channel is not the caller.");
        Assert.True(Tones.Tenths(Tones.Read(file, channel: 1), TargetHertz) >= 8, "The right channel is not the target.");
        Assert.Equal(0, Tones.Tenths(Tones.Read(file, channel: 0), TargetHertz));
        Assert.Equal(Number(stored["durationMs"]), Tones.Read(file).Length / 8.0, 2.0);
    }

    [Fact]
    [Trait("RFC", "4733 §2.5")]
    public async Task A_digit_that_is_pressed_in_the_audio_is_an_event_of_the_call_once()
    {
        await using var target = await BaresipAgent.StartAsync(port: service.Settings.TargetPort, hertz: TargetHertz);
        await using var caller = await BaresipAgent.StartAsync(hertz: CallerHertz);
        await caller.DialAsync($"sip:bridge_to_agent@{service.Process.SipAddress}");
        await HearAsync(caller, TargetHertz);
        await caller.CommandAsync("sndcode", "5");
        await target.WaitForAsync("CALL_DTMF_END", s_limit);
        await caller.HangUpAsync();
        var call = await EndedCallOfAsync(caller);
        var digit = Assert.Single(call.Events, e => e.Type == "dtmf_received");
        Assert.Equal(("caller", "5"), (digit["leg"], digit["digit"]));
    }

    [Theory]
    [InlineData("srtp-mand")]
    [InlineData("dtls_srtp")]
    [Trait("RFC", "4568 §5, 5763 §5, 3711 §3.1")]
    public async Task An_encrypted_caller_meets_a_plain_target(string protection)
    {
        await using var target = await BaresipAgent.StartAsync(port: service.Settings.TargetPort, hertz: TargetHertz);
        await using var caller = await BaresipAgent.StartAsync(hertz: CallerHertz, protection: protection);
        await caller.DialAsync($"sip:bridge_to_agent@{service.Process.SipAddress}");
        await HearAsync(caller, TargetHertz);
        await HearAsync(target, CallerHertz);
        await caller.HangUpAsync();
        var call = await EndedCallOfAsync(caller);
        Assert.Equal(["invite answered"], call.Outcomes);
        string file = Assert.Single(call.Events, e => e.Type == "recording_stored")["location"]!;
        Assert.True(Tones.Tenths(Tones.Read(file), CallerHertz) >= 8);
    }

    [Fact]
    [Trait("RFC", "3515 §2.4.2, 3264 §8")]
    public async Task A_target_hands_the_caller_on_and_the_recording_goes_on_with_whom_it_is_handed_to()
    {
        await using var target = await BaresipAgent.StartAsync(port: service.Settings.TargetPort, hertz: TargetHertz);
        await using var second = await BaresipAgent.StartAsync(port: service.Settings.SecondPort, hertz: SecondHertz, protection: "srtp-mand");
        await using var caller = await BaresipAgent.StartAsync(hertz: CallerHertz);
        await caller.DialAsync($"sip:bridge_to_agent@{service.Process.SipAddress}");
        await HearAsync(caller, TargetHertz);
        await target.CommandAsync("transfer", second.Address);
        await HearAsync(caller, SecondHertz);
        await HearAsync(second, CallerHertz);
        await caller.HangUpAsync();

        var call = await EndedCallOfAsync(caller);
        Assert.Equal(["invite answered", "invite answered"], call.Outcomes);
        Assert.Equal(["target", "caller", "target"], call.Events.Where(e => e.Type == "media_statistics").Select(e => e["leg"]));
        string file = Assert.Single(call.Events, e => e.Type == "recording_stored")["location"]!;
        short[] right = Tones.Read(file, channel: 1);
        Assert.True(Tones.Tenths(right, TargetHertz) >= 8 && Tones.Tenths(right, SecondHertz) >= 8, "The right channel does not have both targets.");
        Assert.Equal(0, Tones.Tenths(right.AsSpan(right.Length * 4 / 5), TargetHertz));
    }

    /// <summary>Waits until an agent has heard a tone for a second.</summary>
    private static async Task HearAsync(BaresipAgent agent, int hertz)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!agent.Heard.Any(file => Tones.Tenths(Tones.Read(file), hertz) >= 10))
        {
            Assert.True(clock.Elapsed < s_limit, $"It did not hear {hertz} Hz for a second.\n{agent.Describe()}");
            await Task.Delay(100);
        }
    }

    private Task<CallStream> EndedCallOfAsync(BaresipAgent caller) =>
        service.Process.EndedCallAsync(caller.Events.First(e => e.Direction == "outgoing" && e.CallId.Length > 0).CallId);

    private static double Number(string? text) => double.Parse(text!, CultureInfo.InvariantCulture);
}
