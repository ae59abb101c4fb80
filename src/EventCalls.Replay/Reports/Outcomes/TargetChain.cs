using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Counting;

namespace EventCalls.Replay.Reports.Outcomes;

/// <summary>Targets in the order they would be tried, and the calls that would go there.</summary>
internal sealed class TargetChain(IReadOnlyList<Target> steps)
{
    private readonly long[] _before = new long[CallResults.Count];

    public IReadOnlyList<Target> Steps => steps;

    public long Calls { get; private set; }

    /// <summary>What the same calls came to at their old targets, indexed by result.</summary>
    public long[] Before => _before;

    /// <summary>Whether anything can be said about the first target.</summary>
    public bool HasHistory => steps[0].HasHistory;

    /// <summary>Whether what can be said about a target rests on few attempts.</summary>
    public bool IsSmall => steps.TakeWhile(s => s.HasHistory).Any(s => s.IsSmall);

    public void Add(CallResult before)
    {
        Calls++;
        _before[(int)before]++;
    }

    /// <summary>Takes over the counts of another one.</summary>
    public void Take(TargetChain other)
    {
        Calls = other.Calls;
        other._before.CopyTo(_before, 0);
    }

    /// <summary>What is expected at least, when nothing is known of some targets: as if all calls passed them by; null when nothing is known of any, or of all is.</summary>
    public Estimate? AtLeast()
    {
        // What a BYE or a redirect takes is not answered; behind an unknown INVITE or REFER a call is answered there, or comes to what is known.
        List<Target> known = [.. steps.Where(s => s.HasHistory)];
        return known.Count == 0 || known.Count == steps.Count ? null : ExpectedRates.Of([(known, Calls)])!.Answered;
    }

    public WhatIfTarget Record(Prediction prediction)
    {
        var expected = HasHistory ? ExpectedRates.Of([(steps, Calls)]) : null;
        return Record(expected, expected is null ? null : prediction.Add(steps, Calls, expected));
    }

    private WhatIfTarget Record(ResultRates? expected, ResultRates? predicted) => new()
    {
        Steps = [.. steps.Select(s => s.History)],
        Calls = Calls,
        Expected = expected,
        Predicted = predicted,
        AtLeast = AtLeast(),
        IsSmall = IsSmall,
        Before = CallResults.Record(_before),
        BeforeRates = Rates.Of(_before),
    };

    public void Save(BinaryWriter writer)
    {
        writer.Write(steps.Count);
        foreach (var step in steps)
            writer.Write(step.Id);
        writer.Write(Calls);
        foreach (long count in _before)
            writer.Write(count);
    }

    public static TargetChain Load(BinaryReader reader, TargetTable targets)
    {
        var steps = new Target[reader.ReadCount(WhatIfCount.MostSteps)];
        for (int i = 0; i < steps.Length; i++)
            steps[i] = targets[reader.ReadInt32()];
        var chain = new TargetChain(steps) { Calls = reader.ReadInt64() };
        for (int i = 0; i < CallResults.Count; i++)
            chain._before[i] = reader.ReadInt64();
        return chain;
    }
}
