using EventCalls.Contracts;
using EventCalls.Replay.Calls;

namespace EventCalls.Replay.Past;

/// <summary>Gathers what a call tried, and which step of which handoff each attempt was.</summary>
internal sealed class PastAttempts
{
    private readonly List<HandoffRequested> _handoffs = [];
    private readonly List<Entry> _entries = [];

    private sealed record Entry(Guid HandoffId, int Attempt, TransferStarted? Started, int StepIndex, Handoff Step)
    {
        public TransferOutcome? Outcome { get; set; }

        public long? PostDialDelayMs { get; set; }
    }

    public void Add(HandoffRequested handoff) => _handoffs.Add(handoff);

    public void Add(TransferStarted started) => Enter(started.HandoffId, started.Attempt, started);

    public void Add(TransferFailed failed)
    {
        if (!failed.Evidence.IsRefusal())
            End(failed.HandoffId, failed.Attempt, failed.Outcome, failed.PostDialDelayMs);
    }

    /// <summary>Where the attempt went to; null when the stream does not say.</summary>
    public string? TargetOf(Guid handoffId, int attempt) => Find(handoffId, attempt)?.Started?.Target;

    public IReadOnlyList<PastAttempt> ToList()
    {
        if (_entries.Count == 0)
            return [];
        var list = new PastAttempt[_entries.Count];
        for (int i = 0; i < list.Length; i++)
            list[i] = new PastAttempt(_entries[i].Step, _entries[i].Outcome, _entries[i].PostDialDelayMs);
        return list;
    }

    public void End(Guid handoffId, int attempt, TransferOutcome outcome, long? delay)
    {
        if ((Find(handoffId, attempt) ?? Enter(handoffId, attempt, null)) is not { } entry)
            return;
        entry.Outcome = outcome;
        entry.PostDialDelayMs = delay;
    }

    private Entry? Enter(Guid handoffId, int attempt, TransferStarted? started)
    {
        if (Find(handoffId, attempt) is { } known)
            return known;
        if (_handoffs.Find(h => h.HandoffId == handoffId) is not { Steps.Count: > 0 } handoff)
            return null;
        int index = IndexOf(handoff, handoffId, started, attempt);
        var entry = new Entry(handoffId, attempt, started, index, handoff.Steps[index]);
        _entries.Add(entry);
        return entry;
    }

    private Entry? Find(Guid handoffId, int attempt)
    {
        foreach (var entry in _entries)
        {
            if (entry.Attempt == attempt && entry.HandoffId == handoffId)
                return entry;
        }
        return null;
    }

    // Attempts count over the addresses of an endpoint too, so that two of them can be the same step.
    private int IndexOf(HandoffRequested handoff, Guid handoffId, TransferStarted? started, int attempt)
    {
        int last = handoff.Steps.Count - 1;
        if (_entries.FindLast(e => e.HandoffId == handoffId) is not { } before)
            return Math.Clamp(attempt - 1, 0, started is null ? last : 0);
        int next = Math.Min(before.StepIndex + 1, last);
        if (started is null || Fits(handoff.Steps[next], started) || !Fits(handoff.Steps[before.StepIndex], started))
            return next;
        return before.StepIndex;
    }

    private static bool Fits(Handoff step, TransferStarted started)
    {
        if (step.Method != started.Method || (step.OutboundEndpoint is { } endpoint && started.Trunk is { } trunk && endpoint != trunk))
            return false;
        string? wanted = step.Method switch
        {
            HandoffMethod.Invite => step.PhoneNumber,
            HandoffMethod.Refer => step.ReferTo,
            HandoffMethod.Redirect => step.Contacts is [var best, ..] ? best : null,
            _ => null,
        };
        return wanted is null || started.Target.Contains(wanted, StringComparison.OrdinalIgnoreCase);
    }
}
