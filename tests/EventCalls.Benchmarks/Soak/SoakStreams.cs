using EventCalls.Host.Composition;
using EventCalls.Store;

namespace EventCalls.Benchmarks.Soak;

/// <summary>What the store has of one kind of caller.</summary>
internal sealed class SoakStreams
{
    private readonly HashSet<string> _sipCallIds = [];

    /// <summary>Calls on record.</summary>
    public int Calls { get; private set; }

    /// <summary>Calls with two streams.</summary>
    public int Doubled { get; private set; }

    /// <summary>Streams without an end.</summary>
    public int Stuck { get; private set; }

    /// <summary>Streams with an end that says the node was lost, though it never was.</summary>
    public int SaidLost { get; private set; }

    /// <summary>Streams that do not begin and end as they must, repeat an event, or have an effect before its cause.</summary>
    public int Wrong { get; private set; }

    /// <summary>When calls began that no decision came for in time, which got the default.</summary>
    public List<DateTimeOffset> Defaulted { get; } = [];

    /// <summary>How the calls ended, and how many did so.</summary>
    public Dictionary<string, int> Endings { get; } = [];

    /// <summary>Reads every stream; the key is the number dialled.</summary>
    public static async Task<Dictionary<string, SoakStreams>> ReadAsync(StoreOptions options)
    {
        await using var store = StoreChoice.Open(options);
        var all = new Dictionary<string, SoakStreams>();
        await foreach (var call in store.ReadCallsAsync(new CallQuery(), CancellationToken.None))
        {
            var started = call.Events[0];
            var dialled = Text(started, "calleeNumber") ?? "?";
            if (!all.TryGetValue(dialled, out var streams))
                all[dialled] = streams = new SoakStreams();
            streams.Add(call.Events, Text(started, "sipCallId") ?? "?");
        }
        return all;
    }

    private void Add(IReadOnlyList<StoredEvent> events, string sipCallId)
    {
        Calls++;
        if (!_sipCallIds.Add(sipCallId))
            Doubled++;
        if (events[^1].Type != "call_ended")
        {
            Stuck++;
            return;
        }
        if (events.Any(e => e.Type == "routing_timed_out") && DateTimeOffset.TryParse(Text(events[0], "occurredAt"), System.Globalization.CultureInfo.InvariantCulture, out var began))
            Defaulted.Add(began);
        if (!IsInOrder(events))
            Wrong++;
        var cause = Text(events[^1], "cause") ?? "?";
        if (cause == "node_lost")
            SaidLost++;
        var outcome = events.LastOrDefault(e => e.Type is "transfer_completed" or "transfer_failed");
        var ending = outcome is null ? cause : $"{cause}, {Text(outcome, "outcome")}";
        Endings[ending] = Endings.GetValueOrDefault(ending) + 1;
    }

    private static bool IsInOrder(IReadOnlyList<StoredEvent> events)
    {
        if (events[0].Type != "call_started" || events.Count(e => e.Type == "call_started") != 1 || events.Count(e => e.Type == "call_ended") != 1)
            return false;
        var all = events.Select(e => e.EventId).ToHashSet();
        var known = new HashSet<Guid>();
        foreach (var e in events)
        {
            // A cause that is not in the stream came late and is kept beside it.
            if (all.Contains(e.CausationId) && !known.Contains(e.CausationId))
                return false;
            if (!known.Add(e.EventId))
                return false;
        }
        return true;
    }

    private static string? Text(StoredEvent e, string property)
    {
        using var json = System.Text.Json.JsonDocument.Parse(e.Data);
        return json.RootElement.TryGetProperty(property, out var value) ? value.ToString() : null;
    }
}
