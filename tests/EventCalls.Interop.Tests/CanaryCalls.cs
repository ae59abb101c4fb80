using System.Text.Json;
using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

/// <summary>Real calls that two versions decide: one with a worse target loses its share by itself, and every caller after that gets what they called for.</summary>
public sealed class CanaryCalls(CanaryCalls.Steered service) : IClassFixture<CanaryCalls.Steered>
{
    private const int Calls = 80;

    // Callers are referred, which SIPp's scenario takes part in; nobody listens at the endpoint "second".
    private const string People = "Handoff.Refer(\"sip:support@example.com\", phoneNumber: conv.CallerNumber)";

    [Fact]
    public async Task A_challenger_with_a_worse_target_is_rolled_back_by_what_its_calls_come_to()
    {
        await ChampionAsync();
        string challenger = await service.UploadAsync(480);
        await StartAsync(challenger, """[{"share": 50, "calls": 1000, "minutes": 60}, {"share": 100}]""");
        await using (var traffic = await Traffic.StartAsync(service.Process.SipAddress, "worse", Calls, rate: 10))
            (await traffic.WaitAsync()).MustSucceed();

        var end = await EndedAsync();
        Assert.Equal(("rolled_back", "canary", 0), (end.GetProperty("change").GetString(), end.GetProperty("by").GetString(), end.GetProperty("share").GetInt32()));
        Assert.StartsWith("it is worse: 0 of its ", end.GetProperty("note").GetString(), StringComparison.Ordinal);
        await AllAreReferredAsync("after-worse");
    }

    [Fact]
    public async Task A_target_that_is_down_takes_the_share_at_once_and_people_answer_all_calls_meanwhile()
    {
        await ChampionAsync();
        string challenger = await service.KeepLogicAsync(SteeredLogic.Text($"Handoff.Invite(\"sip:agent@127.0.0.1\", outboundEndpoint: \"second\").OrElse({People})"));
        await StartAsync(challenger, """[{"share": 50, "calls": 1000, "minutes": 60}, {"share": 100}]""");
        await using (var traffic = await Traffic.StartAsync(service.Process.SipAddress, "down", 40, rate: 10))
            (await traffic.WaitAsync()).MustSucceed();

        var end = await EndedAsync();
        Assert.Equal("rolled_back", end.GetProperty("change").GetString());
        Assert.StartsWith("guard: ", end.GetProperty("note").GetString(), StringComparison.Ordinal);
        await AllAreReferredAsync("after-down");
    }

    private async Task ChampionAsync()
    {
        string champion = await service.KeepLogicAsync(SteeredLogic.Text(People));
        await service.JsonAsync(200, $"/api/logic/{champion}/activate", "{}", "root");
        await UntilAsync(async () => (await service.JsonAsync(200, "/api/logic", by: "wallboard")).GetProperty("active").GetString() == champion);
    }

    private async Task StartAsync(string challenger, string steps)
    {
        await service.JsonAsync(200, "/api/logic/canary", $$"""{"challenger": "{{challenger}}", "steps": {{steps}}}""", "root");
        await UntilAsync(async () => (await service.AskAsync("/metrics", by: "wallboard")).Text.Contains("\neventcalls_canary_share_percent 50\n", StringComparison.Ordinal));
    }

    private async Task<JsonElement> EndedAsync()
    {
        JsonElement last = default;
        await UntilAsync(async () => (last = (await service.JsonAsync(200, "/api/logic/canary", by: "wallboard")).GetProperty("records")[0]).GetProperty("share").GetInt32() == 0);
        await UntilAsync(async () => (await service.AskAsync("/metrics", by: "wallboard")).Text.Contains("\neventcalls_canary_share_percent 0\n", StringComparison.Ordinal));
        return last;
    }

    private async Task AllAreReferredAsync(string prefix)
    {
        await using var traffic = await Traffic.StartAsync(service.Process.SipAddress, prefix, 20, rate: 20);
        (await traffic.WaitAsync()).MustSucceed();
    }

    private async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (int i = 0; i < 600; i++)
        {
            if (await isSo())
                return;
            await Task.Delay(100);
        }
        Assert.Fail($"It did not become so: {(await service.AskAsync("/api/logic/canary", by: "wallboard")).Text}\n{service.Server.Describe()}");
    }

    public sealed class Steered : ServingService
    {
        internal override EventCallsSettings Configure(EventCallsSettings settings) => SteeredLogic.FromStore(base.Configure(settings));
    }
}
