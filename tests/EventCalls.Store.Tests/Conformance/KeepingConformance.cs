using System.Text;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Store.Keeping;
using EventCalls.Store.Statistics;

namespace EventCalls.Store.Tests.Conformance;

/// <summary>Archiving, masking and erasing: streams and the projection change together.</summary>
public abstract class KeepingConformance(ICallStoreFixture fixture) : ConformanceBase(fixture)
{
    private static readonly DateTimeOffset s_at = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private ICallKeeping Keeping => (ICallKeeping)Store;

    [Fact]
    public async Task An_archived_call_is_in_no_list_and_no_replay_and_is_there_for_who_asks_for_it()
    {
        var (archived, other) = (Calls.Bridged(), Calls.Bridged());
        await AppendAsync([.. archived, .. other]);
        Assert.Equal(1, await Keeping.ArchiveAsync([archived[0].CallId], s_at, None));
        Assert.Equal(0, await Keeping.ArchiveAsync([archived[0].CallId], s_at, None));

        Assert.Equal(other[0].CallId, Assert.Single(await Store.SearchAsync(new CallQuery(), None)).CallId);
        Assert.Equal(1, await Store.CountAsync(new CallQuery(), None));
        Assert.Equal([other[0].CallId], (await ReadCallsAsync(new CallQuery())).Select(c => c.Call.CallId));
        Assert.Equal([archived[0].CallId], (await ReadCallsAsync(new CallQuery { Archived = true })).Select(c => c.Call.CallId));
        Assert.Equal(2, (await Store.SearchAsync(new CallQuery { Archived = null }, None)).Count);
        Assert.NotNull(await Store.FindAsync(archived[0].CallId.ToString(), None));
        Assert.Equal(9, (await Store.ReadStreamAsync(archived[0].CallId, None)).Count);
    }

    [Fact]
    public async Task An_archived_call_stays_archived_when_the_projection_is_made_again()
    {
        var events = Calls.Bridged();
        await AppendAsync(events);
        await Keeping.ArchiveAsync([events[0].CallId], s_at, None);
        await Store.RebuildProjectionAsync(None);
        Assert.Empty(await Store.SearchAsync(new CallQuery(), None));
        Assert.Single(await Store.SearchAsync(new CallQuery { Archived = true }, None));
    }

    [Fact]
    public async Task Of_a_masked_call_nobody_learns_who_called_and_everybody_what_happened()
    {
        var events = Calls.Bridged();
        var (selected, tried) = ((FlowSelected)events[1], (TransferStarted)events[3]);
        events[1] = selected with { Inputs = new DecisionInputs { Now = s_at, Seed = 1, Lookups = [new LookupAnswer("customers", "15551230001", "Zoë")] } };
        events[3] = tried with { Target = "sip:+15551230001@127.0.0.1:5090", CallerId = "+15551230001", HeadersSent = [new SipHeader("X-Name", "Zoë"), new SipHeader("To", "<sip:15551230001@127.0.0.1>")] };
        await AppendAsync(events);
        var late = Draft.Answered("caller").After(events[8], Calls.NewId(), 1);
        await AppendAsync(new DtmfReceived { EventId = late.EventId, CallId = late.CallId, CausationId = late.CausationId, OccurredAt = late.OccurredAt, Digit = "7" });
        var before = await Store.ReadStreamAsync(events[0].CallId, None);

        Assert.Equal(1, await Keeping.MaskAsync([events[0].CallId], s_at, None));
        Assert.Equal(0, await Keeping.MaskAsync([events[0].CallId], s_at, None));

        var after = await Store.ReadStreamAsync(events[0].CallId, None);
        string all = string.Concat(after.Select(e => Encoding.UTF8.GetString(e.Data.Span)));
        foreach (string secret in (string[])["15551230001", "Zo", "c'1", "North"])
            Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
        Assert.Equal(before.Select(e => (e.Position, e.Version, e.EventId, e.Type, e.CausationId, e.OccurredAt)), after.Select(e => (e.Position, e.Version, e.EventId, e.Type, e.CausationId, e.OccurredAt)));

        var started = (CallStarted)after[0].Read();
        Assert.Equal(("masked", "+15557654321", s_at), (started.CallerNumber, started.CalleeNumber, started.MaskedAt));
        Assert.Equal(((CallStarted)events[0]).Headers.Select(h => h.Name), started.Headers.Select(h => h.Name));
        Assert.Equal("sip:+masked@127.0.0.1:5090", ((TransferStarted)after[3].Read()).Target);
        Assert.Equal(TransferOutcome.Answered, ((TransferCompleted)after[5].Read()).Outcome);
        using var digit = JsonDocument.Parse(Assert.Single(await Store.ReadLateEventsAsync(events[0].CallId, None)).Data);
        Assert.Equal("masked", digit.RootElement.GetProperty("digit").GetString());

        var row = Assert.Single(await Store.SearchAsync(new CallQuery { Masked = true }, None));
        Assert.Equal(("masked", "+15557654321", s_at, "support"), (row.Caller, row.Callee, row.MaskedAt, row.Flow));
        Assert.Empty(await Store.SearchAsync(new CallQuery { Caller = "+15551230001" }, None));
        await Store.RebuildProjectionAsync(None);
        Assert.Equal(row, Assert.Single(await Store.SearchAsync(new CallQuery(), None)));
        Assert.Empty(await Store.FindDamageAsync(None));
    }

    [Theory]
    [InlineData("+15551230001")]
    [InlineData("zebulon.quagmire")]
    [InlineData("4711")]
    public async Task What_is_masked_stands_in_no_message_no_reason_and_no_name_of_a_member_either(string caller)
    {
        var started = Calls.Start(caller: caller) with
        {
            Headers = [new SipHeader("From", $"\"Zebulon Quagmire\" <sip:{caller}@carrier.example>;tag=1"), new SipHeader("X-Customer", "K-4713-99"), new SipHeader("X-Flow", "support")],
        };
        var failed = Draft.RoutingFailed(RoutingFailureCause.LogicThrew, $"nobody called \"Zebulon Quagmire\" <sip:{caller}@carrier.example> with K-4713-99 is known").After(started, Calls.NewId(), 1);
        var selected = Calls.Select(started) with { State = new Dictionary<string, JsonElement> { [$"seen_sip:{caller}"] = JsonSerializer.SerializeToElement("Quagmire Ltd"), ["tier"] = JsonSerializer.SerializeToElement(1) } };
        var requested = Calls.Request(selected) with { Reason = "support" };
        var tried = Calls.Try(requested, target: $"sip:{caller}@127.0.0.1:5090");
        var progressed = Calls.Progress(tried) with { AsReceived = "SIP/2.0 183 Quagmire Ltd is called" };
        var failedOver = Calls.Fail(tried) with { Evidence = new SipEvidence { Source = "response", Status = 486, ReasonPhrase = "Zebulon Quagmire is busy", Reason = "Q.850;text=\"K-4713-99\"" } };
        var ended = Calls.End(failedOver) with { Reason = "Q.850;cause=16;text=\"Zebulon Quagmire hung up\"" };
        await AppendAsync(started, failed, selected, requested, tried, progressed, failedOver, ended);
        Assert.Equal(1, await Keeping.MaskAsync([started.CallId], s_at, None));

        var after = await Store.ReadStreamAsync(started.CallId, None);
        string all = string.Concat(after.Select(e => Encoding.UTF8.GetString(e.Data.Span)));
        foreach (string secret in (string[])[caller.TrimStart('+'), "Zebulon", "Quagmire", "4713"])
            Assert.DoesNotContain(caller == "4711" && secret == caller ? $"sip:{secret}" : secret, all, StringComparison.Ordinal);
        Assert.All(after, e => Assert.NotNull(e.Read()));
        Assert.Equal("support", ((FlowSelected)after.Single(e => e.Type == "flow_selected").Read()).Flow);
        Assert.Equal("support", ((HandoffRequested)after.Single(e => e.Type == "handoff_requested").Read()).Reason);
        Assert.Equal(2, ((FlowSelected)after.Single(e => e.Type == "flow_selected").Read()).State.Count);
        Assert.Contains("masked is busy", ((TransferFailed)after.Single(e => e.Type == "transfer_failed").Read()).Evidence.ReasonPhrase);
        Assert.Equal((TransferOutcome.Busy, "support", "support"), Assert.Single(await Store.SearchAsync(new CallQuery(), None)) is var row ? (row.Outcome, row.Flow, row.Reason) : default);
    }

    [Fact]
    public async Task An_extensions_digits_are_left_where_an_id_a_time_or_a_version_of_the_logic_has_them_by_chance()
    {
        const string Extension = "41235";
        var (call, first, handoff) = (new Guid("019a4123-5000-7000-8000-000000041235"), new Guid("019a0000-0000-7000-8000-412350000001"), new Guid("019a0000-0000-7000-8000-000412350002"));
        var at = new DateTimeOffset(2026, 1, 1, 10, 0, 0, TimeSpan.Zero).AddMicroseconds(412_350);
        var events = Calls.Bridged(Extension);
        var ids = events.ToDictionary(e => e.EventId, e => e is CallStarted ? first : e.EventId);
        for (int i = 0; i < events.Count; i++)
            events[i] = events[i] with { EventId = ids[events[i].EventId], CallId = call, CausationId = ids.GetValueOrDefault(events[i].CausationId), OccurredAt = at.AddSeconds(i) };
        events[1] = (FlowSelected)events[1] with { LogicVersion = $"sha256:{new string('a', 59)}{Extension}" };
        events[2] = (HandoffRequested)events[2] with { HandoffId = handoff };
        events[3] = (TransferStarted)events[3] with { HandoffId = handoff, Target = $"sip:{Extension}@pbx.example.com" };
        await AppendAsync(events);
        var before = await Store.ReadStreamAsync(call, None);
        Assert.Equal(1, await Keeping.MaskAsync([call], s_at, None));

        var after = await Store.ReadStreamAsync(call, None);
        Assert.Equal(before.Select(e => (e.EventId, e.CausationId, e.OccurredAt)), after.Select(e => (e.EventId, e.CausationId, e.OccurredAt)));
        Assert.Equal(events.Select(e => (e.EventId, e.CallId, e.CausationId, e.OccurredAt)), after.Select(e => e.Read()).Select(e => (e.EventId, e.CallId, e.CausationId, e.OccurredAt)));
        var (started, selected, tried) = ((CallStarted)after[0].Read(), (FlowSelected)after[1].Read(), (TransferStarted)after[3].Read());
        Assert.Equal(("masked", ((FlowSelected)events[1]).LogicVersion, handoff, "sip:masked@pbx.example.com"), (started.CallerNumber, selected.LogicVersion, tried.HandoffId, tried.Target));
        Assert.DoesNotContain($":{Extension}@", string.Concat(after.Select(e => Encoding.UTF8.GetString(e.Data.Span))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_was_handed_back_to_its_caller_is_counted_without_the_number_when_it_is_erased()
    {
        var (events, other) = (Calls.Bridged(), Calls.Bridged());
        foreach (var call in (List<CallEvent>[])[events, other])
        {
            call[3] = (TransferStarted)call[3] with { Target = "sip:+15551230001@127.0.0.1:5090" };
            await AppendAsync(call);
        }
        await Keeping.EraseAsync([events[0].CallId], None);
        await Keeping.MaskAsync([other[0].CallId], s_at, None);
        await Keeping.EraseAsync([other[0].CallId], None);
        var group = Assert.Single((await ((ICallStatistics)Store).StatisticsAsync(new StatisticsQuery { By = [StatisticsDimension.Target] }, None)).Groups);
        Assert.Equal(("sip:+masked@127.0.0.1:5090", 2L), (group.Key.Target!, group.Calls));
    }

    [Fact]
    public async Task Of_an_erased_call_only_the_counts_are_left()
    {
        var (erased, other) = (Calls.Bridged(), Calls.Bridged());
        await AppendAsync([.. erased, .. other]);
        await AppendAsync(Draft.Answered("caller").After(erased[8], Calls.NewId(), 1));
        var counted = await CountAsync();
        Assert.Equal(1, await Keeping.EraseAsync([erased[0].CallId, erased[0].CallId, Calls.NewId()], None));

        Assert.Empty(await Store.ReadStreamAsync(erased[0].CallId, None));
        Assert.Empty(await Store.ReadLateEventsAsync(erased[0].CallId, None));
        Assert.Null(await Store.FindAsync(erased[0].CallId.ToString(), None));
        Assert.Null(await Store.FindAsync(((CallStarted)erased[0]).SipCallId, None));
        Assert.Equal(9, (await AllAsync()).Count);
        Assert.Equal(1, await Store.RebuildProjectionAsync(None));
        Assert.Equal(counted, await CountAsync());
    }

    [Fact]
    public async Task A_call_that_is_open_is_left_as_it_is()
    {
        var events = Calls.Bridged();
        await AppendAsync(events[..^1]);
        Guid[] ids = [events[0].CallId];
        Assert.Equal((0, 0, 0), (await Keeping.ArchiveAsync(ids, s_at, None), await Keeping.MaskAsync(ids, s_at, None), await Keeping.EraseAsync(ids, None)));
        Assert.Equal(8, (await Store.ReadStreamAsync(ids[0], None)).Count);
        await AppendAsync(events[^1]);
        Assert.NotNull(Assert.Single(await Store.SearchAsync(new CallQuery(), None)).EndedAt);
    }

    [Fact]
    public async Task New_calls_are_appended_while_old_ones_are_erased()
    {
        var old = Enumerable.Range(0, 40).Select(_ => Calls.Bridged()).ToList();
        await AppendAsync(old.SelectMany(c => c));
        await using var another = OpenAnother();
        var fresh = Enumerable.Range(0, 40).Select(_ => Calls.Bridged()).ToList();
        var erasing = Task.Run(async () =>
        {
            foreach (var call in old)
                Assert.Equal(1, await ((ICallKeeping)another).EraseAsync([call[0].CallId], None));
        });
        foreach (var call in fresh)
            await AppendAsync(call);
        await erasing;
        Assert.Equal(40, await Store.CountAsync(new CallQuery(), None));
        Assert.Equal(40 * 9, (await AllAsync()).Count);
    }

    /// <summary>How many calls and which delays are counted.</summary>
    private async Task<(long Calls, long Rung)> CountAsync()
    {
        var group = Assert.Single((await CountedAsync()).Groups);
        return (group.Calls, group.PostDialDelay.Count());
    }

    /// <summary>The counts with everything in them that was stored.</summary>
    protected virtual Task<CallStatistics> CountedAsync() => ((ICallStatistics)Store).StatisticsAsync(new StatisticsQuery(), None);

    private async Task<List<CallHistory>> ReadCallsAsync(CallQuery query)
    {
        var calls = new List<CallHistory>();
        await foreach (var call in Store.ReadCallsAsync(query, None))
            calls.Add(call);
        return calls;
    }
}
