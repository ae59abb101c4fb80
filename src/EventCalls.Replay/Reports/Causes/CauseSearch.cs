using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Causes;

/// <summary>Looks for the fewest conditions that tell the changed calls of a group from the others.</summary>
internal sealed class CauseSearch
{
    private const int MostCauses = 3;
    private const int MostConditions = 3;
    private const int MostCombined = 40;
    private const int MostEquivalents = 3;

    // What one more condition has to add to the score.
    private const double WorthACondition = 0.02;
    private const double LeastPrecision = 0.8;
    private const double LeastSeparation = 0.3;
    private const double LeastOfTheGroup = 0.05;

    // With so large a share of the flow changed, the flow itself is the cause when no better one is found.
    private const double NearlyAll = 0.95;

    // That any of all the conditions looked at fits so well by chance alone.
    private static readonly double s_logLeastChance = Math.Log(0.001);

    private readonly ComparedCalls _calls;
    private readonly List<CallAttribute> _attributes;
    private readonly Significance _significance;

    private CauseSearch(ComparedCalls calls)
    {
        _calls = calls;
        _attributes = CallAttributes.Of(calls);
        _significance = new Significance(calls.Facts.Count);
    }

    /// <summary>What came of a search.</summary>
    internal readonly record struct Result(CauseFinding Finding, IReadOnlyList<Cause> Causes, int Unexplained);

    /// <summary>The causes found, how many changed calls of the sample none of them explains, and what came of the search.</summary>
    public static Result In(ComparedCalls calls)
    {
        if (calls.Changed == 0)
            return new(CauseFinding.NotSearched, [], 0);
        if (calls.OthersTotal == 0)
            return new(CauseFinding.WholeFlow, [], 0);
        if (calls.Changed >= 2 && calls.Others > 0)
        {
            var (causes, unexplained) = new CauseSearch(calls).Find();
            if (causes.Count > 0)
                return new(CauseFinding.Found, causes, unexplained);
        }
        // Where no call stays as it was, the larger part needs no other cause than the flow.
        long all = calls.ChangedTotal + calls.OthersTotal;
        if (calls.ChangedTotal >= NearlyAll * all || (calls.Unchanged == 0 && calls.ChangedTotal * 2 >= all))
            return new(CauseFinding.WholeFlow, [], 0);
        return new(Math.Min(calls.Changed, calls.Others) < 5 ? CauseFinding.TooFew : CauseFinding.NoneFound, [], calls.Changed);
    }

    private (List<Cause> Causes, int Unexplained) Find()
    {
        var open = new CallSet(_calls.Facts.Count);
        for (int i = 0; i < _calls.Changed; i++)
            open.Add(i);
        int openCount = _calls.Changed;
        var causes = new List<Cause>();
        while (causes.Count < MostCauses && openCount > 0 && Best(open, openCount) is { } best)
        {
            causes.Add(CauseOf(best.Chosen, best.Singles));
            open = open.Without(best.Chosen.Calls);
            openCount = open.Count(0, _calls.Changed);
        }
        return (causes, openCount);
    }

    private (Candidate Chosen, List<Candidate> Singles)? Best(CallSet open, int openCount)
    {
        Fit FitOf(CallSet calls) => _calls.FitOf(calls, open, openCount);
        var singles = new Candidates(_significance, FitOf).Of(_attributes);
        if (singles.Count == 0)
            return null;
        singles.Sort(Candidate.Compare);
        var chosen = singles[0];
        var combined = singles.OrderByDescending(c => c.Fit.Separation).Take(MostCombined).ToList();
        var starts = combined;
        for (int conditions = 2; conditions <= MostConditions; conditions++)
        {
            var better = (from start in starts from more in combined where !start.IsAkinTo(more) select start.And(more, FitOf)).ToList();
            better.RemoveAll(c => c.Fit.Score < chosen.Fit.Score + WorthACondition);
            if (better.Count == 0)
                break;
            better.Sort(Candidate.Compare);
            chosen = better[0];
            starts = [chosen];
        }
        return IsCause(chosen, openCount) ? (chosen, singles) : null;
    }

    private bool IsCause(Candidate c, int openCount) =>
        c.Fit.Precision >= LeastPrecision
        && c.Fit.Separation >= LeastSeparation
        && c.Fit.Hits >= Math.Max(2, LeastOfTheGroup * _calls.Changed)
        && _significance.LogP(c.Fit.Hits, openCount, c.Fit.FalseHits, _calls.Others) + c.LogChoices < s_logLeastChance;

    private Cause CauseOf(Candidate chosen, List<Candidate> singles) => new()
    {
        Conditions = [.. chosen.Parts.Select(p => ConditionText.Of(p.Attribute, p.Values))],
        Changed = new Share(chosen.Calls.Count(0, _calls.Changed), _calls.Changed),
        Others = new Share(chosen.Fit.FalseHits, _calls.Others),
        Precision = chosen.Fit.Precision,
        // The same calls by another attribute: the sample cannot tell which of them is read.
        Equivalents = [.. Equivalents(chosen, singles)],
    };

    private static IEnumerable<string> Equivalents(Candidate chosen, List<Candidate> singles)
    {
        if (chosen.Parts.Count > 1)
            return [];
        var same = singles.Where(s => s.Calls.IsSame(chosen.Calls)).ToList();
        var (attribute, values) = chosen.Parts[0];
        // The longest prefix is named; the shortest that fits as well, or any between, may be the one in the logic.
        var shortest = same
            .Where(s => s.Parts[0].Attribute.Kind == attribute.Kind && attribute.Kind.EndsWith("_prefix", StringComparison.Ordinal) && s.Values == 1)
            .OrderBy(s => s.Parts[0].Values[0].Length).Take(1).Where(s => s != chosen && chosen.Values == 1)
            .Select(s => $"{Text(s)}, or with anything between that and {values[0]}");
        return shortest.Concat(same.Where(s => !s.IsAkinTo(chosen)).DistinctBy(s => s.Parts[0].Attribute.Family).Select(Text)).Take(MostEquivalents);

        static string Text(Candidate c) => ConditionText.Of(c.Parts[0].Attribute, c.Parts[0].Values).Text;
    }
}
