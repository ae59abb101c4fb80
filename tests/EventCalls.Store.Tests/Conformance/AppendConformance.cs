using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Store.Tests.Conformance;

/// <summary>The rules of appending, the same on every store.</summary>
public abstract class AppendConformance(ICallStoreFixture fixture) : ConformanceBase(fixture)
{
    [Fact]
    public async Task Events_come_back_as_they_were_given()
    {
        var events = Calls.Bridged();
        var result = await AppendAsync(events);

        Assert.Equal(9, result.Stored);
        var stream = await Store.ReadStreamAsync(events[0].CallId, None);
        Assert.Equal(events.Select(CallEventNames.Of), stream.Select(e => e.Type));
        Assert.Equal(events.Select(e => (e.EventId, e.CausationId, e.OccurredAt)), stream.Select(e => (e.EventId, e.CausationId, e.OccurredAt)));
        foreach (var (given, stored) in events.Zip(stream))
        {
            using var was = JsonDocument.Parse(EventToAppend.Of(given).Data);
            using var now = JsonDocument.Parse(stored.Data);
            using var read = JsonDocument.Parse(EventToAppend.Of(stored.Read()).Data);
            Assert.True(JsonElement.DeepEquals(was.RootElement, now.RootElement), $"{was.RootElement} became {now.RootElement}");
            Assert.True(JsonElement.DeepEquals(was.RootElement, read.RootElement), $"{was.RootElement} is read as {read.RootElement}");
        }
    }

    [Fact]
    public async Task Members_that_this_version_does_not_know_are_kept()
    {
        var started = Calls.Start();
        var json = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(EventToAppend.Of(started).Data.Span)!;
        json["addedLater"] = JsonSerializer.SerializeToElement(new { deep = new[] { 1, 2 } });
        await Store.AppendAsync([EventToAppend.Read("call_started"u8.ToArray(), JsonSerializer.SerializeToUtf8Bytes(json))], None);

        using var stored = JsonDocument.Parse((await Store.ReadStreamAsync(started.CallId, None))[0].Data);
        Assert.Equal(2, stored.RootElement.GetProperty("addedLater").GetProperty("deep")[1].GetInt32());
    }

    [Fact]
    public async Task An_event_id_is_stored_once_however_often_it_comes()
    {
        var events = Calls.Bridged();
        await AppendAsync(events[..4]);
        var again = await AppendAsync(events);
        var third = await AppendAsync([.. events, .. events]);

        Assert.Equal((5, 4), (again.Stored, again.Duplicates));
        Assert.Equal((0, 18), (third.Stored, third.Duplicates));
        Assert.Equal(events.Select(e => e.EventId), await IdsOfAsync(events[0].CallId));
        Assert.Empty(await Store.ReadLateEventsAsync(events[0].CallId, None));
    }

    [Fact]
    public async Task The_same_event_twice_in_one_append_is_stored_once()
    {
        var started = Calls.Start();
        var result = await AppendAsync(started, started);
        Assert.Equal((1, 1), (result.Stored, result.Duplicates));
        Assert.Single(await IdsOfAsync(started.CallId));
    }

    [Fact]
    public async Task Events_of_many_calls_are_stored_together_each_in_its_stream()
    {
        var calls = Enumerable.Range(0, 50).Select(_ => Calls.Bridged()).ToList();
        var mixed = Enumerable.Range(0, 9).SelectMany(i => calls.Select(call => call[i]));
        Assert.Equal(450, (await AppendAsync(mixed)).Stored);
        foreach (var call in calls)
            Assert.Equal(call.Select(e => e.EventId), await IdsOfAsync(call[0].CallId));
    }

    [Fact]
    public async Task An_event_whose_cause_is_missing_is_handed_back_and_the_rest_is_stored()
    {
        var started = Calls.Start();
        var selected = Calls.Select(started);
        var requested = Calls.Request(selected);
        var other = Calls.Start();

        var result = await AppendAsync(started, requested, other);
        Assert.Equal(2, result.Stored);
        Assert.Equal(requested.EventId, Assert.Single(result.Waiting).Event.EventId);
        Assert.Equal([started.EventId], await IdsOfAsync(started.CallId));

        Assert.Empty((await AppendAsync(selected, requested)).Waiting);
        Assert.Equal([started.EventId, selected.EventId, requested.EventId], await IdsOfAsync(started.CallId));
    }

    [Fact]
    public async Task A_cause_that_comes_later_in_the_same_append_does_not_count()
    {
        var started = Calls.Start();
        var selected = Calls.Select(started);
        var result = await AppendAsync(selected, started);
        Assert.Equal(selected.EventId, Assert.Single(result.Waiting).Event.EventId);
        Assert.Equal([started.EventId], await IdsOfAsync(started.CallId));
    }

    [Fact]
    public async Task An_event_whose_publisher_recorded_another_one_before_it_waits_for_that_one()
    {
        var call = Calls.BridgedInOrder();
        await AppendAsync(call[..4]);
        var early = await AppendAsync(call[5..]);
        Assert.Equal(call[5..].Select(e => e.EventId), early.Waiting.Select(e => e.Event.EventId));

        Assert.Equal(1, (await AppendAsync(call[4])).Stored);
        Assert.Equal(4, (await AppendAsync(call[5..])).Stored);
        Assert.Equal(call.Select(e => e.EventId), await IdsOfAsync(call[0].CallId));
        Assert.Equal(call[4].EventId, (await Store.ReadStreamAsync(call[0].CallId, None))[5].Read().AfterId);
    }

    [Fact]
    public async Task An_event_of_a_call_whose_start_is_missing_leaves_no_trace()
    {
        var selected = Calls.Select(Calls.Start());
        var result = await AppendAsync(selected);
        Assert.Single(result.Waiting);
        Assert.Empty(await IdsOfAsync(selected.CallId));
        Assert.Null(await Store.FindAsync(selected.CallId.ToString(), None));
        Assert.Empty(await AllAsync());
    }

    [Fact]
    public async Task A_cause_in_another_calls_stream_does_not_count()
    {
        var first = Calls.Start();
        var second = Calls.Start();
        var astray = Calls.Select(first) with { CallId = second.CallId };
        var result = await AppendAsync(first, second, astray);
        Assert.Equal(astray.EventId, Assert.Single(result.Waiting).Event.EventId);
    }

    [Fact]
    public async Task Nothing_follows_the_end_of_a_call_and_what_comes_late_is_kept_beside_it()
    {
        var events = Calls.Bridged();
        await AppendAsync(events);
        var secondEnd = Calls.End(events[5], CallEndCause.NodeLost);
        var straggler = Calls.Progress((TransferStarted)events[3]);

        var result = await AppendAsync(secondEnd, straggler);
        Assert.Equal((0, 2), (result.Stored, result.Late.Count));
        Assert.Equal(events.Select(e => e.EventId), await IdsOfAsync(events[0].CallId));
        var late = await Store.ReadLateEventsAsync(events[0].CallId, None);
        Assert.Equal([secondEnd.EventId, straggler.EventId], late.Select(e => e.EventId));
        Assert.Equal(["call_ended", "transfer_progressed"], late.Select(e => e.Type));
        Assert.Equal(straggler.AsReceived, ((TransferProgressed)CallEventCodec.Read(late[1].Type, late[1].Data.Span)).AsReceived);
    }

    [Fact]
    public async Task A_late_event_is_kept_once_and_need_not_wait_for_a_cause_that_is_late_too()
    {
        var started = Calls.Start();
        var selected = Calls.Select(started);
        var requested = Calls.Request(selected);
        var result = await AppendAsync(started, Calls.End(started), selected, requested);
        Assert.Equal((2, 2, 0), (result.Stored, result.Late.Count, result.Waiting.Count));

        await AppendAsync(requested, selected);
        Assert.Equal([selected.EventId, requested.EventId], (await Store.ReadLateEventsAsync(started.CallId, None)).Select(e => e.EventId));
    }

    [Fact]
    public async Task An_append_of_nothing_stores_nothing()
    {
        Assert.Equal(0, (await AppendAsync()).Stored);
        Assert.Empty(await AllAsync());
    }

    [Fact]
    public async Task Hostile_text_is_stored_and_searched_like_any_other()
    {
        var started = Calls.Start() with
        {
            CallerNumber = new string('9', 70_000),
            CalleeNumber = "'; drop table calls; --",
            SipCallId = "nul\0and \u202e and \"quotes\"",
            RemoteEndPoint = "back\\u0000slash \\ and nul \0",
            Trunk = new string('x', 499) + "😀",
        };
        await AppendAsync(started);

        var row = await Store.FindAsync(started.SipCallId, None);
        Assert.Equal(started.CallId, row?.CallId);
        Assert.Equal(CallProjection.MaxText, row!.Caller.Length);
        Assert.Equal(new string('x', 499), row.Trunk);
        Assert.Single(await Store.SearchAsync(new CallQuery { Callee = started.CalleeNumber, Caller = started.CallerNumber, Trunk = started.Trunk }, None));
        var stored = (CallStarted)(await Store.ReadStreamAsync(started.CallId, None))[0].Read();
        Assert.Equal(started.CallerNumber, stored.CallerNumber);
        Assert.StartsWith("back\\u0000slash \\ and nul ", stored.RemoteEndPoint);
    }
}
