using System.Globalization;

namespace EventCalls.Replay.Reports.Causes;

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
