using System.Text.Json;
using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

/// <summary>Real calls before and after another version of the logic is activated over HTTP, and after it is rolled back.</summary>
public abstract class ActivatedLogic(ServingService service)
{
    [Fact]
    public async Task Calls_are_decided_by_what_is_activated_and_by_what_was_before_when_it_is_rolled_back()
    {
        string folder = await DecidedByAsync("call-rejected-404");
        string busy = await UploadAsync(486), declines = await UploadAsync(603);
        await StepAsync($"/api/logic/{busy}/activate", "{}", busy);
        Assert.Equal(busy, await DecidedByAsync("call-rejected-486"));
        await StepAsync($"/api/logic/{declines}/activate", "{}", declines);
        Assert.Equal(declines, await DecidedByAsync("call-rejected-603"));

        await StepAsync("/api/logic/roll-back", $$"""{"from": "{{declines}}"}""", busy);
        Assert.Equal(busy, await DecidedByAsync("call-rejected-486"));
        var (status, refused) = await service.AskAsync("/api/logic/roll-back", $$"""{"from": "{{busy}}"}""");
        Assert.True((int)status == 403, refused);
        await StepAsync("/api/logic/roll-back", $$"""{"from": "{{busy}}"}""", folder);
        Assert.Equal(folder, await DecidedByAsync("call-rejected-404"));

        var list = await service.JsonAsync(200, "/api/logic", by: "wallboard");
        Assert.Equal(4, list.GetProperty("activations").GetArrayLength());
        Assert.All(list.GetProperty("activations").EnumerateArray(), a => Assert.Equal("root", a.GetProperty("by").GetString()));
    }

    [Fact]
    public async Task What_ends_its_decider_is_never_activated_and_calls_go_on_as_before()
    {
        string before = await DecidedByAsync("call-rejected-404");
        // It gets over the call that is only thought of, and not over those that were: its memory is used up where no check point is.
        string huge = await KeepAsync(Text("conv.CalleeNumber == \"reject_404\" ? Handoff.Bye(System.Numerics.BigInteger.Pow(3, 400_000_000).IsEven ? \"even\" : \"odd\") : Handoff.Bye()"));
        var refused = await service.JsonAsync(409, $"/api/logic/{huge}/activate", "{}", "root");
        Assert.Contains("does not come to a decision", refused.GetProperty("diagnostics")[0].GetProperty("message").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, await DecidedByAsync("call-rejected-404"));
    }

    // Which version decides is what counts here, and not how fast this machine is.
    private protected static EventCallsSettings FromStore(EventCallsSettings settings) =>
        settings with { More = new Dictionary<string, string>(settings.More) { ["Routing__LogicFrom"] = "store", ["Routing__DeadlineMs"] = "30000" } };

    private static string Text(string decision) =>
        $"using EventCalls.Routing;\npublic sealed class Desk : RoutingLogic\n{{\n    public override Decision Start(Conversation conv) => {decision};\n}}\n";

    private Task<string> UploadAsync(int status) => KeepAsync(Text($"Handoff.Reject({status})"));

    private async Task<string> KeepAsync(string text) =>
        (await service.JsonAsync(201, "/api/logic", JsonSerializer.Serialize(new { files = new Dictionary<string, string> { ["Desk.cs"] = text } }), "root")).GetProperty("version").GetString()!;

    private async Task<string> DecidedByAsync(string scenario) => (await service.CallToTheEndAsync(scenario, "reject_404")).Stream.Only("flow_selected")["logicVersion"]!;

    /// <summary>Activates or rolls back, and waits until the router has told that it has what decides then.</summary>
    private async Task StepAsync(string path, string json, string then)
    {
        var at = (await service.JsonAsync(200, path, json, "root")).GetProperty("activation").GetProperty("at").GetDateTimeOffset();
        for (int i = 0; i < 900; i++)
        {
            var versions = (await service.JsonAsync(200, "/api/logic", by: "wallboard")).GetProperty("versions").EnumerateArray();
            if (versions.First(v => v.GetProperty("version").GetString() == then).GetProperty("loaded").EnumerateArray().Any(l => l.GetProperty("lastAt").GetDateTimeOffset() >= at))
                return;
            await Task.Delay(100);
        }
        Assert.Fail($"{then} was not loaded.\n{service.Server.Describe()}");
    }
}

/// <summary>In one process.</summary>
public sealed class ActivatedLogicOfOneProcess(ActivatedLogicOfOneProcess.Steered service) : ActivatedLogic(service), IClassFixture<ActivatedLogicOfOneProcess.Steered>
{
    public sealed class Steered : ServingService
    {
        internal override EventCallsSettings Configure(EventCallsSettings settings) => FromStore(base.Configure(settings));
    }
}

/// <summary>With the router in a process that does nothing else, over RabbitMQ and PostgreSQL.</summary>
public sealed class ActivatedLogicOfACluster(ActivatedLogicOfACluster.Cluster service) : ActivatedLogic(service), IClassFixture<ActivatedLogicOfACluster.Cluster>
{
    public sealed class Cluster : ServingCluster
    {
        private protected override string RolesOfCalls => "ingress,recorder";

        internal override EventCallsSettings Configure(EventCallsSettings settings) => FromStore(base.Configure(settings));

        private protected override async Task StartOthersAsync()
        {
            await base.StartOthersAsync();
            await StartAnotherAsync(Settings.As("router", "router-1"));
        }
    }
}
