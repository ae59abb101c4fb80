using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Routing.Deciding;

namespace EventCalls.Replay.Explaining;

/// <summary>Compares a decision that was taken again with the recorded one, down to the line that decided.</summary>
internal static class DecisionDifferences
{
    /// <summary>What differs; empty when nothing does.</summary>
    public static IReadOnlyList<FieldChange> Of(RecordedDecision recorded, DecisionResult again)
    {
        if (again.Failure is { } failure)
            return [new FieldChange("failure", null, $"{NameOf(failure.Cause)}: {failure.Message}")];
        var selected = recorded.Selected!;
        var found = new List<FieldChange>();
        Add(found, "flow", selected.Flow, again.Flow);
        Add(found, "decided_by", selected.DecidedBy, again.DecidedBy);
        foreach (string key in selected.State.Keys.Union(again.State.Keys).Order(StringComparer.Ordinal))
            AddState(found, key, selected.State, again.State);
        if (recorded.Handoff is { } handoff)
            AddSteps(found, handoff.Steps, again.Steps);
        return found;
    }

    /// <summary>What differs between a recorded failure and what comes now.</summary>
    public static IReadOnlyList<FieldChange> OfFailure(RoutingFailed recorded, DecisionResult again)
    {
        if (again.Failure?.Cause == recorded.Cause)
            return [];
        return [new FieldChange("failure", NameOf(recorded.Cause), again.Failure is { } failure ? NameOf(failure.Cause) : null)];
    }

    /// <summary>The stored name of a cause.</summary>
    public static string NameOf(RoutingFailureCause cause) => JsonSerializer.Serialize(cause).Trim('"');

    private static void AddSteps(List<FieldChange> found, IReadOnlyList<Handoff> was, IReadOnlyList<Handoff> now)
    {
        for (int i = 0; i < Math.Max(was.Count, now.Count); i++)
            Add(found, i == 0 ? "handoff" : $"fallbacks[{i}]", i < was.Count ? Text(was[i]) : null, i < now.Count ? Text(now[i]) : null);
    }

    private static void AddState(
        List<FieldChange> found, string key, IReadOnlyDictionary<string, JsonElement> was, IReadOnlyDictionary<string, JsonElement> now)
    {
        bool had = was.TryGetValue(key, out var before);
        bool has = now.TryGetValue(key, out var after);
        if (had && has && JsonElement.DeepEquals(before, after))
            return;
        found.Add(new FieldChange($"state.{key}", had ? before.GetRawText() : null, has ? after.GetRawText() : null));
    }

    private static void Add(List<FieldChange> found, string field, string? was, string? now)
    {
        if (was != now)
            found.Add(new FieldChange(field, was, now));
    }

    private static string Text(Handoff step) => JsonSerializer.Serialize(step, CallEventJson.Default.Handoff);
}
