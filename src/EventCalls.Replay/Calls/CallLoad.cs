using EventCalls.Contracts;

namespace EventCalls.Replay.Calls;

/// <summary>Which targets a past call would have rung with the candidate, as far as can be known.</summary>
internal static class CallLoad
{
    /// <summary>The targets that are tried: those that really were until the handoff that differs, and then its first one. What comes after that is not known.</summary>
    public static IEnumerable<Handoff> Now(ReplayedCall call)
    {
        int at = 0;
        foreach (var decision in call.Decisions)
        {
            if (decision.Now is { } now && !ReferenceEquals(now.Steps, decision.Was.Steps) && Differs(decision.Was.Steps, now.Steps))
                return now.Steps.Count > 0 ? call.Attempts.Take(at).Select(a => a.Step).Append(now.Steps[0]) : call.Attempts.Take(at).Select(a => a.Step);
            foreach (var step in decision.Was.Steps)
            {
                if (at == call.Attempts.Count || call.Attempts[at].Target != HandoffWords.Of(step))
                    break;
                at++;
            }
        }
        return call.Attempts.Select(a => a.Step);
    }

    /// <summary>The hour of a time, counted from the beginning of all times.</summary>
    public static long HourOf(DateTimeOffset time) => time.UtcTicks / TimeSpan.TicksPerHour;

    private static bool Differs(IReadOnlyList<Handoff> was, IReadOnlyList<Handoff> now) =>
        was.Count != now.Count || was.Where((step, i) => HandoffWords.Of(step) != HandoffWords.Of(now[i])).Any();
}
