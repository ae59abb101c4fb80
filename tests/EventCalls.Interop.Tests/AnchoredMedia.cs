using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>Real user agents with real sound, and all of it goes through the node.</summary>
public class AnchoredMedia(AnchoringService service) : IClassFixture<AnchoringService>
{
    private const int CallerHertz = 440;
    private const int TargetHertz = 1000;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    [Trait("RFC", "3264 §5, §6")]
    public async Task Each_hears_the_other_and_nobody_sends_to_the_other_directly()
    {
        await using var target = await BaresipAgent.StartAsync(port: service.Settings.TargetPort, hertz: TargetHertz);
        await using var caller = await BaresipAgent.StartAsync(hertz: CallerHertz);
        await caller.DialAsync($"sip:bridge_to_agent@{service.Process.SipAddress}");
        await target.WaitForAsync("CALL_ESTABLISHED", s_limit);
        await HearAsync(caller, TargetHertz);
        await HearAsync(target, CallerHertz);
        await caller.HangUpAsync();

        var call = await service.Process.EndedCallAsync(caller.Events.First(e => e.Direction == "outgoing" && e.CallId.Length > 0).CallId);
        Assert.Equal(["invite answered"], call.Outcomes);
        Assert.Equal(("caller", "hung_up"), (call.Ended["endedBy"], call.Ended["cause"]));
    }

    /// <summary>Waits until an agent has heard a tone for a second.</summary>
    private static async Task HearAsync(BaresipAgent agent, int hertz)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (agent.Heard.Count == 0 || Tones.Tenths(Tones.Read(agent.Heard[^1]), hertz) < 10)
        {
            Assert.True(clock.Elapsed < s_limit, $"It did not hear {hertz} Hz for a second.\n{agent.Describe()}");
            await Task.Delay(100);
        }
    }
}
