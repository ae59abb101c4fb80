using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Host.Commands;
using EventCalls.Host.Configuration;
using EventCalls.Host.Demo;
using EventCalls.Simulation.Forks;
using EventCalls.Simulation.Live;
using EventCalls.Store;

namespace EventCalls.Host.Tests.Forks;

/// <summary>A store with one real call of every kind the demo plays over SIP, shared by the tests of a class.</summary>
public sealed class DemoStore : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eventcalls-forks-").FullName;
    /// <summary>The store's file.</summary>
    public string Database { get; private set; } = "";

    /// <summary>The argument that names the store.</summary>
    public string Argument => $"--EventCalls:Store:Sqlite={Database}";

    /// <summary>The sample logic that decided.</summary>
    public static string LogicFolder => DemoSettings.LogicFolder;

    internal Settings Settings => SettingsSource.Load(CommandLineOverrides.Take([Argument], out _), _folder);

    internal List<Recording> Calls { get; } = [];

    public async Task InitializeAsync()
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int exit = await CommandLine.RunAsync(["demo", "--json", "--calls", $"{ScenarioList.All.Count}"], _folder, output, error, TimeProvider.System);
        Assert.True(exit == 0, error.ToString());
        using var json = JsonDocument.Parse(output.ToString());
        Database = json.RootElement.GetProperty("store").GetString()!;
        await using var store = SqliteStore.Open(new StoreOptions { Sqlite = Database });
        await foreach (var call in store.ReadCallsAsync(new CallQuery(), default))
            Calls.Add(Recording.Of([.. call.Events.Select(e => e.Read())]));
        Assert.Equal(ScenarioList.All.Count, Calls.Count);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Path.GetDirectoryName(Database)!, recursive: true);
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>The first call that was routed to a flow at first, and had as many attempts.</summary>
    internal Recording CallOf(string flow, int attempts) =>
        Calls.First(c => c.Events.OfType<FlowSelected>().First().Flow == flow && c.Attempts.Count == attempts);

    /// <summary>Runs a command against the store.</summary>
    internal async Task<(int ExitCode, string Out, string Error)> RunAsync(params string[] arguments)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        int exit = await CommandLine.RunAsync([.. arguments, Argument], _folder, output, error, TimeProvider.System);
        return (exit, output.ToString(), error.ToString());
    }
}
