using System.Diagnostics;
using EventCalls.Host.Composition;
using EventCalls.Store;

namespace EventCalls.Benchmarks.Load;

/// <summary>Looks into the store whether every call is there, and whole.</summary>
internal static class StoreCheck
{
    /// <summary>Waits until the store has so many ended calls, at most a minute, and until no more come; then reads all streams.</summary>
    public static async Task<StoreFigures> RunAsync(StoreOptions options, int calls)
    {
        await using var store = StoreChoice.Open(options);
        var clock = Stopwatch.StartNew();
        var before = await CountAsync(store);
        while (clock.Elapsed < TimeSpan.FromMinutes(1))
        {
            await Task.Delay(1000);
            var now = await CountAsync(store);
            if (now.Whole >= calls && now.Events == before.Events)
                return now;
            before = now;
        }
        return before;
    }

    private static async Task<StoreFigures> CountAsync(ICallStore store)
    {
        int calls = 0, whole = 0;
        long events = 0;
        var shapes = new Dictionary<string, int>();
        await foreach (var call in store.ReadCallsAsync(new CallQuery(), CancellationToken.None))
        {
            calls++;
            events += call.Events.Count;
            if (IsWhole(call.Events))
                whole++;
            var shape = string.Join(' ', call.Events.Select(e => e.Type));
            shapes[shape] = shapes.GetValueOrDefault(shape) + 1;
        }
        return new StoreFigures(calls, whole, events, shapes);
    }

    private static bool IsWhole(IReadOnlyList<StoredEvent> events) =>
        events.Count > 2
        && events[0].Type == "call_started"
        && events[^1].Type == "call_ended"
        && events.Count(e => e.Type == "call_ended") == 1
        && events.Count(e => e.Type == "transfer_completed") == 1
        && events.Select(e => e.EventId).Distinct().Count() == events.Count;
}
