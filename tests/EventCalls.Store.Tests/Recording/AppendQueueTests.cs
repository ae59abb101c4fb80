using System.Collections.Concurrent;
using System.Diagnostics;
using EventCalls.Contracts;
using EventCalls.Store.Recording;

namespace EventCalls.Store.Tests.Recording;

public sealed class AppendQueueTests : RecorderTest
{
    [Fact]
    public async Task A_message_is_done_when_its_events_are_stored()
    {
        await using var queue = NewQueue();
        var call = Calls.Bridged();
        await queue.AppendAsync(Message(call), None);
        Assert.Equal(call.Select(e => e.EventId), await IdsOfAsync(call[0].CallId));
    }

    [Fact]
    public async Task A_message_is_not_done_before_its_events_are_stored()
    {
        var gate = new TaskCompletionSource();
        Store.Before = _ => gate.Task;
        await using var queue = NewQueue();
        var call = Calls.Bridged();
        var message = queue.AppendAsync(Message(call), None);
        Assert.False(message.IsCompleted);
        Assert.Empty(await IdsOfAsync(call[0].CallId));
        gate.SetResult();
        await message;
    }

    [Fact]
    public async Task Messages_that_come_while_an_append_runs_share_the_next_one()
    {
        var first = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        Store.Before = _ =>
        {
            entered.TrySetResult();
            return first.Task;
        };
        await using var queue = NewQueue();
        var messages = new List<Task> { queue.AppendAsync(Message(Calls.Bridged()), None) };
        await entered.Task;
        messages.AddRange(Enumerable.Range(0, 100).Select(_ => queue.AppendAsync(Message(Calls.Bridged()), None)));
        first.SetResult();
        await Task.WhenAll(messages);
        Assert.Equal(2, Store.Appends);
    }

    [Fact]
    public async Task A_flush_that_comes_while_an_append_runs_waits_for_nothing_that_comes_after_it()
    {
        var gate = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        Store.Before = _ =>
        {
            entered.TrySetResult();
            return gate.Task;
        };
        await using var queue = NewQueue();
        var message = queue.AppendAsync(Message(Calls.Bridged()), None);
        await entered.Task;
        var flush = queue.FlushAsync(None);
        gate.SetResult();
        await message;
        await flush.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task An_append_is_not_gathered_beyond_its_limit()
    {
        var sizes = new List<int>();
        Store.Before = events =>
        {
            sizes.Add(events.Count);
            return Task.CompletedTask;
        };
        await using var queue = NewQueue(Options with { MaxEvents = 20, Linger = TimeSpan.FromMilliseconds(30) });
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => queue.AppendAsync(Message(Calls.Bridged()), None)));
        Assert.Equal(40 * 9, sizes.Sum());
        Assert.All(sizes, size => Assert.InRange(size, 9, 27));
    }

    [Fact]
    public async Task An_event_waits_for_its_cause_and_both_messages_are_done_when_it_came()
    {
        await using var queue = NewQueue();
        var call = Calls.Bridged();
        var effects = queue.AppendAsync(Message(call[4..]), None);
        var middle = queue.AppendAsync(Message(call[2..4]), None);
        await queue.AppendAsync(Message(Calls.Bridged()), None);
        Assert.False(effects.IsCompleted);
        Assert.False(middle.IsCompleted);

        await queue.AppendAsync(Message(call[..2]), None);
        await Task.WhenAll(effects, middle);
        Assert.Equal(call.Select(e => e.EventId).Order(), (await IdsOfAsync(call[0].CallId)).Order());
        Assert.Equal(call[8].EventId, (await IdsOfAsync(call[0].CallId))[^1]);
    }

    [Fact]
    public async Task What_waits_for_its_cause_is_in_the_trace_once_when_it_is_stored()
    {
        var call = Calls.Bridged();
        string trace = call[0].CallId.ToString("N");
        var appended = new ConcurrentQueue<int>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == CallTrace.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.DisplayName == "append" && span.TraceId.ToHexString() == trace)
                    appended.Enqueue((int)span.GetTagItem("eventcalls.events")!);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var queue = NewQueue();
        var effects = queue.AppendAsync(Message(call[4..]), None);
        // It is looked at some times before its cause comes, and what is there already comes again.
        await queue.AppendAsync(Message(Calls.Bridged()), None);
        await queue.AppendAsync(Message(Calls.Bridged()), None);
        await queue.AppendAsync(Message(call[..4]), None);
        await effects;
        await queue.AppendAsync(Message(call), None);

        Assert.Equal(call.Count, appended.Sum());
    }

    [Fact]
    public async Task A_cause_that_another_recorder_stores_is_noticed()
    {
        await using var queue = NewQueue();
        var call = Calls.Bridged();
        var effects = queue.AppendAsync(Message(call[1..]), None);
        await queue.AppendAsync(Message(Calls.Start()), None);
        await Store.AppendAsync(Message(call[0]), None);
        await effects;
        Assert.Equal(9, (await IdsOfAsync(call[0].CallId)).Count);
    }

    [Fact]
    public async Task A_message_whose_cause_never_comes_fails_by_name_and_its_other_events_are_stored()
    {
        await using var queue = NewQueue(Options with { CauseTimeout = TimeSpan.FromMilliseconds(20) });
        var call = Calls.Bridged();
        var other = Calls.Bridged();
        var failed = await Assert.ThrowsAsync<CauseNotStoredException>(() => queue.AppendAsync(Message([.. other, .. call[2..4]]), None));
        Assert.Equal((call[0].CallId, call[1].EventId), (failed.CallId, failed.CausationId));
        Assert.Contains("handoff_requested", failed.Message);
        Assert.Equal(9, (await IdsOfAsync(other[0].CallId)).Count);

        // The bus delivers it again, after the cause has come.
        await queue.AppendAsync(Message(call[..2]), None);
        await queue.AppendAsync(Message([.. other, .. call[2..4]]), None);
        Assert.Equal(4, (await IdsOfAsync(call[0].CallId)).Count);
    }

    [Fact]
    public async Task While_the_store_is_down_messages_wait_and_afterwards_all_are_stored_once()
    {
        int tries = 0;
        Store.Before = _ => ++tries <= 10 ? throw GatedStore.Down : Task.CompletedTask;
        await using var queue = NewQueue();
        var calls = Enumerable.Range(0, 5).Select(_ => Calls.Bridged()).ToList();
        await Task.WhenAll(calls.Select(call => queue.AppendAsync(Message(call), None)));
        Assert.True(tries > 10);
        foreach (var call in calls)
            Assert.Equal(9, (await IdsOfAsync(call[0].CallId)).Count);
    }

    [Fact]
    public async Task A_message_that_the_store_refuses_fails_alone_and_what_can_be_stored_of_it_is()
    {
        var poison = Calls.Start(callee: "poison");
        Store.Before = events => events.Any(e => e.Event.EventId == poison.EventId)
            ? throw new EventRefusedException("The event store does not take an event.")
            : Task.CompletedTask;
        await using var queue = NewQueue(Options with { Linger = TimeSpan.FromMilliseconds(30) });
        var good = Enumerable.Range(0, 4).Select(_ => Calls.Bridged()).ToList();
        var besides = Calls.Bridged();

        var messages = good.Select(call => queue.AppendAsync(Message(call), None)).ToList();
        var refused = await Assert.ThrowsAsync<EventRefusedException>(() => queue.AppendAsync(Message([poison, .. besides]), None));
        await Task.WhenAll(messages);
        Assert.Contains(poison.EventId.ToString(), refused.Message);
        foreach (var call in good.Append(besides))
            Assert.Equal(9, (await IdsOfAsync(call[0].CallId)).Count);
        Assert.Empty(await IdsOfAsync(poison.CallId));
    }

    [Fact]
    public async Task Waiting_effects_of_a_message_appended_event_by_event_are_kept_until_their_cause_comes()
    {
        var poison = Calls.Start(callee: "poison");
        Store.Before = events => events.Any(e => e.Event.EventId == poison.EventId)
            ? throw new EventRefusedException("The event store does not take an event.")
            : Task.CompletedTask;
        await using var queue = NewQueue();
        var call = Calls.Bridged();
        var message = queue.AppendAsync(Message([poison, .. call[2..]]), None);
        await queue.AppendAsync(Message(Calls.Start()), None);
        Assert.False(message.IsCompleted);

        await queue.AppendAsync(Message(call[..2]), None);
        var refused = await Assert.ThrowsAsync<EventRefusedException>(() => message);
        Assert.Contains(poison.EventId.ToString(), refused.Message);
        Assert.Equal(9, (await IdsOfAsync(call[0].CallId)).Count);
    }

    [Fact]
    public async Task A_message_whose_events_are_all_taken_one_by_one_is_done()
    {
        Store.Before = events => events.Count > 1 ? throw new InvalidOperationException("a fault of ours") : Task.CompletedTask;
        await using var queue = NewQueue();
        var call = Calls.Bridged();
        await queue.AppendAsync(Message(call), None);
        Assert.Equal(9, (await IdsOfAsync(call[0].CallId)).Count);
    }

    [Fact]
    public async Task A_cause_is_waited_for_while_the_store_was_down_and_it_could_not_come()
    {
        await using var queue = NewQueue(Options with { CauseTimeout = TimeSpan.FromMilliseconds(400), CauseRetryInterval = TimeSpan.FromMilliseconds(20) });
        var call = Calls.Bridged();
        var effects = queue.AppendAsync(Message(call[1..]), None);
        await queue.AppendAsync(Message(Calls.Start()), None);
        var up = new TaskCompletionSource();
        Store.Before = _ => up.Task;
        var other = queue.AppendAsync(Message(Calls.Start()), None);
        await Task.Delay(800);
        Store.Before = _ => Task.CompletedTask;
        up.SetResult();
        await other;
        await queue.AppendAsync(Message(call[0]), None);
        await effects;
    }

    [Fact]
    public async Task A_flush_waits_for_what_was_queued_before_it()
    {
        var gate = new TaskCompletionSource();
        Store.Before = _ => gate.Task;
        await using var queue = NewQueue();
        var call = Calls.Bridged();
        var message = queue.AppendAsync(Message(call), None);
        var flush = queue.FlushAsync(None);
        Assert.False(flush.IsCompleted);
        gate.SetResult();
        await flush;
        Assert.Equal(9, (await IdsOfAsync(call[0].CallId)).Count);
        await message;
    }

    [Fact]
    public async Task A_batch_that_was_overtaken_by_a_later_one_of_its_call_is_stored_before_it()
    {
        await using var queue = NewQueue();
        var call = Calls.BridgedInOrder();
        await queue.AppendAsync(Message(call[..4]), None);
        var later = queue.AppendAsync(Message(call[5..]), None);
        await queue.AppendAsync(Message(Calls.Start()), None);
        Assert.False(later.IsCompleted);
        await queue.AppendAsync(Message(call[4]), None);
        await later;
        Assert.Equal(call.Select(e => e.EventId), await IdsOfAsync(call[0].CallId));
    }

    [Fact]
    public async Task An_event_whose_forerunner_never_comes_is_stored_after_its_time()
    {
        await using var queue = NewQueue(Options with { CauseTimeout = TimeSpan.FromMilliseconds(50) });
        var call = Calls.BridgedInOrder();
        await queue.AppendAsync(Message(call[..4]), None);
        await queue.AppendAsync(Message(call[5..]), None);
        Assert.Equal(8, (await IdsOfAsync(call[0].CallId)).Count);
    }

    [Fact]
    public async Task Batches_of_one_call_in_any_order_end_in_the_order_of_their_events()
    {
        await using var queue = NewQueue(Options with { Linger = TimeSpan.FromMilliseconds(1) });
        var random = new Random(5);
        var calls = Enumerable.Range(0, 100).Select(_ => Calls.BridgedInOrder()).ToList();
        var messages = calls.SelectMany(call => call.Select(e => new[] { e })).ToArray();
        random.Shuffle(messages);
        await Task.WhenAll(messages.Select(message => queue.AppendAsync(Message(message), None)));
        foreach (var call in calls)
            Assert.Equal(call.Select(e => e.EventId), await IdsOfAsync(call[0].CallId));
    }

    [Fact]
    public async Task An_append_that_does_not_return_is_given_up_and_done_again()
    {
        var hangs = new TaskCompletionSource();
        Store.Before = _ => hangs.Task;
        await using var queue = NewQueue(Options with { AppendLimit = TimeSpan.FromMilliseconds(50) });
        var call = Calls.Bridged();
        var message = queue.AppendAsync(Message(call), None);
        while (Store.Appends < 3)
            await Task.Delay(5);
        Store.Before = _ => Task.CompletedTask;
        await message;
        hangs.SetResult();
        Assert.Equal(call.Select(e => e.EventId), await IdsOfAsync(call[0].CallId));
    }

    [Fact]
    public async Task An_unexpected_error_fails_the_message_and_the_queue_goes_on()
    {
        Store.Before = _ => throw new InvalidOperationException("a fault of ours");
        await using var queue = NewQueue();
        await Assert.ThrowsAsync<EventRefusedException>(() => queue.AppendAsync(Message(Calls.Start()), None));
        Store.Before = _ => Task.CompletedTask;
        await queue.AppendAsync(Message(Calls.Start()), None);
    }

    [Fact]
    public async Task A_consumer_that_gives_up_stops_waiting_and_harms_nobody()
    {
        var gate = new TaskCompletionSource();
        Store.Before = _ => gate.Task;
        await using var queue = NewQueue();
        using var giving = new CancellationTokenSource();
        var given = queue.AppendAsync(Message(Calls.Start()), giving.Token);
        var other = queue.AppendAsync(Message(Calls.Start()), None);
        await giving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.False(other.IsCompleted);
        gate.SetResult();
        await other;
    }

    [Fact]
    public async Task A_queue_that_is_stopped_gives_its_messages_back()
    {
        Store.Before = _ => throw GatedStore.Down;
        var queue = NewQueue();
        var waiting = Enumerable.Range(0, 20).Select(_ => queue.AppendAsync(Message(Calls.Start()), None)).ToList();
        await queue.DisposeAsync();
        foreach (var message in waiting)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => message);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => queue.AppendAsync(Message(Calls.Start()), None));
        await queue.DisposeAsync();
    }

    [Fact]
    public async Task A_message_without_events_is_done_at_once()
    {
        await using var queue = NewQueue();
        await queue.AppendAsync([], None);
        Assert.Equal(0, Store.Appends);
    }

    [Fact]
    public async Task Many_messages_out_of_order_and_twice_end_in_whole_streams()
    {
        await using var queue = NewQueue(Options with { Linger = TimeSpan.FromMilliseconds(2), Capacity = 16 });
        var random = new Random(3);
        var calls = Enumerable.Range(0, 150).Select(_ => Calls.Bridged()).ToList();
        var messages = calls.SelectMany(call => new List<CallEvent>[] { call[..2], call[2..3], call[3..6], call[6..] }).ToList();
        messages.AddRange(messages.Where(_ => random.Next(3) == 0).ToList());
        var shuffled = messages.ToArray();
        random.Shuffle(shuffled);
        await Task.WhenAll(shuffled.Select(message => queue.AppendAsync(Message(message), None)));
        foreach (var call in calls)
            Assert.Equal(call.Select(e => e.EventId), await IdsOfAsync(call[0].CallId));
    }
}
