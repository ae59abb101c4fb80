using EventCalls.Contracts;

namespace EventCalls.Store.Tests.Conformance;

/// <summary>A migrated store on an empty database for each test.</summary>
public abstract class ConformanceBase(ICallStoreFixture fixture) : IAsyncLifetime
{
    private string _database = "";

    protected ICallStoreFixture Fixture { get; } = fixture;

    private protected SampleCalls Calls { get; } = new(seed: 7);

    protected ICallStore Store { get; private set; } = null!;

    protected static CancellationToken None => CancellationToken.None;

    public async Task InitializeAsync()
    {
        _database = await Fixture.NewDatabaseAsync();
        Store = Fixture.Open(_database);
        await Store.MigrateAsync(None);
    }

    public async Task DisposeAsync() => await Store.DisposeAsync();

    /// <summary>A further store on the same database.</summary>
    protected ICallStore OpenAnother() => Fixture.Open(_database);

    protected Task ExecuteAsync(string sql) => Fixture.ExecuteAsync(_database, sql);

    protected Task<AppendResult> AppendAsync(params IEnumerable<CallEvent> events) => AppendAsync(Store, events);

    protected static Task<AppendResult> AppendAsync(ICallStore store, params IEnumerable<CallEvent> events) =>
        store.AppendAsync(events.Select(EventToAppend.Of).ToList(), None);

    /// <summary>The stored event ids of a call, after checking that versions run from 1 without holes.</summary>
    protected async Task<List<Guid>> IdsOfAsync(Guid callId)
    {
        var stream = await Store.ReadStreamAsync(callId, None);
        Assert.Equal(Enumerable.Range(1, stream.Count).Select(n => (long)n), stream.Select(e => e.Version));
        Assert.All(stream, e => Assert.Equal(callId, e.CallId));
        return [.. stream.Select(e => e.EventId)];
    }

    protected async Task<List<StoredEvent>> AllAsync(EventRange? range = null)
    {
        var all = new List<StoredEvent>();
        await foreach (var e in Store.ReadAllAsync(range ?? EventRange.All, None))
            all.Add(e);
        return all;
    }
}
