using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Replay.Explaining;
using EventCalls.Simulation.Peers;
using EventCalls.Store;

namespace EventCalls.Simulation.Forks;

/// <summary>A recorded call, taken apart into what each side did and when.</summary>
public sealed class Recording
{
    private Recording(IReadOnlyList<CallEvent> events, CallStarted started)
    {
        Events = events;
        Started = started;
    }

    /// <summary>The stream.</summary>
    public IReadOnlyList<CallEvent> Events { get; }

    /// <summary>Its first event.</summary>
    public CallStarted Started { get; }

    /// <summary>Its last event; null when the call is open.</summary>
    public CallEnded? Ended { get; private init; }

    /// <summary>The attempts, in order.</summary>
    public List<RecordedAttempt> Attempts { get; } = [];

    /// <summary>Each time a decision was asked for, in order.</summary>
    public IReadOnlyList<RecordedRequest> Requests { get; private init; } = [];

    /// <summary>Commands from outside, as they were given, and when they were taken; not those for the recording, as no media is played.</summary>
    public IEnumerable<(DateTimeOffset At, CallCommand Command)> Commands => Events.OfType<CommandTaken>().Where(taken => taken.Kind is not (CommandKind.Recording or CommandKind.Monitor)).Select(taken => (taken.OccurredAt, CommandOf(taken)));

    /// <summary>Handoffs that were asked for from outside, and not by a command.</summary>
    public IEnumerable<HandoffRequested> ApiHandoffs =>
        Events.OfType<HandoffRequested>().Where(h => h.RequestedBy == Requester.Api && !Events.Any(e => e is CommandTaken && e.EventId == h.CausationId));

    /// <summary>What a side of the call asked for by REFER.</summary>
    public IEnumerable<ReferReceived> Refers => Events.OfType<ReferReceived>();

    /// <summary>All look-ups that were made, with the answers they got.</summary>
    public IReadOnlyList<LookupAnswer> Lookups => [.. Events.OfType<FlowSelected>().SelectMany(s => s.Inputs?.Lookups ?? [])];

    /// <summary>When a caller whose call came to nothing gave up, milliseconds after the INVITE; null when the call ended otherwise.</summary>
    public long? PatienceMs
    {
        get
        {
            if (Ended is not { } ended || Attempts is [.., { IsCompleted: true }] || Attempts is [.., { Evidence: { } e }] && e.Here() == LocalEvidence.ByeBeforeFinalNotify)
                return null;
            return ended.EndedBy == CallParty.Caller || IsBreakdown(ended.Cause) ? Since(ended.OccurredAt) : null;
        }
    }

    /// <summary>The number of an event, from 1: in the order in which things happened, which is that of the stream but for old ones.</summary>
    public int NumberOf(Guid eventId)
    {
        int i = 0;
        while (Events[i].EventId != eventId)
            i++;
        return i + 1;
    }

    /// <summary>Reads a stream as it is stored, and takes it apart; what other programs put into it (<see cref="IsForeign"/>) is passed over.</summary>
    /// <exception cref="UnplayableCallException">It does not begin with the INVITE, or one of its events cannot be read.</exception>
    public static Recording Read(IReadOnlyList<StoredEvent> stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var events = new List<CallEvent>(stream.Count);
        foreach (var stored in stream)
        {
            if (IsForeign(stored))
                continue;
            try
            {
                events.Add(stored.Read());
            }
            catch (JsonException e)
            {
                throw new UnplayableCallException($"Event {stored.Version} of the call, '{PlainText.Of(stored.Type)}', cannot be read, so the call cannot be played: {PlainText.Of(e.Message)}", e);
            }
        }
        return events is [CallStarted, ..] ? Of(events) : throw new UnplayableCallException("The stream does not begin with the call's INVITE, so the call cannot be played.");
    }

    /// <summary>Whether it is no event of ours: an application's own, or one of a newer version, without which the call does not play as it was recorded, and that shows.</summary>
    public static bool IsForeign(StoredEvent stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return CallEventNames.TypeOf(stored.Type) is null;
    }

    /// <summary>Takes a stream apart.</summary>
    /// <exception cref="FormatException">It does not begin with the INVITE.</exception>
    public static Recording Of(IReadOnlyList<CallEvent> events)
    {
        if (events is not [CallStarted started, ..])
            throw new FormatException("The stream does not begin with the call's INVITE.");
        events = OrderOfOccurrence.Of(events);
        var recording = new Recording(events, started) { Ended = events.OfType<CallEnded>().FirstOrDefault(), Requests = RequestsOf(events) };
        foreach (var e in events)
            recording.AddToAttempt(e);
        if (recording.Ended is { } ended && recording.LastHeld() is { DecidedAtMs: { } decided } last)
            last.HeldMs = last.Since(ended.OccurredAt) - decided;
        return recording;
    }

    /// <summary>Whether a call broke down instead of being ended by somebody.</summary>
    public static bool IsBreakdown(CallEndCause cause) => cause is CallEndCause.PeerSilent or CallEndCause.SessionExpired or CallEndCause.MediaTimeout or CallEndCause.NodeLost or CallEndCause.NodeStopped or CallEndCause.Error;

    /// <summary>Milliseconds from the INVITE to a time.</summary>
    public long Since(DateTimeOffset time) => Math.Max(0, (long)Math.Round((time - Started.OccurredAt).TotalMilliseconds));

    // What failed in mid-call left the two talking who were connected before, until one of them hung up.
    private RecordedAttempt? LastHeld() => Attempts is [.., { IsCompleted: true } last] ? last
        : Ended is { EndedBy: CallParty.Caller or CallParty.Target, Cause: CallEndCause.HungUp } ? Attempts.LastOrDefault(a => a.IsCompleted)
        : null;

    private static List<RecordedRequest> RequestsOf(IReadOnlyList<CallEvent> events)
    {
        var decisions = RecordedDecisions.Of(events);
        var requests = new List<RecordedRequest>();
        foreach (var cause in events)
        {
            if (cause is not (CallStarted or TransferFailed or ReferReceived or CommandTaken { Flow: not null }))
                continue;
            int number = IndexOf(events, cause) + 1;
            var decided = decisions.FirstOrDefault(d => d.Selected is not null && d.CauseEvent == number);
            var timedOut = decisions.FirstOrDefault(d => d.Kind == DecisionKind.Deadline && d.CauseEvent == number);
            var ended = decided is null && timedOut is null && number < events.Count && events[number] is CallEnded end ? end.OccurredAt : (DateTimeOffset?)null;
            if (decided is not null || timedOut is not null || ended is not null || cause is CallStarted)
                requests.Add(new RecordedRequest(cause, decided, timedOut?.Event, ended));
        }
        return requests;
    }

    private CallCommand CommandOf(CommandTaken taken)
    {
        var handoff = Events.OfType<HandoffRequested>().FirstOrDefault(h => h.CausationId == taken.EventId);
        return new CallCommand
        {
            CommandId = taken.CommandId,
            CallId = taken.CallId,
            Node = Started.Node,
            Kind = taken.Kind,
            By = taken.By,
            Reason = taken.Reason,
            Flow = taken.Flow,
            Steps = handoff?.Steps ?? [],
            State = Events.OfType<StateChanged>().FirstOrDefault(c => c.CausationId == taken.EventId)?.Changes,
        };
    }

    private static int IndexOf(IReadOnlyList<CallEvent> events, CallEvent e)
    {
        int i = 0;
        while (!ReferenceEquals(events[i], e))
            i++;
        return i;
    }

    private void AddToAttempt(CallEvent e)
    {
        switch (e)
        {
            case TransferStarted started:
                Attempts.Add(new RecordedAttempt(started));
                break;
            case TransferProgressed progressed when Find(progressed.HandoffId, progressed.Attempt) is { } attempt:
                attempt.Progress.Add((attempt.Since(e.OccurredAt), progressed));
                break;
            case CallAnswered { Leg: "target" } answered when Attempts.FindLast(a => a.Started.HandoffId == answered.HandoffId) is { } attempt:
                attempt.AnsweredAtMs = attempt.Since(e.OccurredAt);
                break;
            case TransferCompleted completed when Find(completed.HandoffId, completed.Attempt) is { } attempt:
                attempt.IsCompleted = true;
                attempt.Evidence = completed.Evidence;
                attempt.DecidedAtMs = attempt.Since(e.OccurredAt);
                break;
            case TransferFailed failed when Find(failed.HandoffId, failed.Attempt) is { } attempt:
                attempt.Evidence = failed.Evidence;
                attempt.DecidedAtMs = attempt.Since(e.OccurredAt);
                break;
        }
    }

    private RecordedAttempt? Find(Guid handoff, int number) => Attempts.FindLast(a => a.Started.HandoffId == handoff && a.Started.Attempt == number);
}

/// <summary>A stored call cannot be played.</summary>
/// <param name="message">What is in the way, safe to show.</param>
/// <param name="inner">Why an event cannot be read; null for another reason.</param>
public sealed class UnplayableCallException(string message, Exception? inner = null) : Exception(message, inner);
