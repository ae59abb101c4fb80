using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Benchmarks.Outages;

/// <summary>What came of the calls of one case: what the callers saw, held against what is on record.</summary>
internal sealed record OutageVerdict
{
    /// <summary>Calls that were made.</summary>
    public int Calls { get; init; }

    /// <summary>Calls whose caller heard 503, or nothing.</summary>
    public int Refused { get; init; }

    /// <summary>Calls that got the configured default because no decision came.</summary>
    public int Defaulted { get; init; }

    /// <summary>Accepted calls that have no stream.</summary>
    public int Lost => LostCalls.Count;

    /// <summary>Streams that hold an event, an end or an outcome twice, and calls with two streams.</summary>
    public int Doubled => DoubledCalls.Count;

    /// <summary>Streams without an end.</summary>
    public int Stuck => StuckCalls.Count;

    /// <summary>Streams that say what was not so, or in another order.</summary>
    public int Wrong => WrongCalls.Count;

    public IReadOnlyList<string> LostCalls { get; init; } = [];

    public IReadOnlyList<string> DoubledCalls { get; init; } = [];

    public IReadOnlyList<string> StuckCalls { get; init; } = [];

    /// <summary>Each with what is wrong.</summary>
    public IReadOnlyList<string> WrongCalls { get; init; } = [];

    public bool IsClean => Lost + Doubled + Stuck + Wrong == 0;

    /// <summary>Holds the streams against what the callers saw.</summary>
    /// <param name="callers">What each caller saw.</param>
    /// <param name="streams">All streams of the store.</param>
    /// <param name="callsEnd">Whether calls may have ended with their process (<c>node_lost</c>, <c>node_stopped</c>).</param>
    public static OutageVerdict Of(IReadOnlyList<CallerView> callers, IReadOnlyList<IReadOnlyList<StoredEvent>> streams, bool callsEnd)
    {
        var byCaller = streams.Where(s => s.Count > 0).ToLookup(s => (s[0].Read() as CallStarted)?.SipCallId ?? "");
        var (lost, doubled, stuck, wrong) = (new List<string>(), new List<string>(), new List<string>(), new List<string>());
        int defaulted = 0;
        foreach (var caller in callers)
        {
            var found = byCaller[caller.SipCallId].ToList();
            // A caller who heard 100 Trying alone from a process that died then was promised nothing.
            bool isAccepted = !caller.IsRefused && (callsEnd ? caller.Status > 0 || caller.WasReferred : caller.WasHeard);
            if (found.Count == 0)
            {
                if (isAccepted)
                    lost.Add(caller.SipCallId);
                continue;
            }
            if (found.Any(s => s.Any(e => e.Type is "routing_timed_out" or "routing_failed")))
                defaulted++;
            if (found.Count > 1 || found.Any(s => IsDoubled(s)))
                doubled.Add(caller.SipCallId);
            if (found.Any(s => s.All(e => e.Type != "call_ended")))
                stuck.Add(caller.SipCallId);
            else if (Contradiction(caller, found[0], callsEnd) is { } contradiction)
                wrong.Add($"{caller.SipCallId}: {contradiction}");
        }
        // Calls of other callers, whose side was not watched, have whole streams too.
        var watched = callers.Select(c => c.SipCallId).ToHashSet();
        foreach (var others in byCaller.Where(g => !watched.Contains(g.Key)))
        {
            if (others.Count() > 1 || others.Any(IsDoubled))
                doubled.Add(others.Key);
            if (others.Any(s => s.All(e => e.Type != "call_ended")))
                stuck.Add(others.Key);
        }
        return new OutageVerdict
        {
            Calls = callers.Count,
            Refused = callers.Count(c => c.IsRefused || !c.WasHeard),
            Defaulted = defaulted,
            LostCalls = lost,
            DoubledCalls = doubled,
            StuckCalls = stuck,
            WrongCalls = wrong,
        };
    }

    private static bool IsDoubled(IReadOnlyList<StoredEvent> events) =>
        events.Select(e => e.EventId).Distinct().Count() != events.Count
        || events.Count(e => e.Type == "call_started") > 1
        || events.Count(e => e.Type == "call_ended") > 1
        || events.Where(e => e.Type is "transfer_completed" or "transfer_failed").Select(Attempt).GroupBy(a => a).Any(g => g.Count() > 1);

    private static string? Contradiction(CallerView caller, IReadOnlyList<StoredEvent> events, bool callsEnd)
    {
        var known = new HashSet<Guid> { Guid.Empty };
        foreach (var e in events)
        {
            if (!known.Contains(e.CausationId))
                return $"{e.Type} stands before its cause";
            known.Add(e.EventId);
        }
        if (events[0].Type != "call_started" || events[^1].Type != "call_ended")
            return $"it begins with {events[0].Type} and ends with {events[^1].Type}";
        var ended = (CallEnded)events[^1].Read();
        bool isCutOff = ended.Cause is CallEndCause.NodeLost or CallEndCause.NodeStopped;
        if (ended.Cause == CallEndCause.NodeLost && !callsEnd)
            return "it was closed as lost though its process lived";
        if (isCutOff)
            return null;
        bool isAnswered = events.Any(e => e.Type == "transfer_completed" && Attempt(e) is (_, _, HandoffMethod.Refer));
        if (caller.SaidSuccess && !isAnswered)
            return "the transfer that the caller reported as done is not on record as done";
        if (isAnswered && !caller.WasReferred)
            return "a transfer is on record that the caller never saw";
        if (caller.Status >= 300 && ended.Status is { } status && status != caller.Status)
            return $"the caller heard {caller.Status}, on record is {status}";
        return events.Any(e => e.Type == "transfer_started" && !events.Any(o => o.Type is "transfer_completed" or "transfer_failed" && SameAttempt(e, o)))
            ? "an attempt has no outcome"
            : null;
    }

    private static bool SameAttempt(StoredEvent started, StoredEvent outcome) =>
        started.Read() is TransferStarted s && Attempt(outcome) is var (handoff, attempt, _) && s.HandoffId == handoff && s.Attempt == attempt;

    private static (Guid Handoff, int Attempt, HandoffMethod Method) Attempt(StoredEvent e) => e.Read() switch
    {
        TransferCompleted done => (done.HandoffId, done.Attempt, done.Method),
        TransferFailed failed => (failed.HandoffId, failed.Attempt, failed.Method),
        _ => default,
    };
}
