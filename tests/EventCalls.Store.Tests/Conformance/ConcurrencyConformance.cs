using EventCalls.Contracts;

namespace EventCalls.Store.Tests.Conformance;

/// <summary>Several recorders at once, as processes of their own would be.</summary>
public abstract class ConcurrencyConformance(ICallStoreFixture fixture) : ConformanceBase(fixture)
{
    [Fact]
    public async Task Several_writers_of_overlapping_streams_make_neither_holes_nor_doubles_nor_deadlocks()
    {
        var calls = Enumerable.Range(0, 60).Select(_ => Calls.Bridged()).ToList();
        var writers = Enumerable.Range(0, 6).Select(n => Task.Run(() => WriteAllAsync(calls, new Random(n))));
        await Task.WhenAll(writers);

        foreach (var call in calls)
        {
            var ids = await IdsOfAsync(call[0].CallId);
            Assert.Equal(call.Select(e => e.EventId).Order(), ids.Order());
            Assert.Equal(call[^1].EventId, ids[^1]);
            var row = await Store.FindAsync(call[0].CallId.ToString(), None);
            Assert.Equal((9, 1, TransferOutcome.Answered), (row!.Version, row.Attempts, row.Outcome));
        }
        Assert.Equal(calls.Count * 9, (await AllAsync()).Count);
    }

    [Fact]
    public async Task A_reader_that_follows_several_writers_misses_nothing()
    {
        var calls = Enumerable.Range(0, 120).Select(_ => Calls.Bridged()).ToList();
        var writing = Task.WhenAll(calls.Chunk(20).Select(part => Task.Run(async () =>
        {
            await using var store = OpenAnother();
            foreach (var call in part)
                await AppendAsync(store, call);
        })));

        var seen = new HashSet<Guid>();
        long position = 0;
        for (bool last = false; !last;)
        {
            last = writing.IsCompleted;
            await foreach (var e in Store.ReadAllAsync(new EventRange { AfterPosition = position }, None))
            {
                Assert.True(e.Position > position);
                position = e.Position;
                Assert.True(seen.Add(e.EventId));
            }
        }
        await writing;
        Assert.Equal(120 * 9, seen.Count);
    }

    [Fact]
    public async Task Processes_that_start_together_all_find_the_tables()
    {
        var database = await Fixture.NewDatabaseAsync();
        var stores = Enumerable.Range(0, 5).Select(_ => Fixture.Open(database)).ToList();
        await Task.WhenAll(stores.Select(store => Task.Run(() => store.MigrateAsync(None))));
        foreach (var store in stores)
        {
            await store.PingAsync(None);
            await AppendAsync(store, Calls.Bridged());
            await store.MigrateAsync(None);
        }
        Assert.Equal(5, (await stores[0].SearchAsync(new CallQuery(), None)).Count);
        foreach (var store in stores)
            await store.DisposeAsync();
    }

    /// <summary>Every writer stores every event, in its own order of calls and sizes of batches, until none waits.</summary>
    private async Task WriteAllAsync(List<List<CallEvent>> calls, Random random)
    {
        await using var store = OpenAnother();
        var left = calls.Select(call => new Queue<CallEvent>(call)).ToList();
        while (left.Count > 0)
        {
            var batch = new List<CallEvent>();
            for (int i = random.Next(1, 40); i > 0 && left.Count > 0; i--)
            {
                var call = left[random.Next(left.Count)];
                batch.Add(call.Dequeue());
                if (call.Count == 0)
                    left.Remove(call);
            }
            Assert.Empty((await AppendAsync(store, batch)).Waiting);
        }
    }
}
