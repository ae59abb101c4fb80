using System.Buffers;
using System.Diagnostics;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Store.Recording;
using EventCalls.Store.Spooling;
using EventCalls.Store.Tests.Recording;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Store.Tests.Spooling;

public sealed class SpoolFeedTests : RecorderTest, IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-feed-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_batch_is_taken_while_the_store_is_away_and_stored_when_it_is_back()
    {
        var down = new TaskCompletionSource();
        Store.Before = _ => down.Task;
        await using var queue = NewQueue();
        using var spool = Open();
        await using var feed = Feed(spool, queue);
        var call = Calls.Bridged();

        await feed.SendAsync(Batch(call), None).WaitAsync(s_patience);
        Assert.Equal(call.Count, spool.OwedEvents);
        down.SetResult();

        await feed.FlushAsync(s_patience, None);
        Assert.Equal(0, spool.OwedEvents);
        Assert.Equal(call.Select(e => e.EventId), await IdsOfAsync(call[0].CallId));
    }

    [Fact]
    public async Task What_a_run_left_is_stored_once_by_the_next_even_where_the_store_had_it_already()
    {
        var calls = Enumerable.Range(0, 200).Select(_ => Calls.Bridged()).ToList();
        using (var spool = Open())
        {
            foreach (var call in calls)
                spool.Append(Batch(call).Payload, call.Count);
        }
        // The store had these before the process died, and it died before it noted that.
        await Store.AppendAsync(Message(calls.Take(50).SelectMany(c => c)), None);

        using var left = Open();
        await using var queue = NewQueue();
        await using (var feed = Feed(left, queue))
        {
            await feed.LeftBroughtAsync(None).WaitAsync(s_patience);
            Assert.Equal(0, left.OwedEvents);
        }
        foreach (var call in calls)
            Assert.Equal(call.Select(e => e.EventId), await IdsOfAsync(call[0].CallId));
        Assert.Equal(200, await Store.CountAsync(new CallQuery(), None));
    }

    [Fact]
    public async Task Events_of_this_process_are_stored_as_they_were_written_without_being_read()
    {
        await using var queue = NewQueue();
        using var spool = Open();
        await using var feed = Feed(spool, queue);
        var read = Calls.Bridged();
        var known = Calls.Bridged();

        await feed.SendAsync(Batch(read), None).WaitAsync(s_patience);
        await feed.SendAsync(Batch(known) with { Events = known }, None).WaitAsync(s_patience);
        await feed.FlushAsync(s_patience, None);

        foreach (var call in (IReadOnlyList<CallEvent>[])[read, known])
        {
            var stored = await Store.ReadStreamAsync(call[0].CallId, None);
            Assert.Equal(call.Select(DataOf), stored.Select(e => Encoding.UTF8.GetString(e.Data.Span)));
            Assert.Equal(call.Select(e => e.EventId), stored.Select(e => e.EventId));
        }
        var rows = await Store.SearchAsync(new CallQuery(), None);
        Assert.Equal(2, rows.Count);
        Assert.Equal(rows[0].Outcome, rows[1].Outcome);
        Assert.Equal(rows[0].Attempts, rows[1].Attempts);
    }

    [Fact]
    public void A_batch_whose_events_are_not_those_it_counts_is_read()
    {
        var call = Calls.Bridged();

        var reading = EventBatchReading.Of(Batch(call) with { Events = [call[0]] });

        Assert.Null(reading.Unreadable);
        Assert.Equal(call.Select(e => e.EventId), reading.Events.Select(e => e.Event.EventId));
    }

    [Fact]
    public void A_handoff_that_carries_its_decision_is_appended_without_it()
    {
        var call = Calls.Bridged();
        var handoff = call.OfType<HandoffRequested>().First() with { Selected = call.OfType<FlowSelected>().First() };

        var reading = EventBatchReading.Of(Batch([handoff]) with { Events = [handoff] });

        Assert.Null(Assert.IsType<HandoffRequested>(Assert.Single(reading.Events).Event).Selected);
    }

    [Fact]
    public async Task More_than_is_kept_in_memory_comes_from_the_disk()
    {
        var down = new TaskCompletionSource();
        Store.Before = _ => down.Task;
        await using var queue = NewQueue();
        using var spool = Open();
        await using var feed = Feed(spool, queue);
        // One call's note of 1 MB each: 40 of them are more than the feed keeps.
        var calls = Enumerable.Range(0, 40).Select(_ => Calls.Start() with { RequestUri = new string('u', 1_000_000) }).ToList();

        foreach (var call in calls)
            await feed.SendAsync(Batch([call]), None);
        down.SetResult();

        await feed.FlushAsync(s_patience, None);
        Assert.Equal(40, await Store.CountAsync(new CallQuery(), None));
    }

    [Fact]
    public async Task A_stop_while_the_store_is_away_ends_when_nothing_is_stored_and_leaves_everything_on_disk()
    {
        Store.Before = _ => throw GatedStore.Down;
        var call = Calls.Bridged();
        await using var queue = NewQueue();
        using (var spool = Open())
        {
            await using var feed = Feed(spool, queue);
            await feed.SendAsync(Batch(call), None);
            await feed.FlushAsync(TimeSpan.FromMilliseconds(100), None).WaitAsync(s_patience);
            Assert.Equal(call.Count, spool.OwedEvents);
        }
        Store.Before = _ => Task.CompletedTask;
        using var again = Open();
        await using var next = Feed(again, queue);
        await next.LeftBroughtAsync(None).WaitAsync(s_patience);
        Assert.Equal(call.Select(e => e.EventId), await IdsOfAsync(call[0].CallId));
    }

    [Fact]
    public async Task What_the_store_does_not_take_is_kept_aside_and_the_rest_is_stored()
    {
        await using var queue = NewQueue();
        using var spool = Open();
        await using var feed = Feed(spool, queue);
        var call = Calls.Bridged();
        var good = Batch(call);
        var bad = good with { Payload = [.. good.Payload, .. "an_event_of_a_later_version {}\n"u8], Count = good.Count + 1 };

        await feed.SendAsync(bad, None);
        await feed.FlushAsync(s_patience, None);

        Assert.Equal(call.Select(e => e.EventId), await IdsOfAsync(call[0].CallId));
        Assert.Equal(0, spool.OwedEvents);
        Assert.True(File.ReadAllBytes(Path.Combine(_folder.FullName, "refused.spool")).AsSpan().IndexOf("an_event_of_a_later_version"u8) > 0);
    }

    [Fact]
    public async Task On_a_full_disk_a_batch_counts_as_taken_when_the_store_has_it_and_else_not()
    {
        // A disk of 64 KiB is mounted where that is allowed; elsewhere a folder that vanished refuses the file just as well.
        bool mounted = Mount();
        try
        {
            await using var queue = NewQueue();
            using var spool = Open();
            await using var feed = Feed(spool, queue);
            Assert.False(spool.IsFull);
            Fill(spool, mounted);
            Assert.True(spool.IsFull);

            var stored = Calls.Bridged();
            await feed.SendAsync(Batch(stored), None).WaitAsync(s_patience);
            Assert.Equal(stored.Select(e => e.EventId), await IdsOfAsync(stored[0].CallId));

            Store.Before = _ => throw GatedStore.Down;
            await Assert.ThrowsAsync<IOException>(() => feed.SendAsync(Batch(Calls.Bridged()), None)).WaitAsync(s_patience);
            Assert.True(spool.IsFull);

            MakeRoom(mounted);
            spool.Tend();
            Assert.False(spool.IsFull);
            await feed.SendAsync(Batch(Calls.Bridged()), None).WaitAsync(s_patience);
        }
        finally
        {
            if (mounted)
                Run("umount", _folder.FullName);
        }
    }

    private bool Mount() => Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", _folder.FullName) == 0;

    private void Fill(Spool spool, bool mounted)
    {
        if (mounted)
        {
            using var filler = File.OpenHandle(Path.Combine(_folder.FullName, "filler"), FileMode.Create, FileAccess.Write);
            Refused(n => RandomAccess.Write(filler, new byte[4096], n * 4096L));
        }
        else
        {
            Directory.Move(_folder.FullName, _folder.FullName + ".away");
        }
        Refused(_ => spool.Append(new byte[2000], 0));
    }

    /// <summary>Does it until the disk does not take it.</summary>
    private static void Refused(Action<int> write)
    {
        for (int n = 0; n < 10_000; n++)
        {
            try
            {
                write(n);
            }
            catch (IOException)
            {
                return;
            }
        }
        Assert.Fail("The disk takes everything.");
    }

    private void MakeRoom(bool mounted)
    {
        if (mounted)
            File.Delete(Path.Combine(_folder.FullName, "filler"));
        else
            Directory.Move(_folder.FullName + ".away", _folder.FullName);
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private Spool Open() => Spool.Open(new SpoolOptions { Folder = _folder.FullName, SegmentBytes = 64 * 1024 }, NullLogger.Instance);

    private static SpoolFeed Feed(Spool spool, AppendQueue queue) => new(spool, queue, TimeProvider.System, NullLogger<SpoolFeed>.Instance);

    private static string DataOf(CallEvent e) => Encoding.UTF8.GetString(EventToAppend.Of(e).Data.Span);

    private static CallEventBatch Batch(IReadOnlyList<CallEvent> events)
    {
        var payload = new ArrayBufferWriter<byte>();
        foreach (var e in events)
            CallEventCodec.WriteLine(payload, e);
        return new CallEventBatch { Source = "test", Count = events.Count, Payload = payload.WrittenSpan.ToArray() };
    }
}
