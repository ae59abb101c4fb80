using EventCalls.Contracts;

namespace EventCalls.Store.Tests.Conformance;

/// <summary>The <c>calls</c> projection and what is asked of it.</summary>
public abstract class ProjectionConformance(ICallStoreFixture fixture) : ConformanceBase(fixture)
{
    [Fact]
    public async Task A_calls_row_says_what_its_stream_says()
    {
        var events = Calls.Bridged();
        await AppendAsync(events);
        var started = (CallStarted)events[0];

        var row = await Store.FindAsync(started.SipCallId, None);
        Assert.Equal(
            new CallRow
            {
                CallId = started.CallId,
                SipCallId = started.SipCallId,
                StartedAt = CallProjection.Time(started.OccurredAt),
                AnsweredAt = CallProjection.Time(events[7].OccurredAt),
                EndedAt = CallProjection.Time(events[8].OccurredAt),
                Caller = "+15551230001",
                Callee = "+15557654321",
                Trunk = "carrier",
                Node = "edge-1",
                Flow = "support",
                Handoff = HandoffMethod.Invite,
                Target = "sip:+12222222@127.0.0.1:5090",
                Outcome = TransferOutcome.Answered,
                Attempts = 1,
                LogicVersion = Draft.Logic,
                DecisionMicroseconds = 55,
                PostDialDelayMs = 20,
                EndedBy = CallParty.Caller,
                EndCause = CallEndCause.HungUp,
                LastEventId = events[8].EventId,
                Version = 9,
            },
            row);
        Assert.Equal(row, await Store.FindAsync(started.CallId.ToString().ToUpperInvariant(), None));
    }

    [Theory]
    [InlineData(HandoffMethod.Reject)]
    [InlineData(HandoffMethod.Bye)]
    public async Task Turning_the_caller_away_after_a_failed_transfer_leaves_the_transfer_to_be_found(HandoffMethod turnedAwayBy)
    {
        var started = Calls.Start();
        var selected = Calls.Select(started);
        var requested = Calls.Request(selected);
        var tried = Calls.Try(requested);
        var failed = Calls.Fail(tried, TransferOutcome.NotFound);
        var decidedAnew = Calls.Select(failed);
        var again = Calls.Request(decidedAnew, new Handoff { Method = turnedAwayBy });
        var turnedAway = Calls.Try(again, target: "");
        var done = Calls.Complete(turnedAway) with { Outcome = TransferOutcome.Accepted };
        await AppendAsync(started, selected, requested, tried, failed, decidedAnew, again, turnedAway, done, Calls.End(done));

        var row = Assert.Single(await Store.SearchAsync(new CallQuery { Outcome = TransferOutcome.NotFound }, None));
        Assert.Equal((HandoffMethod.Invite, tried.Target, 1), (row.Handoff, row.Target, row.Attempts));
        Assert.NotNull(row.EndedAt);
    }

    [Fact]
    public async Task A_refusal_among_two_who_talk_leaves_to_be_found_how_they_were_connected()
    {
        var started = Calls.Start();
        var selected = Calls.Select(started);
        var requested = Calls.Request(selected);
        var tried = Calls.Try(requested);
        var connected = Calls.Complete(tried);
        var refusal = Calls.Request(connected, new Handoff { Method = HandoffMethod.Reject });
        var refused = Calls.Try(refusal, target: "");
        var failed = Calls.Fail(refused, TransferOutcome.NotAllowed);
        await AppendAsync(started, selected, requested, tried, connected, refusal, refused, failed, Calls.End(failed));

        var row = await Store.FindAsync(started.SipCallId, None);
        Assert.Equal((tried.Method, tried.Target, connected.Outcome, 1), (row!.Handoff, row.Target, row.Outcome, row.Attempts));
    }

    [Fact]
    public async Task Calls_are_found_by_the_reason_of_their_last_handoff()
    {
        var (one, other) = (Calls.Start(), Calls.Start());
        await AppendAsync(one, Calls.Request(one) with { Reason = "queue_full" }, other, Calls.Request(other) with { Reason = "vip" });

        Assert.Equal(one.CallId, Assert.Single(await Store.SearchAsync(new CallQuery { Reason = "queue_full" }, None)).CallId);
        Assert.Equal(0, await Store.CountAsync(new CallQuery { Reason = "queue" }, None));
    }

    [Theory]
    [InlineData(Requester.Api, "escalation", "escalation")]
    [InlineData(Requester.Api, null, "queue_full")]
    [InlineData(Requester.Router, "no_agent", "no_agent")]
    public async Task A_reason_that_is_given_in_mid_call_is_the_one_that_the_call_is_found_by(Requester by, string? given, string found)
    {
        var started = Calls.Start();
        var requested = Calls.Request(started) with { Reason = "queue_full" };
        var tried = Calls.Try(requested);
        var connected = Calls.Complete(tried);
        var moved = Calls.Request(connected) with { RequestedBy = by, Reason = given };
        var triedAgain = Calls.Try(moved);
        await AppendAsync(started, requested, tried, connected, moved, triedAgain, Calls.Complete(triedAgain));

        Assert.Equal(started.CallId, Assert.Single(await Store.SearchAsync(new CallQuery { Reason = found }, None)).CallId);
    }

    [Fact]
    public async Task A_reason_for_what_came_to_nothing_is_not_the_calls()
    {
        var started = Calls.Start();
        var requested = Calls.Request(started) with { Reason = "queue_full" };
        var tried = Calls.Try(requested);
        // While another handoff is under way, and after the end, a router's decision is refused.
        var meanwhile = Calls.Request(tried) with { Reason = "meanwhile" };
        var connected = Calls.Complete(tried);
        var ended = Calls.End(connected);
        var late = Calls.Request(ended) with { Reason = "late" };
        await AppendAsync(started, requested, tried, meanwhile, connected, ended, late);

        Assert.Equal("queue_full", (await Store.FindAsync(started.SipCallId, None))!.Reason);
    }

    [Theory]
    [InlineData(HandoffMethod.Reject)]
    [InlineData(HandoffMethod.Bye)]
    public async Task A_caller_turned_away_at_once_shows_as_that(HandoffMethod method)
    {
        var started = Calls.Start();
        var requested = Calls.Request(started, new Handoff { Method = method });
        var tried = Calls.Try(requested, target: "");
        var done = Calls.Complete(tried) with { Outcome = TransferOutcome.Accepted };
        await AppendAsync(started, requested, tried, done, Calls.End(done));

        var row = await Store.FindAsync(started.SipCallId, None);
        Assert.Equal((method, TransferOutcome.Accepted, 1), (row!.Handoff, row.Outcome, row.Attempts));
    }

    [Fact]
    public async Task A_call_id_looked_for_by_its_sip_name_gives_the_newest_of_several()
    {
        var first = Calls.Start() with { SipCallId = "same@host" };
        var second = Calls.Start() with { SipCallId = "same@host" };
        await AppendAsync(second, first);
        Assert.Equal(second.CallId, (await Store.FindAsync("same@host", None))?.CallId);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_projection_kept_up_to_date_equals_the_one_made_again_from_the_streams(int seed)
    {
        var samples = new SampleCalls(seed);
        var random = new Random(seed);
        var histories = Enumerable.Range(0, 250).Select(_ => samples.Any()).ToList();
        await StoreInAnyOrderAsync(histories, random);

        var kept = await RowsAsync();
        Assert.Equal(histories.Count, kept.Count);
        foreach (var history in histories)
        {
            CallRow? folded = null;
            foreach (var e in await Store.ReadStreamAsync(history[0].CallId, None))
                folded = CallProjection.Apply(folded, e.Read(), e.Version);
            Assert.Equal(folded, kept[history[0].CallId]);
        }

        Assert.Equal(histories.Count, await Store.RebuildProjectionAsync(None));
        Assert.Equal(kept, await RowsAsync());
    }

    [Theory]
    [InlineData("delete from calls")]
    [InlineData("update calls set outcome = 'answered', attempts = 99, ended_at = null")]
    [InlineData("update calls set started_at = answered_at, caller = 'x' where answered_at is not null")]
    public async Task A_projection_that_is_lost_or_wrong_is_right_after_it_is_made_again(string damage)
    {
        var samples = new SampleCalls(4);
        await AppendAsync(Enumerable.Range(0, 450).SelectMany(_ => samples.Any()).Concat(Calls.Bridged()));
        var right = await RowsAsync();
        await ExecuteAsync(damage);
        Assert.NotEqual(right, await RowsAsync());

        Assert.Equal(451, await Store.RebuildProjectionAsync(None));
        Assert.Equal(right, await RowsAsync());
    }

    [Fact]
    public async Task A_row_without_a_stream_is_gone_after_the_projection_is_made_again()
    {
        var started = Calls.Start();
        await AppendAsync(started);
        await ExecuteAsync("update calls set call_id = '00000000-0000-0000-0000-000000000001'");
        await Store.RebuildProjectionAsync(None);
        Assert.Equal(started.CallId, Assert.Single(await RowsAsync()).Key);
    }

    [Fact]
    public async Task The_projection_can_be_made_again_while_events_arrive()
    {
        var calls = Enumerable.Range(0, 300).Select(_ => Calls.Bridged()).ToList();
        await AppendAsync(calls.SelectMany(call => call[..4]));
        var writing = Task.Run(async () =>
        {
            await using var store = OpenAnother();
            foreach (var part in calls.Chunk(10))
                await AppendAsync(store, part.SelectMany(call => call[4..]));
        });
        do
        {
            await Store.RebuildProjectionAsync(None);
            await Task.Delay(10);
        }
        while (!writing.IsCompleted);
        await writing;

        var online = await RowsAsync();
        Assert.All(online.Values, row => Assert.Equal((9, CallEndCause.HungUp), (row.Version, row.EndCause)));
        await Store.RebuildProjectionAsync(None);
        Assert.Equal(online, await RowsAsync());
    }

    [Fact]
    public async Task A_search_gives_the_newest_first_and_no_more_than_asked_for()
    {
        var calls = Enumerable.Range(0, 130).Select(_ => Calls.Start()).ToList();
        await AppendAsync(calls);
        calls.Reverse();

        Assert.Equal(calls.Take(100).Select(c => c.CallId), (await Store.SearchAsync(new CallQuery(), None)).Select(r => r.CallId));
        var page = await Store.SearchAsync(new CallQuery { Limit = 7 }, None);
        Assert.Equal(calls.Take(7).Select(c => c.CallId), page.Select(r => r.CallId));
        Assert.Equal(page, await Store.SearchAsync(new CallQuery { Limit = 100, Until = CallCursor.Of(page[^1]) }, None));
        var next = await Store.SearchAsync(new CallQuery { Limit = 7, Behind = CallCursor.Of(page[^1]) }, None);
        Assert.Equal(calls.Skip(7).Take(7).Select(c => c.CallId), next.Select(r => r.CallId));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.SearchAsync(new CallQuery { Limit = 0 }, None));
    }

    [Fact]
    public async Task Each_condition_of_a_search_counts()
    {
        var samples = new SampleCalls(11);
        var histories = Enumerable.Range(0, 200).Select(_ => samples.Any()).ToList();
        await AppendAsync(histories.SelectMany(h => h));
        var rows = (await RowsAsync()).Values.OrderByDescending(r => r.StartedAt).ToList();
        var from = rows[150].StartedAt;
        var to = rows[30].StartedAt;

        await FindsAsync(new CallQuery { From = from }, r => r.StartedAt >= from);
        await FindsAsync(new CallQuery { To = to }, r => r.StartedAt < to);
        await FindsAsync(new CallQuery { Caller = "+15550003" }, r => r.Caller == "+15550003");
        await FindsAsync(new CallQuery { Callee = "+15557654321", Trunk = "pbx" }, r => r.Trunk == "pbx");
        await FindsAsync(new CallQuery { Flow = "flow-2" }, r => r.Flow == "flow-2");
        await FindsAsync(new CallQuery { OfHandoff = EventIds.Handoff(rows[3].CallId, rows[3].LastEventId) }, r => r.CallId == rows[3].CallId);
        var failure = rows.First(r => r.Outcome is not (null or TransferOutcome.Answered)).Outcome;
        await FindsAsync(new CallQuery { Outcome = failure }, r => r.Outcome == failure);
        await FindsAsync(
            new CallQuery { From = from, To = to, Flow = "flow-1", Trunk = "carrier", Outcome = TransferOutcome.Answered },
            r => r.StartedAt >= from && r.StartedAt < to && r.Flow == "flow-1" && r.Trunk == "carrier" && r.Outcome == TransferOutcome.Answered);

        async Task FindsAsync(CallQuery query, Func<CallRow, bool> matches)
        {
            var expected = rows.Where(matches).ToList();
            Assert.NotEmpty(expected);
            Assert.Equal(expected, await Store.SearchAsync(query with { Limit = 1_000 }, None));
        }
    }

    [Fact]
    public async Task Open_calls_of_a_node_are_found_and_closed_ones_are_not()
    {
        var open = Calls.Start(node: "edge-1");
        var ended = Calls.Start(node: "edge-1");
        var elsewhere = Calls.Start(node: "edge-2");
        var later = Calls.Start(node: "edge-1");
        await AppendAsync(open, ended, elsewhere, later, Calls.End(ended));

        var found = await Store.OpenCallsOfAsync("edge-1", later.OccurredAt, None);
        Assert.Equal(open.CallId, Assert.Single(found).CallId);
        Assert.Equal(2, (await Store.OpenCallsOfAsync("edge-1", DateTimeOffset.MaxValue, None)).Count);
    }

    private async Task<Dictionary<Guid, CallRow>> RowsAsync() =>
        (await Store.SearchAsync(new CallQuery { Limit = 100_000 }, None)).ToDictionary(row => row.CallId);

    /// <summary>Batches of any size, some delivered twice, effects sometimes before their causes, until all is stored.</summary>
    private async Task StoreInAnyOrderAsync(List<List<CallEvent>> histories, Random random)
    {
        var left = histories.SelectMany(history => history).ToList();
        while (left.Count > 0)
        {
            int start = random.Next(left.Count);
            var batch = left.GetRange(start, Math.Min(random.Next(1, 60), left.Count - start));
            if (random.Next(4) == 0)
                batch.Reverse();

            // An end is only given with all that comes before it, as its node does.
            batch.RemoveAll(e => e is CallEnded && left.Any(o => o.CallId == e.CallId && o is not CallEnded));
            var waiting = (await AppendAsync(batch)).Waiting.Select(e => e.Event).ToHashSet();
            if (random.Next(4) == 0)
                await AppendAsync(batch);
            left.RemoveAll(e => batch.Contains(e) && !waiting.Contains(e));
        }
    }
}
