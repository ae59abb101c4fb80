using EventCalls.Console.Webhooks;
using EventCalls.Contracts;
using EventCalls.Store;
using EventCalls.Store.Notifying;
using Microsoft.Extensions.Time.Testing;

namespace EventCalls.Console.Tests.Webhooks;

/// <summary>A SQLite file, a clock that the test moves, and what tells webhooks of what is in the file.</summary>
internal sealed class TellingStore : IAsyncDisposable
{
    public const string Secret = "a secret of some length, for tests";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-webhooks-");
    private readonly List<WebhookService> _services = [];

    private TellingStore(ICallStore? store)
    {
        Store = store ?? SqliteStore.Open(new StoreOptions { Sqlite = Path.Combine(_folder.FullName, "calls.db") });
        Clock = new FakeTimeProvider(RecordedCalls.ReferredThenBridged().Events[^1].OccurredAt.AddMinutes(1));
    }

    public ICallStore Store { get; }

    public IWebhookQueue Queue => (IWebhookQueue)Store;

    public FakeTimeProvider Clock { get; }

    public TellingLogger Log { get; } = new();

    public static async Task<TellingStore> OpenAsync(ICallStore? store = null)
    {
        var opened = new TellingStore(store);
        await opened.Store.MigrateAsync(default);
        return opened;
    }

    public static WebhookOptions To(Uri url, string name = "crm", params string[] events) =>
        new() { Name = name, Url = url, Secret = Secret, Events = events.Length > 0 ? events : ["call_ended"] };

    /// <summary>Starts telling; returns when it follows.</summary>
    public async Task<WebhookService> StartAsync(params WebhookOptions[] webhooks)
    {
        var service = Start(Log, webhooks);
        await Log.LineAsync("This process tells");
        return service;
    }

    public WebhookService Start(TellingLogger log, params WebhookOptions[] webhooks)
    {
        var service = WebhookService.Start(webhooks, Store, Clock, log);
        _services.Add(service);
        return service;
    }

    /// <summary>Stores events, and lets the time go by in which they are found.</summary>
    public async Task AppendAsync(params IEnumerable<CallEvent> events)
    {
        await Store.AppendAsync([.. events.Select(EventToAppend.Of)], default);
        Clock.Advance(TimeSpan.FromSeconds(1));
    }

    public async Task<WebhookState> StateAsync(string name = "crm") => (await Queue.ListWebhooksAsync(counted: true, default)).Single(state => state.Name == name);

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services)
            await service.DisposeAsync();
        await Store.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
