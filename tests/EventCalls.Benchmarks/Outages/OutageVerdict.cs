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

    /// <summary>Calls whose stream says that they ended with their process.</summary>
    public int CutOff { get; init; }

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

    /// <summary>Every call that is not as it should be, with what it is.</summary>
    public IEnumerable<string> Bad =>
        LostCalls.Select(c => $"lost {c}").Concat(DoubledCalls.Select(c => $"doubled {c}")).Concat(StuckCalls.Select(c => $"stuck {c}")).Concat(WrongCalls.Select(c => $"wrong {c}"));

    public bool IsClean => Lost + Doubled + Stuck + Wrong == 0;

    /// <summary>Holds the streams against what the callers saw.</summary>
    /// <param name="callers">What each caller saw.</param>
    /// <param name="streams">All streams of the store.</param>
    /// <param name="open">What the fault may have done to open calls.</param>
    public static OutageVerdict Of(IReadOnlyList<CallerView> callers, IReadOnlyList<IReadOnlyList<StoredEvent>> streams, OpenCalls open)
    {
        var byCaller = streams.Where(s => s.Count > 0).ToLookup(s => (s[0].Read() as CallStarted)?.SipCallId ?? "");
        var (lost, doubled, stuck, wrong) = (new List<string>(), new List<string>(), new List<string>(), new List<string>());
        int defaulted = 0;
        foreach (var caller in callers)
        {
            var found = byCaller[caller.SipCallId].ToList();
            // A caller who heard 100 Trying alone from a process that died then was promised nothing.
            bool isAccepted = !caller.IsRefused && (open == OpenCalls.AreCutOff ? caller.Status > 0 || caller.Refers > 0 : caller.WasHeard);
            if (found.Count == 0)
            {
                if (isAccepted)
                    lost.Add(caller.SipCallId);
                continue;
            }
            if (found.Any(s => s.Any(e => e.Type is "routing_timed_out" or "routing_failed")))
                defaulted++;
            // A transfer that is carried out twice is one REFER more than attempts on record.
            if (found.Count > 1 || found.Any(IsDoubled) || caller.Refers > found.Sum(s => s.Count(e => e.Type == "transfer_started")))
                doubled.Add(caller.SipCallId);
            if (found.Any(s => s.All(e => e.Type != "call_ended")))
                stuck.Add(caller.SipCallId);
            else if (Contradiction(caller, found[0], open) is { } contradiction)
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
            CutOff = streams.Count(s => s.Any(e => e.Type == "call_ended" && ((CallEnded)e.Read()).Cause is CallEndCause.NodeLost or CallEndCause.NodeStopped)),
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

    private static string? Contradiction(CallerView caller, IReadOnlyList<StoredEvent> events, OpenCalls open)
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
        if (ended.Cause == CallEndCause.NodeLost && open != OpenCalls.AreCutOff)
            return "it was closed as lost though its process lived or stopped in order";
        if (ended.Cause == CallEndCause.NodeStopped && open == OpenCalls.GoOn)
            return "it was ended by a stop though nobody stopped its process";
        if (open != OpenCalls.AreCutOff && Unfinished(caller) is { } unfinished)
            return unfinished;
        // What the caller saw was on record before it was done, however the call ended.
        if ((caller.Status is >= 200 and < 300 || caller.Refers > 0) && !events.Any(e => e.Type == "transfer_started"))
            return "the attempt that the caller was answered for is not on record";
        bool isReferred = events.Any(e => e.Type == "transfer_completed" && Attempt(e) is (_, _, HandoffMethod.Refer));
        if (isReferred && caller.Refers == 0)
            return "a transfer is on record that the caller never saw";
        if (ended.Cause is CallEndCause.NodeLost or CallEndCause.NodeStopped)
            return null;
        if (caller.SaidSuccess && !isReferred)
            return "the transfer that the caller reported as done is not on record as done";
        if (caller.Status is >= 200 and < 300 && !events.Any(e => e.Type == "call_answered"))
            return "the caller was answered, and on record it was not";
        if (caller.Status >= 300 && ended.Status is { } status && status != caller.Status)
            return $"the caller heard {caller.Status}, on record is {status}";
        return events.Any(e => e.Type == "transfer_started" && !events.Any(o => o.Type is "transfer_completed" or "transfer_failed" && SameAttempt(e, o)))
            ? "an attempt has no outcome"
            : null;
    }

    private static string? Unfinished(CallerView caller) => caller switch
    {
        { WasHeard: true, Status: 0 } => "its caller never got a final answer",
        { Status: >= 200 and < 300, WasHungUp: false } => "its caller was answered and never told of the end",
        _ => null,
    };

    private static bool SameAttempt(StoredEvent started, StoredEvent outcome) =>
        started.Read() is TransferStarted s && Attempt(outcome) is var (handoff, attempt, _) && s.HandoffId == handoff && s.Attempt == attempt;

    private static (Guid Handoff, int Attempt, HandoffMethod Method) Attempt(StoredEvent e) => e.Read() switch
    {
        TransferCompleted done => (done.HandoffId, done.Attempt, done.Method),
        TransferFailed failed => (failed.HandoffId, failed.Attempt, failed.Method),
        _ => default,
    };
}
