using System.Globalization;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Replay.Calls;

namespace EventCalls.Replay.Comparing;

/// <summary>Names every field in which two decisions differ.</summary>
internal static class DecisionDiff
{
    /// <summary>Adds what differs; whether the handoff is among it.</summary>
    /// <param name="retry">0 for the call's first decision, n for the one after the n-th failed handoff.</param>
    /// <param name="was">As recorded.</param>
    /// <param name="now">As decided now.</param>
    /// <param name="isImported">Whether only what was recorded is compared: of an imported call is known what was done, and nothing of what was not.</param>
    /// <param name="changes">Gets the differences; made when there is one.</param>
    public static bool Add(int retry, Decided was, Decided now, bool isImported, ref List<FieldChange>? changes)
    {
        var fields = new Fields(retry, changes);
        if (was.Flow.Length > 0 || !isImported)
            fields.Compare("flow", was.Flow, now.Flow);
        State(ref fields, was.State, now.State, isImported);
        if (!isImported)
            fields.Compare("handoff.reason", was.Reason, now.Reason);
        int before = fields.Count;
        if (ReferenceEquals(was.Steps, now.Steps))
        {
            changes = fields.Changes;
            return false;
        }

        if (was.Steps.Count > 0 && now.Steps.Count > 0)
            Step(ref fields, was.Steps[0], isImported ? Imported.AsKnown(now.Steps[0], was.Steps[0]) : now.Steps[0]);
        else if (was.Steps.Count != now.Steps.Count)
            fields.Add("handoff", StepWords.Of(was.Steps, 0), StepWords.Of(now.Steps, 0));
        if (!isImported && !SameFallbacks(was.Steps, now.Steps))
            fields.Add("fallbacks", StepWords.Of(was.Steps, 1), StepWords.Of(now.Steps, 1));
        changes = fields.Changes;
        return fields.Count > before;
    }

    /// <summary>Whether two states hold the same values: as JSON values, not as texts, since a database may write a number its own way.</summary>
    public static bool Same(IReadOnlyDictionary<string, JsonElement> was, IReadOnlyDictionary<string, JsonElement> now)
    {
        if (ReferenceEquals(was, now))
            return true;
        if (was.Count != now.Count)
            return false;
        foreach (var (key, value) in was)
        {
            if (!now.TryGetValue(key, out var other) || !JsonElement.DeepEquals(value, other))
                return false;
        }
        return true;
    }

    private static void Step(ref Fields fields, Handoff was, Handoff now)
    {
        if (was.Method != now.Method)
            fields.Add("handoff", WireName.Of(was.Method), WireName.Of(now.Method));
        fields.Compare("target", StepWords.Target(was), StepWords.Target(now));
        fields.Compare("referred_by", StepWords.ReferredBy(was), StepWords.ReferredBy(now));
        foreach (var field in HandoffFields.All)
        {
            // Where a step goes is compared as the target, by whichever method.
            if (field.IsTarget || field.Same(was, now))
                continue;
            if (field.Kind == HandoffValue.Headers)
                Headers(ref fields, was.SipHeaders, now.SipHeaders);
            else
                fields.Add(field.ComparedAs, field.TextOf(was), field.TextOf(now));
        }
    }

    private static void Headers(ref Fields fields, IReadOnlyList<SipHeader> was, IReadOnlyList<SipHeader> now)
    {
        int before = fields.Count;
        foreach (var name in was.Concat(now).Select(h => h.Name).Distinct(StringComparer.OrdinalIgnoreCase))
            fields.Compare($"headers.{name}", Values(was, name), Values(now, name));
        if (fields.Count == before)
            fields.Add("headers", string.Join(", ", was.Select(h => h.Name)), string.Join(", ", now.Select(h => h.Name)));
    }

    private static string? Values(IReadOnlyList<SipHeader> headers, string name)
    {
        var values = headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).ToList();
        return values.Count == 0 ? null : string.Join(", ", values);
    }

    private static void State(ref Fields fields, IReadOnlyDictionary<string, JsonElement> was, IReadOnlyDictionary<string, JsonElement> now, bool isImported)
    {
        if (Same(was, now))
            return;
        foreach (var (key, value) in was)
        {
            if (!now.TryGetValue(key, out var other))
                fields.Add($"state.{key}", Text(value), null);
            else if (!JsonElement.DeepEquals(value, other))
                fields.Add($"state.{key}", Text(value), Text(other));
        }
        foreach (var (key, value) in now)
        {
            if (!isImported && !was.ContainsKey(key))
                fields.Add($"state.{key}", null, Text(value));
        }
    }

    private static bool SameFallbacks(IReadOnlyList<Handoff> was, IReadOnlyList<Handoff> now)
    {
        if (was.Count != now.Count)
            return Math.Max(was.Count, now.Count) < 2;
        for (int i = 1; i < was.Count; i++)
        {
            if (!HandoffFields.Same(was[i], now[i]))
                return false;
        }
        return true;
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private struct Fields(int retry, List<FieldChange>? changes)
    {
        public List<FieldChange>? Changes { get; private set; } = changes;

        public readonly int Count => Changes?.Count ?? 0;

        public void Compare(string field, string? was, string? now)
        {
            if (was != now)
                Add(field, was, now);
        }

        public void Add(string field, string? was, string? now)
        {
            string name = retry == 0 ? field : string.Create(CultureInfo.InvariantCulture, $"retry[{retry}].{field}");
            (Changes ??= []).Add(new FieldChange(name, was, now));
        }
    }
}
