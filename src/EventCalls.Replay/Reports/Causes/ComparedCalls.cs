namespace EventCalls.Replay.Reports.Causes;

/// <summary>The changed calls of a group and the calls they are compared with; samples of both.</summary>
internal sealed class ComparedCalls
{
    // Others come in samples of their own, each standing for more calls than it has.
    private readonly List<(int First, int End, double Weight)> _others = [];
    private readonly List<CallFacts> _facts;
    private readonly double _changedWeight;

    /// <param name="changed">A sample of the group.</param>
    /// <param name="changedTotal">How many calls the group has.</param>
    public ComparedCalls(IReadOnlyList<CallFacts> changed, long changedTotal)
    {
        _facts = [.. changed];
        Changed = changed.Count;
        _changedWeight = changed.Count == 0 ? 0 : (double)changedTotal / changed.Count;
        ChangedTotal = changedTotal;
    }

    /// <summary>All calls: the changed ones, then the others.</summary>
    public IReadOnlyList<CallFacts> Facts => _facts;

    /// <summary>How many changed calls there are in the sample; they are the first ones.</summary>
    public int Changed { get; }

    /// <summary>How many others there are in the samples.</summary>
    public int Others => _facts.Count - Changed;

    /// <summary>How many calls the changed ones stand for.</summary>
    public long ChangedTotal { get; }

    /// <summary>How many calls the others stand for.</summary>
    public long OthersTotal { get; private set; }

    /// <summary>How many calls of the same old flow did not change at all.</summary>
    public long Unchanged { get; set; }

    /// <summary>Adds a sample of other calls, and how many calls it stands for.</summary>
    public void AddOthers(IReadOnlyList<CallFacts> sample, long total)
    {
        OthersTotal += total;
        if (sample.Count == 0)
            return;
        _others.Add((_facts.Count, _facts.Count + sample.Count, (double)total / sample.Count));
        _facts.AddRange(sample);
    }

    /// <summary>How well a set of calls tells the changed calls that are still to be explained from the others.</summary>
    /// <param name="calls">The calls that meet a condition.</param>
    /// <param name="open">The changed calls still to be explained.</param>
    /// <param name="openCount">How many those are.</param>
    public Fit FitOf(CallSet calls, CallSet open, int openCount)
    {
        int hits = calls.And(open).Count(0, Changed);
        int falseHits = 0;
        double falseWeight = 0;
        foreach (var (first, end, weight) in _others)
        {
            int count = calls.Count(first, end);
            falseHits += count;
            falseWeight += count * weight;
        }
        double weightOfHits = hits * _changedWeight;
        double precision = hits == 0 ? 0 : weightOfHits / (weightOfHits + falseWeight);
        double coverage = openCount == 0 ? 0 : (double)hits / openCount;
        double falseRate = OthersTotal == 0 ? 0 : falseWeight / OthersTotal;
        return new Fit(hits, falseHits, coverage, falseRate, precision);
    }
}
