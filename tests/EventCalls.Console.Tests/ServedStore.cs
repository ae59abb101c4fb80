using EventCalls.Contracts;
using EventCalls.Contracts.Findings;
using EventCalls.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Console.Tests;

/// <summary>A console on 127.0.0.1 over a SQLite file of its own.</summary>
public sealed class ServedStore : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-console-");
    private ConsoleServer? _server;

    private ServedStore()
    {
    }

    public ICallStore Store { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public Uri Address => _server!.Addresses[0];

    public HealthReport Health { get; set; } = new(true, "ready", "edge-1", ["console"], DateTimeOffset.UnixEpoch, []);

    /// <summary>The routes that are served, with their methods.</summary>
    public IEnumerable<string> Routes => _server!.Routes;

    public string Folder => _folder.FullName;

    public static async Task<ServedStore> StartAsync(Func<ConsoleOptions, ConsoleOptions>? options = null, Func<ConsoleSources, ConsoleSources>? sources = null, ICallStore? store = null, TimeProvider? time = null, Microsoft.Extensions.Logging.ILoggerFactory? loggers = null)
    {
        var served = new ServedStore();
        served.Store = store ?? SqliteStore.Open(new StoreOptions { Sqlite = Path.Combine(served.Folder, "calls.db") });
        await served.Store.MigrateAsync(default);
        var given = new ConsoleSources { Store = served.Store, Health = _ => Task.FromResult(served.Health) };
        var opened = new ConsoleOptions { Listen = new Uri("http://127.0.0.1:0") };
        served._server = await ConsoleServer.StartAsync(options?.Invoke(opened) ?? opened, sources?.Invoke(given) ?? given, time ?? TimeProvider.System, loggers ?? NullLoggerFactory.Instance, default);
        served.Client = new HttpClient { BaseAddress = served.Address };
        return served;
    }

    public Task AppendAsync(params IEnumerable<CallEvent> events) => Store.AppendAsync([.. events.Select(EventToAppend.Of)], default);

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        await Store.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
