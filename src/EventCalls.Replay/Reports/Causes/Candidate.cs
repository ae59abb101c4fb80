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
