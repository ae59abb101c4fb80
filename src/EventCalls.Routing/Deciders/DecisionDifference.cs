using System.Globalization;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Deciding;

namespace EventCalls.Routing.Deciders;

/// <summary>In what two decisions of the same request by the same logic differ, which they never should.</summary>
/// <param name="Field">The first field that differs: <c>flow</c>, <c>state.tier</c>, <c>steps[0].phone_number</c>.</param>
/// <param name="Was">What one has; null for nothing.</param>
/// <param name="Now">What the other has; null for nothing.</param>
internal sealed record DecisionDifference(string Field, string? Was, string? Now)
{
    /// <summary>The first difference; null when the decisions are the same.</summary>
    public static DecisionDifference? Find(DecisionResult was, DecisionResult now)
    {
        ArgumentNullException.ThrowIfNull(was);
        ArgumentNullException.ThrowIfNull(now);
        return Of("failure", was.Failure?.Message, now.Failure?.Message)
            ?? Of("flow", was.Flow, now.Flow)
            ?? Of("flow_chain", string.Join(" → ", was.FlowChain), string.Join(" → ", now.FlowChain))
            ?? OfSteps(was.Steps, now.Steps)
            ?? OfStates(was.State, now.State)
            ?? Of("reason", was.Reason, now.Reason)
            ?? Of("decided_by", was.DecidedBy, now.DecidedBy)
            ?? Of("lookups", Words(was.Inputs.Lookups), Words(now.Inputs.Lookups))
            ?? Of("log", Words(was.Log, was.Metrics), Words(now.Log, now.Metrics));
    }

    private static DecisionDifference? OfSteps(IReadOnlyList<Contracts.Handoff> was, IReadOnlyList<Contracts.Handoff> now)
    {
        for (int i = 0; i < Math.Max(was.Count, now.Count); i++)
        {
            if (i >= was.Count || i >= now.Count)
                return new($"steps[{i}]", i < was.Count ? HandoffWords.Of([was[i]]) : null, i < now.Count ? HandoffWords.Of([now[i]]) : null);
            if (was[i].Method != now[i].Method)
                return new($"steps[{i}].method", was[i].Method.ToString(), now[i].Method.ToString());
            foreach (var field in HandoffFields.All)
            {
                if (!field.Same(was[i], now[i]))
                    return new($"steps[{i}].{field.Name}", field.TextOf(was[i]), field.TextOf(now[i]));
            }
        }

        return null;
    }

    private static DecisionDifference? OfStates(IReadOnlyDictionary<string, JsonElement> was, IReadOnlyDictionary<string, JsonElement> now)
    {
        foreach (string key in was.Keys.Union(now.Keys))
        {
            string? before = was.TryGetValue(key, out var one) ? one.GetRawText() : null;
            string? after = now.TryGetValue(key, out var other) ? other.GetRawText() : null;
            if (before != after)
                return new($"state.{key}", before, after);
        }

        return null;
    }

    private static string Words(IReadOnlyList<LookupAnswer> answers) => string.Join(", ", answers.Select(a => $"{a.Name}[{a.Key}] = {a.Value}"));

    private static string? Words(IReadOnlyList<string>? log, IReadOnlyList<LogicMetric>? metrics) =>
        log is null && metrics is null ? null : string.Join("; ", (log ?? []).Concat((metrics ?? []).Select(m => $"{m.Name} {m.Value.ToString("R", CultureInfo.InvariantCulture)}")));

    private static DecisionDifference? Of(string field, string? was, string? now) => was == now ? null : new(field, was, now);
}
