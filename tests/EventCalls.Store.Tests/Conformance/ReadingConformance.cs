using EventCalls.Contracts;

namespace EventCalls.Store.Tests.Conformance;

/// <summary>Reading streams and everything.</summary>
public abstract class ReadingConformance(ICallStoreFixture fixture) : ConformanceBase(fixture)
{
    [Fact]
    public async Task A_call_that_is_not_there_has_an_empty_stream()
    {
        Assert.Empty(await Store.ReadStreamAsync(Calls.NewId(), None));
        Assert.Null(await Store.FindAsync(Calls.NewId().ToString(), None));
        Assert.Null(await Store.FindAsync("no such Call-ID", None));
    }

    [Fact]
    public async Task Everything_is_read_in_the_order_of_storing_and_from_any_position()
    {
        var events = new List<CallEvent>();
        for (int i = 0; i < 300; i++)
            events.AddRange(Calls.Bridged());
        foreach (var part in events.Chunk(400))
            await AppendAsync(part);

        var all = await AllAsync();
        Assert.Equal(events.Select(e => e.EventId), all.Select(e => e.EventId));
        Assert.Equal(all.Select(e => e.Position).Order().Distinct(), all.Select(e => e.Position));
        var rest = await AllAsync(new EventRange { AfterPosition = all[1_999].Position });
        Assert.Equal(all.Skip(2_000).Select(e => e.EventId), rest.Select(e => e.EventId));
        Assert.Empty(await AllAsync(new EventRange { AfterPosition = all[^1].Position }));
    }

    [Fact]
    public async Task Events_are_read_by_the_time_they_occurred()
    {
        var calls = Enumerable.Range(0, 20).Select(_ => Calls.Bridged()).ToList();
        await AppendAsync(calls.SelectMany(call => call));
        var from = CallProjection.Time(calls[5][0].OccurredAt);
        var to = CallProjection.Time(calls[12][0].OccurredAt);

        var read = await AllAsync(new EventRange { From = from, To = to });
        var expected = calls.SelectMany(call => call).Where(e => CallProjection.Time(e.OccurredAt) >= from && CallProjection.Time(e.OccurredAt) < to);
        Assert.Equal(expected.Select(e => e.EventId), read.Select(e => e.EventId));
        Assert.NotEmpty(read);
    }

    [Fact]
    public async Task Calls_are_read_with_their_streams_the_oldest_first()
    {
        var calls = Enumerable.Range(0, 450).Select(_ => Calls.Bridged()).ToList();
        await AppendAsync(calls.SelectMany(call => call));

        var read = new List<CallHistory>();
        await foreach (var call in Store.ReadCallsAsync(new CallQuery { From = calls[10][0].OccurredAt, Flow = "support" }, None))
            read.Add(call);
        Assert.Equal(calls.Skip(10).Select(call => call[0].CallId), read.Select(call => call.Call.CallId));
        Assert.All(read, call => Assert.Equal(9, call.Events.Count));

        var few = new List<Guid>();
        await foreach (var call in Store.ReadCallsAsync(new CallQuery { Limit = 3 }, None))
            few.Add(call.Call.CallId);
        Assert.Equal(calls.Take(3).Select(call => call[0].CallId), few);
    }

    [Fact]
    public async Task A_cancelled_read_stops()
    {
        await AppendAsync(Calls.Bridged());
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.ReadStreamAsync(Calls.NewId(), cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var e in Store.ReadAllAsync(EventRange.All, cancelled.Token))
                Assert.Fail("An event was read.");
        });
    }
}
