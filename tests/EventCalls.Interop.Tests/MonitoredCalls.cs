using System.Net;
using System.Text.Json;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>Two real user agents with real sound and a third one that monitors them: who hears whom, by the tone of each.</summary>
public abstract class MonitoredCalls(RecordingService service)
{
    private const int CallerHertz = 450;
    private const int TargetHertz = 1000;
    private const int SupervisorHertz = 2000;
    private const double GoodPart = 0.25;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_supervisor_hears_both_whispers_to_the_target_alone_and_joins()
    {
        await using var target = await BaresipAgent.StartAsync(port: service.Settings.TargetPort, hertz: TargetHertz);
        await using var caller = await BaresipAgent.StartAsync(hertz: CallerHertz);
        await using var supervisor = await BaresipAgent.StartAsync(hertz: SupervisorHertz);
        await caller.DialAsync($"sip:bridge_to_agent_recorded@{service.Process.SipAddress}");
        await HearAsync(caller, TargetHertz);
        var callId = await CallIdOfAsync(caller);

        string monitor = $"/api/calls/{callId}/monitor";
        monitor += "/" + JsonElement.Parse(await TakenAsync(HttpMethod.Post, monitor, $$"""{"target": "{{supervisor.Address}}"}""")).GetProperty("monitorId").GetString();
        await HearAsync(supervisor, CallerHertz, TargetHertz);
        await TakenAsync(HttpMethod.Patch, monitor, """{"mode": "whisper"}""");
        await HearAsync(target, CallerHertz, SupervisorHertz);
        Assert.Equal(0, Tenths(caller, SupervisorHertz));
        await TakenAsync(HttpMethod.Patch, monitor, """{"mode": "join"}""");
        await HearAsync(caller, TargetHertz, SupervisorHertz);
        int joined = Tenths(target, SupervisorHertz);
        await HearForAsync(target, joined + 10, CallerHertz, SupervisorHertz);
        await TakenAsync(HttpMethod.Delete, monitor, "{}");
        await supervisor.WaitForAsync("CALL_CLOSED", s_limit);
        await caller.HangUpAsync();

        var call = await service.Process.EndedCallAsync(SipCallIdOf(caller));
        Assert.Equal(["listen"], call.Events.Where(e => e.Type == "monitor_started").Select(e => e["mode"]));
        Assert.Equal(["whisper target", "join "], call.Events.Where(e => e.Type == "monitor_changed").Select(e => $"{e["mode"]} {e["side"]}"));
        Assert.Equal(("command", "loopback", "loopback"), (call.Only("monitor_ended")["cause"], call.Only("monitor_ended")["detail"], call.Only("monitor_ended")["by"]));
        // What they say to one side or both is no part of what either side said.
        Assert.Equal(0, Tones.Tenths(Tones.Read(call.Only("recording_stored")["location"]!, 0), SupervisorHertz));
    }

    [Theory]
    [InlineData("srtp-mand")]
    [InlineData("dtls_srtp")]
    [Trait("RFC", "4568 §6.1, 5764 §4.1")]
    public async Task A_caller_with_encrypted_media_hears_a_supervisor_who_joins_and_then_the_target_alone(string protection)
    {
        await using var target = await BaresipAgent.StartAsync(port: service.Settings.TargetPort, hertz: TargetHertz);
        await using var caller = await BaresipAgent.StartAsync(hertz: CallerHertz, protection: protection);
        await using var supervisor = await BaresipAgent.StartAsync(hertz: SupervisorHertz);
        await caller.DialAsync($"sip:bridge_to_agent_recorded@{service.Process.SipAddress}");
        await HearAsync(caller, TargetHertz);
        string monitor = $"/api/calls/{await CallIdOfAsync(caller)}/monitor";
        monitor += "/" + JsonElement.Parse(await TakenAsync(HttpMethod.Post, monitor, $$"""{"target": "{{supervisor.Address}}", "mode": "join"}""")).GetProperty("monitorId").GetString();
        await HearAsync(caller, TargetHertz, SupervisorHertz);
        await HearAsync(target, CallerHertz, SupervisorHertz);
        await HearAsync(supervisor, CallerHertz, TargetHertz);
        await TakenAsync(HttpMethod.Delete, monitor, "{}");
        await supervisor.WaitForAsync("CALL_CLOSED", s_limit);
        // The target alone: its tone is more of the sound now than it can be beside another one.
        await HearForAsync(caller, Tenths(caller, 0.6, TargetHertz) + 10, 0.6, TargetHertz);
        await HearForAsync(target, Tenths(target, 0.6, CallerHertz) + 10, 0.6, CallerHertz);
        await caller.HangUpAsync();
        Assert.Equal("hung_up", (await service.Process.EndedCallAsync(SipCallIdOf(caller))).Ended["cause"]);
    }

    [Fact]
    public async Task A_supervisor_that_is_killed_harms_nobody_and_the_calls_end_ends_it()
    {
        await using var target = await BaresipAgent.StartAsync(port: service.Settings.TargetPort, hertz: TargetHertz);
        await using var caller = await BaresipAgent.StartAsync(hertz: CallerHertz);
        await using var supervisor = await BaresipAgent.StartAsync(hertz: SupervisorHertz);
        await caller.DialAsync($"sip:bridge_to_agent_recorded@{service.Process.SipAddress}");
        await HearAsync(caller, TargetHertz);
        var callId = await CallIdOfAsync(caller);
        await using (var killed = await BaresipAgent.StartAsync(hertz: SupervisorHertz))
        {
            await TakenAsync(HttpMethod.Post, $"/api/calls/{callId}/monitor", $$"""{"target": "{{killed.Address}}", "mode": "whisper"}""");
            await HearAsync(target, CallerHertz, SupervisorHertz);
        }
        await TakenAsync(HttpMethod.Post, $"/api/calls/{callId}/monitor", $$"""{"target": "{{supervisor.Address}}"}""");
        await HearAsync(supervisor, CallerHertz, TargetHertz);
        await caller.HangUpAsync();
        await supervisor.WaitForAsync("CALL_CLOSED", s_limit);

        var call = await service.Process.EndedCallAsync(SipCallIdOf(caller));
        Assert.Equal("hung_up", call.Ended["cause"]);
        Assert.Equal(2, call.Events.Count(e => e.Type == "monitor_ended"));
        Assert.Contains(call.Events, e => e.Type == "monitor_ended" && e["cause"] == "call_ended");
    }

    private async Task<string> TakenAsync(HttpMethod method, string path, string json)
    {
        var (status, text) = await service.GiveAsync(method, path, json);
        Assert.True(status == HttpStatusCode.Accepted, $"{method} {path}: {status} {text}\n{service.Process.Describe()}");
        return text;
    }

    private static Task HearAsync(BaresipAgent agent, params int[] hertz) => HearForAsync(agent, 10, hertz);

    private static Task HearForAsync(BaresipAgent agent, int tenths, params int[] hertz) => HearForAsync(agent, tenths, GoodPart, hertz);

    /// <summary>Waits until it has heard these tones together, each as so much of the sound, for so many tenths of a second.</summary>
    private static async Task HearForAsync(BaresipAgent agent, int tenths, double share, params int[] hertz)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (Tenths(agent, share, hertz) < tenths)
        {
            Assert.True(clock.Elapsed < s_limit, $"It did not hear {string.Join(" and ", hertz)} Hz together for {tenths} tenths of a second.\n{agent.Describe()}");
            await Task.Delay(50);
        }
    }

    private static int Tenths(BaresipAgent agent, params int[] hertz) => Tenths(agent, GoodPart, hertz);

    /// <summary>In how many tenths of a second it heard all of these tones, each as so much of the sound.</summary>
    private static int Tenths(BaresipAgent agent, double share, params int[] hertz)
    {
        int count = 0;
        foreach (string file in agent.Heard)
        {
            short[] sound = Tones.Read(file);
            for (int start = 0; start + 800 <= sound.Length; start += 800)
                count += hertz.All(tone => Tones.Share(sound.AsSpan(start, 800), tone) > share) ? 1 : 0;
        }
        return count;
    }

    private static string SipCallIdOf(BaresipAgent caller) => caller.Events.First(e => e.Direction == "outgoing" && e.CallId.Length > 0).CallId;

    private async Task<Guid> CallIdOfAsync(BaresipAgent caller)
    {
        await service.Process.UntilStoredAsync(SipCallIdOf(caller), call => call.Outcome is not null);
        return (await service.Process.CallAsync(SipCallIdOf(caller)))!.CallId;
    }
}
