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
    public async Task The_last_position_is_one_to_go_on_from()
    {
        Assert.Equal(0, await Store.LastPositionAsync(None));
        await AppendAsync(Calls.Bridged());
        long last = await Store.LastPositionAsync(None);
        Assert.Empty(await AllAsync(new EventRange { AfterPosition = last }));
        var next = Calls.Bridged();
        await AppendAsync(next);
        Assert.Equal(next.Select(e => e.EventId), (await AllAsync(new EventRange { AfterPosition = last })).Select(e => e.EventId));
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

    [Theory]
    [InlineData(null, 1_100)]
    [InlineData(1_003, 1_003)]
    [InlineData(1_000, 1_000)]
    [InlineData(500, 500)]
    public async Task Calls_of_many_pages_are_read_once_each_in_order_whole_or_as_many_as_wanted(int? limit, int expected)
    {
        var calls = Enumerable.Range(0, 1_100).Select(_ => Calls.Bridged()).ToList();
        await AppendAsync(calls.SelectMany(call => call));

        var read = new List<Guid>();
        await foreach (var call in Store.ReadCallsAsync(new CallQuery { Limit = limit }, None))
        {
            Assert.Equal(9, call.Events.Count);
            read.Add(call.Call.CallId);
        }
        Assert.Equal(calls.Take(expected).Select(call => call[0].CallId), read);

        // Whoever has enough leaves, whatever is on its way.
        int few = 0;
        await foreach (var _ in Store.ReadCallsAsync(new CallQuery { Limit = limit }, None))
        {
            if (++few == 10)
                break;
        }
        Assert.Equal(expected, await Store.ReadCallsAsync(new CallQuery { Limit = limit }, None).CountAsync());
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
    public async Task Calls_are_found_by_everything_that_a_list_shows_of_their_handoff()
    {
        var bridged = RecordedCalls.ReferredThenBridged(1);
        var referred = RecordedCalls.Referred(2);
        var refused = RecordedCalls.Refused(3);
        await AppendAsync([.. bridged.Events, .. referred.Events, .. refused.Events]);

        Assert.Equal([bridged.Id], await FoundAsync(new CallQuery { Target = "sip:+12222222@192.0.2.7:5060" }));
        Assert.Equal([referred.Id], await FoundAsync(new CallQuery { Handoff = HandoffMethod.Refer }));
        Assert.Equal([refused.Id], await FoundAsync(new CallQuery { Handoff = HandoffMethod.Reject, Trunk = "backup" }));
        string version = bridged.Events.OfType<FlowSelected>().First().LogicVersion;
        Assert.Contains(bridged.Id, await FoundAsync(new CallQuery { LogicVersion = version }));
        Assert.Empty(await FoundAsync(new CallQuery { LogicVersion = version[..^1] }));
        Assert.Empty(await FoundAsync(new CallQuery { Reason = "queue_full" }));
    }

    [Fact]
    public async Task Calls_are_found_by_the_reason_of_their_handoff()
    {
        var full = new SampleCall(1);
        full.Decided("support", new Handoff { Method = HandoffMethod.Refer, ReferTo = "sip:a@example.com" });
        var events = full.Events.Select(e => e is HandoffRequested requested ? requested with { Reason = "queue_full" } : e).ToList();
        await AppendAsync([.. events, .. new SampleCall(2).Events]);
        Assert.Equal([full.Id], await FoundAsync(new CallQuery { Reason = "queue_full" }));
    }

    [Fact]
    public async Task Calls_are_found_by_a_header_of_their_INVITE_in_any_spelling_and_by_its_whole_value_only()
    {
        var first = new SampleCall(1);
        var second = new SampleCall(2);
        await AppendAsync([
            first.Started with { Headers = [new SipHeader("f", "<sip:a@x>"), new SipHeader("X-Customer-ID", "41"), new SipHeader("x-customer-id", "4'2")] },
            second.Started with { Headers = [new SipHeader("X-Customer-ID", "43")] },
        ]);
        Assert.Equal([first.Id], await FoundAsync(new CallQuery { Headers = [new HeaderCondition(["X-CUSTOMER-ID"], "4'2")] }));
        Assert.Equal([first.Id], await FoundAsync(new CallQuery { Headers = [new HeaderCondition(["X-Customer-ID"], "41"), new HeaderCondition(["From", "f"], "<sip:a@x>")] }));
        Assert.Empty(await FoundAsync(new CallQuery { Headers = [new HeaderCondition(["X-Customer-ID"], "4")] }));
        Assert.Empty(await FoundAsync(new CallQuery { Headers = [new HeaderCondition(["X-Customer-ID"], "41"), new HeaderCondition(["X-Customer-ID"], "43")] }));
        Assert.Equal(1, await Store.CountAsync(new CallQuery { Headers = [new HeaderCondition(["X-Customer-ID"], "43")] }, None));
        Assert.Empty(await FoundAsync(new CallQuery { Headers = [new HeaderCondition(["X-Customer-ID"], "4\0"), new HeaderCondition(["X\0"], "4")] }));
    }

    private async Task<List<Guid>> FoundAsync(CallQuery query) => [.. (await Store.SearchAsync(query, None)).Select(row => row.CallId)];

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
