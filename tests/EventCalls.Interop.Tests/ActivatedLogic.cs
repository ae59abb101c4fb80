using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

/// <summary>Real calls before and after another version of the logic is activated over HTTP, and after it is rolled back.</summary>
public abstract class ActivatedLogic(ServingService service)
{
    [Fact]
    public async Task Calls_are_decided_by_what_is_activated_and_by_what_was_before_when_it_is_rolled_back()
    {
        string folder = await service.DecidedByAsync("call-rejected-404");
        string busy = await service.UploadAsync(486), declines = await service.UploadAsync(603);
        await service.StepAsync($"/api/logic/{busy}/activate", "{}", busy);
        Assert.Equal(busy, await service.DecidedByAsync("call-rejected-486"));
        await service.StepAsync($"/api/logic/{declines}/activate", "{}", declines);
        Assert.Equal(declines, await service.DecidedByAsync("call-rejected-603"));

        await service.StepAsync("/api/logic/roll-back", $$"""{"from": "{{declines}}"}""", busy);
        Assert.Equal(busy, await service.DecidedByAsync("call-rejected-486"));
        var (status, refused) = await service.AskAsync("/api/logic/roll-back", $$"""{"from": "{{busy}}"}""");
        Assert.True((int)status == 403, refused);
        await service.StepAsync("/api/logic/roll-back", $$"""{"from": "{{busy}}"}""", folder);
        Assert.Equal(folder, await service.DecidedByAsync("call-rejected-404"));

        var list = await service.JsonAsync(200, "/api/logic", by: "wallboard");
        Assert.Equal(4, list.GetProperty("activations").GetArrayLength());
        Assert.All(list.GetProperty("activations").EnumerateArray(), a => Assert.Equal("root", a.GetProperty("by").GetString()));
    }

    [Fact]
    public async Task What_ends_its_decider_is_never_activated_and_calls_go_on_as_before()
    {
        string before = await service.DecidedByAsync("call-rejected-404");
        // It gets over the call that is only thought of, and not over those that were: its memory is used up where no check point is.
        string huge = await service.KeepLogicAsync(SteeredLogic.Text("conv.CalleeNumber == \"reject_404\" ? Handoff.Bye(System.Numerics.BigInteger.Pow(3, 400_000_000).IsEven ? \"even\" : \"odd\") : Handoff.Bye()"));
        var refused = await service.JsonAsync(409, $"/api/logic/{huge}/activate", "{}", "root");
        Assert.Contains("does not come to a decision", refused.GetProperty("diagnostics")[0].GetProperty("message").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, await service.DecidedByAsync("call-rejected-404"));
    }
}

/// <summary>In one process.</summary>
public sealed class ActivatedLogicOfOneProcess(ActivatedLogicOfOneProcess.Steered service) : ActivatedLogic(service), IClassFixture<ActivatedLogicOfOneProcess.Steered>
{
    public sealed class Steered : ServingService
    {
        internal override EventCallsSettings Configure(EventCallsSettings settings) => SteeredLogic.FromStore(base.Configure(settings));
    }
}

/// <summary>With the router in a process that does nothing else, over RabbitMQ and PostgreSQL.</summary>
public sealed class ActivatedLogicOfACluster(ActivatedLogicOfACluster.Cluster service) : ActivatedLogic(service), IClassFixture<ActivatedLogicOfACluster.Cluster>
{
    public sealed class Cluster : ServingCluster
    {
        private protected override string RolesOfCalls => "ingress,recorder";

        internal override EventCallsSettings Configure(EventCallsSettings settings) => SteeredLogic.FromStore(base.Configure(settings));

        private protected override async Task StartOthersAsync()
        {
            await base.StartOthersAsync();
            await StartAnotherAsync(Settings.As("router", "router-1"));
        }
    }
}
