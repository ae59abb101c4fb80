using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>What a real user agent hears that is answered and connected to nobody yet.</summary>
public abstract class HoldSound(HoldingService service)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    [Trait("RFC", "3264 §6")]
    public async Task It_hears_what_rings_in_its_country_until_somebody_answers()
    {
        await using var target = await service.TargetAsync("target-does-not-answer");
        await using var caller = await BaresipAgent.StartAsync(protection: "srtp-mand");
        await caller.DialAsync($"sip:bridge@{service.Process.SipAddress}");
        await caller.WaitForAsync("CALL_ESTABLISHED", s_limit);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!caller.Heard.Any(file => Tones.Tenths(Tones.Read(file), HoldingService.GermanHertz) >= 9))
        {
            Assert.True(clock.Elapsed < s_limit, $"It did not hear {HoldingService.GermanHertz} Hz for a second.\n{caller.Describe()}");
            await Task.Delay(100);
        }
        await caller.HangUpAsync();
        await service.Process.EndedCallAsync(caller.Events.First(e => e.Direction == "outgoing" && e.CallId.Length > 0).CallId);
    }
}
