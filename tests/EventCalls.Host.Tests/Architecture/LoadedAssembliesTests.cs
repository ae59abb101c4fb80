using System.Text.RegularExpressions;
using EventCalls.Testing;

namespace EventCalls.Host.Tests.Architecture;

/// <summary>What a process without servers loads: seen in its memory map.</summary>
public sealed partial class LoadedAssembliesTests
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_service_with_SQLite_loads_nothing_of_Marten()
    {
        string[] loaded = await LoadedAsync("--EventCalls:Store:Sqlite=calls.db");
        Assert.Contains("EventCalls.Store.dll", loaded);
        Assert.Contains("Microsoft.Data.Sqlite.dll", loaded);
        Assert.DoesNotContain(loaded, IsMartens);
        Assert.DoesNotContain("EventCalls.Marten.dll", loaded);
        Assert.DoesNotContain("Npgsql.dll", loaded);
    }

    [Fact]
    public async Task A_service_without_HTTP_loads_nothing_of_ASP_NET()
    {
        string[] loaded = await LoadedAsync("--EventCalls:Store:Sqlite=calls.db");
        Assert.DoesNotContain(loaded, file => file.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
        Assert.DoesNotContain("EventCalls.Console.dll", loaded);
        string[] serving = await LoadedAsync("--EventCalls:Store:Sqlite=calls.db", "--EventCalls:Http:Listen=http://127.0.0.1:0");
        Assert.Contains("Microsoft.AspNetCore.Server.Kestrel.Core.dll", serving);
    }

    [Fact]
    public async Task A_demo_that_does_not_stay_loads_nothing_of_ASP_NET()
    {
        await using var demo = ChildProcess.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "eventcalls.dll"), "demo", "--calls", "20"]);
        // The heading comes when all is up, and the calls after it.
        string line = await demo.WaitForLineAsync(l => l.Contains("caller", StringComparison.Ordinal) && l.Contains("callee", StringComparison.Ordinal), s_longest, default);
        Assert.NotEmpty(line);
        string[] loaded = await LoadedAsync(demo);
        Assert.Contains("EventCalls.Telephony.dll", loaded);
        Assert.DoesNotContain(loaded, file => file.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
        Assert.DoesNotContain("EventCalls.Console.dll", loaded);
        Assert.Equal(0, await demo.Exited.WaitAsync(s_longest));
        Directory.Delete(Path.GetDirectoryName(StorePath().Match(demo.Output).Value)!, recursive: true);
    }

    [Fact]
    public async Task A_service_with_PostgreSQL_loads_it()
    {
        await using var server = await PostgresServer.StartOwnAsync();
        string[] loaded = await LoadedAsync($"--EventCalls:Store:Postgres={server.ConnectionString}");
        Assert.Contains("Marten.dll", loaded);
        Assert.Contains("Weasel.Postgresql.dll", loaded);
    }

    private static bool IsMartens(string file) =>
        file.StartsWith("Marten", StringComparison.Ordinal) || file.StartsWith("Weasel", StringComparison.Ordinal) || file.StartsWith("JasperFx", StringComparison.Ordinal);

    private static async Task<string[]> LoadedAsync(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("eventcalls-").FullName;
        try
        {
            string[] arguments =
            [
                Path.Combine(AppContext.BaseDirectory, "eventcalls.dll"), "run", .. settings, "--EventCalls:Sip:Listen:0=udp:127.0.0.1:0",
                $"--EventCalls:Routing:Logic={Path.Combine(AppContext.BaseDirectory, "routing")}",
            ];
            await using var service = ChildProcess.Start("dotnet", arguments, folder: folder);
            await service.WaitForLineAsync(line => line == "ready", s_longest, default);
            return await LoadedAsync(service);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string[]> LoadedAsync(ChildProcess process)
    {
        string[] maps = await File.ReadAllLinesAsync($"/proc/{process.Id}/maps");
        return [.. maps.Select(Path.GetFileName).Where(name => name is not null && name.EndsWith(".dll", StringComparison.Ordinal)).Distinct()!];
    }

    [GeneratedRegex(@"[^\s""=]+eventcalls-demo-\w+[/\\]+calls\.db")]
    private static partial Regex StorePath();
}
