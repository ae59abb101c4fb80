using EventCalls.Contracts;

namespace EventCalls.Simulation.Forks;

/// <summary>The stream of a forked call: the recorded events up to the fork, then the played ones, in one time.</summary>
/// <remarks>The play knows no bus and no processor, so it is some milliseconds ahead; what follows the fork is moved by as much.</remarks>
internal static class ForkedStream
{
    /// <summary>Puts them together.</summary>
    /// <param name="recorded">The recorded stream.</param>
    /// <param name="at">How many of its events are kept.</param>
    /// <param name="played">The played stream.</param>
    /// <param name="reproduced">How many of its events tell of the same as those that are kept.</param>
    public static IReadOnlyList<CallEvent> Of(IReadOnlyList<CallEvent> recorded, int at, IReadOnlyList<CallEvent> played, int reproduced)
    {
        var ahead = recorded[at - 1].OccurredAt - played[reproduced - 1].OccurredAt;
        var ids = new ReplacedIds(recorded.Take(at).Where(EventSignature.IsPlayed), played);
        var events = recorded.Take(at).ToList();
        foreach (var e in played.Skip(reproduced))
            events.Add(ids.In(e) with { OccurredAt = e.OccurredAt + ahead });
        if (events[^1] is CallEnded ended)
            events[^1] = Timed(ended, events);
        return events;
    }

    private static CallEnded Timed(CallEnded ended, List<CallEvent> events)
    {
        var answered = events.OfType<CallAnswered>().FirstOrDefault(a => a.Leg == "caller")?.OccurredAt;
        return ended with
        {
            DurationMs = (long)(ended.OccurredAt - events[0].OccurredAt).TotalMilliseconds,
            AnsweredMs = answered is { } at ? (long)(ended.OccurredAt - at).TotalMilliseconds : null,
        };
    }

    /// <summary>What refers to a played event, or handoff, before the fork refers to the recorded one instead.</summary>
    private sealed class ReplacedIds
    {
        private readonly Dictionary<Guid, Guid> _ids = [];

        public ReplacedIds(IEnumerable<CallEvent> recorded, IReadOnlyList<CallEvent> played)
        {
            foreach (var (was, e) in recorded.Zip(played))
            {
                _ids[e.EventId] = was.EventId;
                if (was is HandoffRequested handoff && e is HandoffRequested taken)
                    _ids[taken.HandoffId] = handoff.HandoffId;
            }
        }

        public CallEvent In(CallEvent e)
        {
            e = e with { CausationId = Of(e.CausationId), AfterId = e.AfterId is { } before ? Of(before) : null };
            return e switch
            {
                CallAnswered { HandoffId: { } handoff } x => x with { HandoffId = Of(handoff) },
                TransferStarted x => x with { HandoffId = Of(x.HandoffId) },
                TransferProgressed x => x with { HandoffId = Of(x.HandoffId) },
                TransferCompleted x => x with { HandoffId = Of(x.HandoffId) },
                TransferFailed x => x with { HandoffId = Of(x.HandoffId) },
                _ => e,
            };
        }

        private Guid Of(Guid id) => _ids.GetValueOrDefault(id, id);
    }
}
