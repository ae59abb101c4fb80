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

    public WhatIfTarget Record() => new()
    {
        Steps = [.. steps.Select(s => s.History)],
        Calls = Calls,
        Expected = HasHistory ? ExpectedRates.Of([(steps, Calls)]) : null,
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
