using EventCalls.Containers.Tests.Engine;
using EventCalls.Testing;

namespace EventCalls.Containers.Tests;

/// <summary>What the repository offers to those who have Docker: its image, and the composition of roles, broker and database.</summary>
public sealed class ComposeTests
{
    // docker-compose.yml: an ingress, two routers, a recorder; the ingress on the port that it has there.
    private const int Processes = 4;
    private const string Ingress = "127.0.0.1:5060";

    [Fact]
    public async Task A_call_goes_through_what_docker_compose_starts_and_is_read_back()
    {
        await using var stack = await ComposedStack.UpAsync(Processes);

        var result = await SippRun.RunAsync(new SippOptions
        {
            Scenario = Path.Combine(AppContext.BaseDirectory, "Scenarios", "refer-answered.xml"),
            Remote = Ingress,
            Dial = "+15557654321",
            CallIdPrefix = "composed",
        });
        result.MustSucceed();
        await stack.UntilAsync(async () => (await stack.CommandAsync("ingress", "calls", "list", "--json")).Contains("\"outcome\":\"answered\"", StringComparison.Ordinal));

        var listed = Assert.Single((await stack.CommandAsync("ingress", "calls", "list", "--json")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("\"flow\":\"general_support\"", listed, StringComparison.Ordinal);
        var shown = await stack.CommandAsync("recorder", "calls", "show", "composed-1@127.0.0.1");
        Assert.Contains("sip:support@example.com", shown, StringComparison.Ordinal);
    }
}
