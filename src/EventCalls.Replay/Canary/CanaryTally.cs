using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Replay.Canary;

/// <summary>Counts what the calls of two versions come to, from their events in the order of storing.</summary>
/// <remarks>
/// Calls count in the order in which they were decided, each when all before it are known: else quick failures would count before answers that take their
/// time. A call counts for the version that decided it first, also where another one decided later. Only calls that began behind the record count.
/// </remarks>
/// <param name="record">The share that holds.</param>
internal sealed class CanaryTally(CanaryRecord record)
{
    // Whom a target lets ring for so long has not got what they called for.
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    private readonly Dictionary<Guid, Watched> _calls = [];
    private readonly Queue<Watched> _inOrder = new();
    private readonly CanaryGuardWatch _guard = new(record.Plan.Guard);
    private long _challengerCalls, _challengerGood, _championCalls, _championGood;

    public CanaryCounts Counts => new(_challengerCalls, _challengerGood, _championCalls, _championGood);

    /// <summary>What the guard has seen; null for nothing.</summary>
    public string? Tripped => _guard.Tripped;

    public void Add(StoredEvent stored)
    {
        if (stored.Type == "call_started")
        {
            _calls[stored.CallId] = new Watched(stored.OccurredAt);
            return;
        }
        if (!_calls.TryGetValue(stored.CallId, out var call))
            return;
        switch (stored.Type)
        {
            case "flow_selected" when call.Version is null:
                call.Version = ((FlowSelected)stored.Read()).LogicVersion;
                _inOrder.Enqueue(call);
                if (call.Version == record.Challenger && !call.HasFailedDecision)
                    _guard.Decided();
                break;
            case "routing_failed" when ((RoutingFailed)stored.Read()).LogicVersion == record.Challenger:
                call.HasFailedDecision = true;
                _guard.DecisionFailed();
                break;
            case "transfer_started" when call.Version == record.Challenger:
                var started = (TransferStarted)stored.Read();
                call.Attempts[(started.HandoffId, started.Attempt)] = started;
                break;
            case "transfer_completed":
                var completed = (TransferCompleted)stored.Read();
                // Who was refused, or hung up on, has not got what they called for.
                if (completed.Method is not (HandoffMethod.Reject or HandoffMethod.Bye))
                    call.IsGood = true;
                if (call.Attempts.Remove((completed.HandoffId, completed.Attempt), out var reached))
                    _guard.Reached(reached, completed.OccurredAt);
                break;
            case "transfer_failed":
                var failed = (TransferFailed)stored.Read();
                if (!call.Attempts.Remove((failed.HandoffId, failed.Attempt), out var tried))
                    break;
                if (failed.Outcome is TransferOutcome.Unreachable or TransferOutcome.TimedOut)
                    _guard.NotReached(tried, failed.OccurredAt);
                else if (failed.Outcome is not (TransferOutcome.CallerHungUp or TransferOutcome.Cancelled or TransferOutcome.InvalidTarget))
                    _guard.Reached(tried, failed.OccurredAt);
                break;
            case "call_ended":
                call.IsGood ??= false;
                _calls.Remove(stored.CallId);
                break;
        }
        Count(stored);
    }

    private void Count(StoredEvent now)
    {
        while (_inOrder.TryPeek(out var first))
        {
            if (first.IsGood is null && now.OccurredAt - first.At < s_longest)
                return;
            _inOrder.Dequeue();
            bool isGood = first.IsGood ?? false;
            if (first.Version == record.Challenger)
                (_challengerCalls, _challengerGood) = (_challengerCalls + 1, _challengerGood + (isGood ? 1 : 0));
            else if (record.Champion is null || first.Version == record.Champion)
                (_championCalls, _championGood) = (_championCalls + 1, _championGood + (isGood ? 1 : 0));
        }
    }

    private sealed class Watched(DateTimeOffset at)
    {
        public DateTimeOffset At { get; } = at;

        public string? Version { get; set; }

        public bool? IsGood { get; set; }

        public bool HasFailedDecision { get; set; }

        public Dictionary<(Guid Handoff, int Attempt), TransferStarted> Attempts { get; } = [];
    }
}
