using System.Globalization;
using EventCalls.Benchmarks.Load;
using EventCalls.Benchmarks.Running;
using EventCalls.Store;
using EventCalls.Testing;

namespace EventCalls.Benchmarks.Seen;

/// <summary>A service with a store of its own, and what a call costs it.</summary>
internal sealed class MeteredService(ChildProcess process, PostgresServer? database, int port) : IAsyncDisposable
{
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(3);

    /// <summary>Waits, after so many calls, until it has done with them; their cost is taken then. Nothing when it is not said.</summary>
    public Func<int, Task> Settled { get; set; } = _ => Task.CompletedTask;

    /// <summary>Starts it.</summary>
    public static async Task<MeteredService> StartAsync(string node, SeenOptions options, string folder, Dictionary<string, string> more)
    {
        var database = options.Postgres ? await PostgresServer.StartOwnAsync(durable: true) : null;
        int port = FreePorts.Next();
        // What waits for its store is on disk there, too.
        string own = Directory.CreateDirectory(Path.Combine(folder, node)).FullName;
        var settings = new ServiceSettings
        {
            Node = node,
            SipPort = port,
            Logic = Path.Combine("Load", "Logic"),
            Store = new StoreOptions { Postgres = database?.ConnectionString, Sqlite = Path.Combine(own, "calls.db") },
            More = more,
        };
        return new MeteredService(await ServiceProcess.StartAsync(settings, own), database, port);
    }

    /// <summary>Has it called; its processor time a call with that of its deciders, milliseconds.</summary>
    /// <param name="rate">New calls a second.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="isWarmUp">Whether calls may fail: what is compiled still may be late.</param>
    public async Task<double> CostAsync(int rate, int seconds, bool isWarmUp)
    {
        double before = ProcessMeter.CpuOfService(process.Id);
        await using var calling = SippLoad.Calling("refer", FreePorts.Next(), string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), rate, seconds);
        var calls = await calling.WaitAsync();
        if (calls.Failed > 0 && !isWarmUp)
            throw new InvalidOperationException($"{calls.Failed} calls of {calls.Calls} failed.");
        // What is still on its way to store and collector belongs to these calls.
        await Task.Delay(s_settle);
        await Settled(calls.Calls - calls.Failed);
        return (ProcessMeter.CpuOfService(process.Id) - before) / calls.Calls;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        if (database is not null)
            await database.DisposeAsync();
    }
}
