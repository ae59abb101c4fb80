using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Causes;

/// <summary>Conditions that may be the cause, the calls that meet them, and how well they fit.</summary>
/// <param name="Parts">The attribute and its values, for each condition.</param>
/// <param name="Calls">The calls that meet all of them.</param>
/// <param name="Fit">How well that tells the changed calls from the others.</param>
/// <param name="LogChoices">The logarithm of how many such candidates there were to choose from.</param>
internal sealed record Candidate(IReadOnlyList<(CallAttribute Attribute, IReadOnlyList<string> Values)> Parts, CallSet Calls, Fit Fit, double LogChoices)
{
    // Scores nearer than this are called equal, and the simpler one is taken.
    private const double Step = 0.002;

    public int Values => Parts.Sum(p => p.Values.Count);

    /// <summary>The better one first; of those that fit equally, the simpler one, then the nearer to what logic reads.</summary>
    public static int Compare(Candidate x, Candidate y)
    {
        int order = Math.Round(y.Fit.Score / Step).CompareTo(Math.Round(x.Fit.Score / Step));
        if (order == 0)
            order = x.Parts.Count.CompareTo(y.Parts.Count);
        if (order == 0)
            order = x.Values.CompareTo(y.Values);
        if (order == 0)
            order = x.Parts.Sum(p => p.Attribute.Rank).CompareTo(y.Parts.Sum(p => p.Attribute.Rank));
        // The longer prefix says more of the same calls.
        if (order == 0)
            order = y.Parts[0].Values[0].Length.CompareTo(x.Parts[0].Values[0].Length);
        return order != 0 ? order : string.CompareOrdinal(Key(x), Key(y));
    }

    /// <summary>Both conditions together.</summary>
    public Candidate And(Candidate other, Func<CallSet, Fit> fitOf)
    {
        var both = Calls.And(other.Calls);
        return new Candidate([.. Parts, .. other.Parts], both, fitOf(both), LogChoices + other.LogChoices);
    }

    /// <summary>Whether one says what the other says already, more or less exactly.</summary>
    public bool IsAkinTo(Candidate other) => Parts.Any(p => other.Parts.Any(o => o.Attribute.Family == p.Attribute.Family));

    private static string Key(Candidate c) => string.Join('|', c.Parts.Select(p => $"{p.Attribute.Kind}:{p.Attribute.Name}:{string.Join(',', p.Values)}"));
}

/// <summary>Makes single conditions out of attributes: a value, a few values, a range of hours.</summary>
internal sealed class Candidates(Significance significance, Func<CallSet, Fit> fitOf)
{
    private const int MostValues = 5;

    // What one more value has to add to the score.
    private const double WorthAValue = 0.01;

    public List<Candidate> Of(IReadOnlyList<CallAttribute> attributes)
    {
        var candidates = new List<Candidate>();
        foreach (var attribute in attributes)
        {
            if (attribute.Kind == "hour")
                AddHours(candidates, attribute);
            else
                AddValues(candidates, attribute);
        }
        double logAll = Math.Log(Math.Max(1, candidates.Count));
        return [.. candidates.Select(c => c with { LogChoices = c.LogChoices + logAll })];
    }

    private void AddValues(List<Candidate> candidates, CallAttribute attribute)
    {
        var singles = attribute.Values.Select(v => new Candidate([(attribute, [v.Key])], v.Value, fitOf(v.Value), 0)).Where(c => c.Fit.Hits > 0).ToList();
        candidates.AddRange(singles);

        // Of the values that others have least, as many as make the condition better.
        singles.Sort((x, y) => x.Fit.Precision != y.Fit.Precision ? y.Fit.Precision.CompareTo(x.Fit.Precision) : Candidate.Compare(x, y));
        Candidate? grown = null;
        foreach (var single in singles)
        {
            if (grown is null)
            {
                grown = single;
                continue;
            }
            if (grown.Values == MostValues)
                break;
            var calls = grown.Calls.Or(single.Calls);
            var fit = fitOf(calls);
            if (fit.Score < grown.Fit.Score + WorthAValue)
                continue;
            string[] values = [.. grown.Parts[0].Values, .. single.Parts[0].Values];
            Array.Sort(values, attribute.Kind == "weekday" ? (x, y) => Day(x).CompareTo(Day(y)) : string.CompareOrdinal);
            grown = new Candidate([(attribute, values)], calls, fit, significance.LogChoose(attribute.DistinctValues, values.Length));
        }
        if (grown is { Values: > 1 })
            candidates.Add(grown);
    }

    private static int Day(string name) => ((int)Enum.Parse<DayOfWeek>(name) + 6) % 7;

    // Every range of whole hours, over midnight too.
    private void AddHours(List<Candidate> candidates, CallAttribute attribute)
    {
        const int Hours = 24;
        for (int first = 0; first < Hours; first++)
        {
            if (!attribute.Values.TryGetValue(Name(first), out var calls))
                continue;
            for (int length = 1; length < Hours; length++)
            {
                int last = (first + length - 1) % Hours;
                bool hasLast = attribute.Values.TryGetValue(Name(last), out var more);
                if (hasLast)
                    calls = calls.Or(more!);
                // A range begins and ends with an hour in which calls changed.
                if (hasLast && fitOf(calls) is { Hits: > 0 } fit)
                    candidates.Add(new Candidate([(attribute, [Name(first), Name(last)])], calls, fit, 0));
            }
        }
    }

    private static string Name(int hour) => hour.ToString("00", CultureInfo.InvariantCulture);
}

/// <summary>Puts a condition into words.</summary>
internal static class ConditionText
{
    public static CauseCondition Of(CallAttribute attribute, IReadOnlyList<string> values)
    {
        bool hasValues = !attribute.Kind.EndsWith("_present", StringComparison.Ordinal) && !attribute.Kind.EndsWith("_absent", StringComparison.Ordinal);
        return new CauseCondition(attribute.Kind, attribute.Name, hasValues ? values : [], PlainText.Of(Words(attribute, values)));
    }

    private static string Words(CallAttribute attribute, IReadOnlyList<string> values) => attribute.Kind switch
    {
        "header" => $"header {attribute.Name} is {OneOf(values)}",
        "header_present" => $"header {attribute.Name} is present",
        "header_absent" => $"header {attribute.Name} is absent",
        "state" => $"state {attribute.Name} is {OneOf(values)}",
        "state_present" => $"state {attribute.Name} is set",
        "state_absent" => $"state {attribute.Name} is not set",
        "caller" => $"the caller is {OneOf(values)}",
        "caller_prefix" => $"the caller's number begins with {OneOf(values)}",
        "callee" => $"the dialled number is {OneOf(values)}",
        "callee_prefix" => $"the dialled number begins with {OneOf(values)}",
        "trunk" => $"the trunk is {OneOf(values)}",
        "hour" => $"the call started between {values[0]}:00 and {values[1]}:59 UTC",
        "weekday" => $"the call started on a {OneOf(values)} (UTC)",
        "old_flow" => $"the old flow is {OneOf(values)}",
        "old_target" => $"the old target is {OneOf(values)}",
        "after" => $"the handoff before came to {OneOf(values)}",
        _ => "the old logic matched nothing",
    };

    private static string OneOf(IReadOnlyList<string> values)
    {
        var shown = values.Select(v => v.Length == 0 ? "empty" : v).ToList();
        return shown.Count == 1 ? shown[0] : $"{string.Join(", ", shown.SkipLast(1))} or {shown[^1]}";
    }
}
