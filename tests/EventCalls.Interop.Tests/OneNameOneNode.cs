using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>Without a broker the store is where two nodes of one name meet.</summary>
public sealed class OneNameOneNode : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eventcalls-interop-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_second_node_of_one_name_on_one_store_is_refused_and_a_killed_one_comes_up_again_at_once(bool overPostgres)
    {
        await using var database = overPostgres ? await PostgresServer.StartAsync() : null;
        var settings = Settings("first") with { Postgres = database?.ConnectionString, Sqlite = Path.Combine(_folder, "calls.db") };
        await using var first = await EventCallsProcess.StartAsync(settings);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => EventCallsProcess.StartAsync(Settings("second") with { Postgres = settings.Postgres, Sqlite = settings.Sqlite }));
        Assert.Contains("ended with 2", error.Message);
        Assert.Contains("Another node with the name 'edge-1' runs on ", error.Message);
        Assert.Contains("EventCalls:Node of its own", error.Message);
        await using (var other = await EventCallsProcess.StartAsync(Settings("other") with { Postgres = settings.Postgres, Sqlite = settings.Sqlite, Node = "edge-2" }))
            Assert.DoesNotContain("is taken in", other.Describe());

        await first.KillAsync();
        await using var again = await EventCallsProcess.StartAsync(settings);
        Assert.DoesNotContain("is taken in", again.Describe());
    }

    // A spool each, or that would keep them apart.
    private EventCallsSettings Settings(string spool) => new()
    {
        SipPort = FreePorts.Next(),
        TargetPort = FreePorts.Next(),
        SecondPort = FreePorts.Next(),
        More = new Dictionary<string, string> { ["Store__Spool"] = Path.Combine(_folder, spool) },
    };
}
