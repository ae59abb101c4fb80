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
    public async Task Streams_are_read_with_the_wanted_events_only_and_in_order()
    {
        var calls = Enumerable.Range(0, 250).Select(_ => Calls.Bridged()).ToList();
        await AppendAsync(calls.SelectMany(call => call));
        string[] wanted = ["handoff_requested", "call_started", "flow_selected"];

        var read = new List<CallHistory>();
        await foreach (var call in Store.ReadCallsAsync(new CallQuery { EventTypes = wanted }, None))
            read.Add(call);

        Assert.Equal(calls.Select(call => call[0].CallId), read.Select(call => call.Call.CallId));
        Assert.All(read, call => Assert.Equal(["call_started", "flow_selected", "handoff_requested"], call.Events.Select(e => e.Type)));
        Assert.Equal(calls[7].OfType<FlowSelected>().Single().EventId, read[7].Events[1].EventId);
    }

    [Fact]
    public async Task Calls_are_counted_and_found_by_how_their_numbers_begin()
    {
        var calls = Enumerable.Range(0, 30).Select(_ => Calls.Bridged()).ToList();
        await AppendAsync(calls.SelectMany(call => call));
        var rows = await Store.SearchAsync(new CallQuery { Limit = 100 }, None);
        var prefix = rows[0].Caller[..^2];
        int expected = rows.Count(row => row.Caller.StartsWith(prefix, StringComparison.Ordinal));

        Assert.Equal(30, await Store.CountAsync(new CallQuery(), None));
        Assert.Equal(expected, await Store.CountAsync(new CallQuery { CallerPrefix = prefix, Limit = 1 }, None));
        Assert.Equal(expected, (await Store.SearchAsync(new CallQuery { CallerPrefix = prefix }, None)).Count);
        Assert.Equal(30, await Store.CountAsync(new CallQuery { CalleePrefix = rows[0].Callee[..3] }, None));
        Assert.Equal(0, await Store.CountAsync(new CallQuery { CallerPrefix = "%" }, None));
        Assert.Equal(0, await Store.CountAsync(new CallQuery { From = calls[0][0].OccurredAt.AddYears(50) }, None));
    }

    [Fact]
    public async Task Versions_of_logic_are_listed_by_how_their_hash_begins()
    {
        foreach (var version in new[] { "sha256:aa2", "sha256:aa1", "sha256:b" })
            await Store.SaveLogicVersionAsync(new LogicVersionLoaded { Version = version, Sources = [new("a.cs", "//")], LoadedAt = DateTimeOffset.UnixEpoch }, None);

        Assert.Equal(["sha256:aa1", "sha256:aa2"], await Store.ListLogicVersionsAsync("sha256:aa", None));
        Assert.Empty(await Store.ListLogicVersionsAsync("sha256:c", None));
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
