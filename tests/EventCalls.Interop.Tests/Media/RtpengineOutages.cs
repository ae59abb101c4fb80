using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Media;

/// <summary>Engines that die and come back, and what becomes of calls then.</summary>
public class RtpengineOutages(RtpengineCalls service) : IClassFixture<RtpengineCalls>
{
    private const int CallerHertz = AnchoredCalls.CallerHertz;
    private const int TargetHertz = AnchoredCalls.TargetHertz;
    private const int StreamedHertz = 800;

    [Fact]
    [Trait("RFC", "3264 §5, §6")]
    public async Task A_call_of_SIPp_with_sound_goes_through_an_engine_and_both_are_counted()
    {
        string file = Path.Combine(service.Recordings, "tone.ulaw");
        await File.WriteAllBytesAsync(file, [.. Enumerable.Range(0, 50).SelectMany(i => Voice.Packet((ushort)i, (uint)i * 160, 1, StreamedHertz)[12..])]);
        await using var target = service.Target();
        string scenario = Path.Combine(service.Recordings, "call-streams.xml");
        string plain = await File.ReadAllTextAsync(Scenarios.File("call-streams"));
        foreach (var (was, now) in new[] { ("[sound]", file), ("RTP/AVP 8 101", "RTP/AVP 0 101"), ("rtpmap:8 PCMA", "rtpmap:0 PCMU"), (",1,8,PCMA", ",1,0,PCMU") })
            plain = plain.Replace(was, now, StringComparison.Ordinal);
        await File.WriteAllTextAsync(scenario, plain);
        var result = await SippRun.RunAsync(new SippOptions { Scenario = scenario, Remote = service.Process.SipAddress, Dial = "bridge", PauseMs = 1500, CallIdPrefix = "streams" });
        result.MustSucceed();
        var call = await service.Process.EndedCallAsync("streams-1@127.0.0.1");
        var statistics = call.Events.Where(e => e.Type == "media_statistics").ToDictionary(e => e["leg"]!, e => (Codec: e["codec"], Received: int.Parse(e["received"]!, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal("PCMU", statistics["caller"].Codec);
        Assert.InRange(statistics["caller"].Received, 40, 60);
        Assert.True(statistics["target"].Received >= 40);
        Assert.InRange(target.Voice.Packets, 40, 60);
        Assert.True(Tones.Tenths(target.Voice.Heard, StreamedHertz) >= 7, "The target does not hear the tone.");
        await service.AllGivenBackAsync();
    }

    [Fact]
    [Trait("RFC", "4961 §3")]
    public async Task A_caller_behind_a_translator_is_heard_and_hears()
    {
        await using var target = service.Target();
        await using var caller = AnchoredCalls.Caller();
        caller.Describes = direction => caller.Voice.Describe(1, direction, "10.11.12.13", 40_000);
        string id = await service.ConnectAsync(caller, target);
        await service.EndAsync(caller, id);
    }

    [Fact]
    public async Task A_call_goes_to_the_engine_that_answers_and_one_whose_engine_was_started_anew_ends()
    {
        await service.First.KillAsync();
        await using (var target = service.Target())
        {
            for (int i = 0; i < 3; i++)
            {
                await using var caller = AnchoredCalls.Caller();
                string id = await service.ConnectAsync(caller, target);
                var call = await service.EndAsync(caller, id);
                Assert.Equal(["invite answered"], call.Outcomes);
            }
        }
        await service.First.RestartAsync();
        await using var second = service.Target();
        await using var lost = AnchoredCalls.Caller();
        string last = await service.ConnectAsync(lost, second);
        await service.First.RestartAsync();
        await service.Second.RestartAsync();
        var ended = await service.Process.EndedCallAsync(last);
        Assert.Equal(("system", "media_timeout"), (ended.Ended["endedBy"], ended.Ended["cause"]));
    }

    [Fact]
    public async Task Where_no_engine_answers_the_step_fails_and_says_which_and_the_call_after_they_are_back_is_heard()
    {
        await service.First.KillAsync();
        await service.Second.KillAsync();
        await using var target = service.Target();
        await using var caller = AnchoredCalls.Caller();
        string id = await caller.CallAsync(service.Settings.SipPort, "bridge");
        var call = await service.Process.EndedCallAsync(id);
        var failed = call.Only("transfer_failed");
        string reason = failed.Data.GetProperty("evidence").GetProperty("reasonPhrase").GetString()!;
        Assert.Equal("error", failed["outcome"]);
        Assert.StartsWith("no media engine: ", reason, StringComparison.Ordinal);
        foreach (var engine in new[] { service.First, service.Second })
            Assert.Contains($"{engine.Address} does not answer", reason, StringComparison.Ordinal);
        await service.First.RestartAsync();
        await service.Second.RestartAsync();
        await using var later = AnchoredCalls.Caller();
        id = await service.ConnectAsync(later, target);
        await service.EndAsync(later, id);
    }

    [Fact]
    [Trait("RFC", "3264 §8")]
    public async Task A_change_while_the_engine_is_away_is_refused_and_the_call_goes_on()
    {
        await using var target = service.Target();
        await using var caller = AnchoredCalls.Caller();
        string id = await service.ConnectAsync(caller, target);
        await service.First.KillAsync();
        await service.Second.KillAsync();
        await caller.ChangeAsync("sendonly");
        Assert.Equal(500, caller.LastStatus);
        await caller.HangUpAsync();
        var call = await service.Process.EndedCallAsync(id);
        Assert.Equal(("caller", "hung_up"), (call.Ended["endedBy"], call.Ended["cause"]));
        await service.First.RestartAsync();
        await service.Second.RestartAsync();
    }
}
