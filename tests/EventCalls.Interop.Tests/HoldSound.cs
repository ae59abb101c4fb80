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
        await HearAsync(caller);
        await EndAsync(caller);
    }

    [Fact]
    [Trait("RFC", "4733 §2.5")]
    public async Task A_digit_that_it_presses_meanwhile_is_an_event_of_the_call_once()
    {
        await using var target = await service.TargetAsync("target-does-not-answer");
        await using var caller = await BaresipAgent.StartAsync(protection: "srtp-mand");
        await caller.DialAsync($"sip:bridge@{service.Process.SipAddress}");
        await HearAsync(caller);
        await caller.CommandAsync("sndcode", "5");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while ((await service.Process.CallAsync(IdOf(caller)))?.Events.Any(e => e.Type == "dtmf_received") != true)
        {
            Assert.True(clock.Elapsed < s_limit, $"The digit is no event.\n{caller.Describe()}\n{service.Process.Describe()}");
            await Task.Delay(100);
        }
        var digit = (await EndAsync(caller)).Only("dtmf_received");
        Assert.Equal(("caller", "5"), (digit["leg"], digit["digit"]));
    }

    [Fact]
    [Trait("RFC", "3264 §5, 3261 §13.2.1")]
    public async Task It_hears_it_whose_INVITE_brings_no_offer()
    {
        await using var target = await service.TargetAsync("target-does-not-answer");
        await using var caller = AnchoredCalls.Caller();
        caller.IsOffered = false;
        string id = await caller.CallAsync(service.Settings.SipPort, "bridge");
        await caller.HearAsync(HoldingService.GermanHertz);
        await caller.HangUpAsync();
        await service.Process.EndedCallAsync(id);
    }

    /// <summary>Waits until it has heard the tone for a second.</summary>
    private static async Task HearAsync(BaresipAgent caller)
    {
        await caller.WaitForAsync("CALL_ESTABLISHED", s_limit);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!caller.Heard.Any(file => Tones.Tenths(Tones.Read(file), HoldingService.GermanHertz) >= 9))
        {
            Assert.True(clock.Elapsed < s_limit, $"It did not hear {HoldingService.GermanHertz} Hz for a second.\n{caller.Describe()}");
            await Task.Delay(100);
        }
    }

    private async Task<CallStream> EndAsync(BaresipAgent caller)
    {
        await caller.HangUpAsync();
        return await service.Process.EndedCallAsync(IdOf(caller));
    }

    private static string IdOf(BaresipAgent caller) => caller.Events.First(e => e.Direction == "outgoing" && e.CallId.Length > 0).CallId;
}
