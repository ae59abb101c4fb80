using EventCalls.Contracts;
using EventCalls.Store.Recording;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Store.Tests.Recording;

/// <summary>A gated SQLite store for each test.</summary>
public abstract class RecorderTest : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-recorder-");

    private protected SampleCalls Calls { get; } = new(seed: 21);

    private protected GatedStore Store { get; private set; } = null!;

    protected static CancellationToken None => CancellationToken.None;

    protected AppendQueueOptions Options { get; init; } = new()
    {
        Linger = TimeSpan.Zero,
        CauseTimeout = TimeSpan.FromSeconds(60),
        CauseRetryInterval = TimeSpan.FromMilliseconds(5),
        RetryDelay = TimeSpan.FromMilliseconds(1),
        MaxRetryDelay = TimeSpan.FromMilliseconds(5),
    };

    public async Task InitializeAsync()
    {
        Store = new GatedStore(SqliteStore.Open(new StoreOptions { Sqlite = Path.Combine(_folder.FullName, "calls.db") }));
        await Store.MigrateAsync(None);
    }

    public async Task DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    protected AppendQueue NewQueue(AppendQueueOptions? options = null) =>
        new(Store, options ?? Options, TimeProvider.System, NullLogger<AppendQueue>.Instance);

    protected static List<EventToAppend> Message(params IEnumerable<CallEvent> events) => events.Select(EventToAppend.Of).ToList();

    protected async Task<List<Guid>> IdsOfAsync(Guid callId) => [.. (await Store.ReadStreamAsync(callId, None)).Select(e => e.EventId)];
}
