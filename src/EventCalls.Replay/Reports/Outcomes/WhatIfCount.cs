using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Counting;

namespace EventCalls.Replay.Reports.Outcomes;

/// <summary>Gathers what the expected results of moved calls are worked out from.</summary>
internal sealed class WhatIfCount(TargetTable targets, int mostChains)
{
    /// <summary>Steps of a handoff beyond this are not followed.</summary>
    public const int MostSteps = 16;

    private readonly Dictionary<string, TargetChain> _chains = new(StringComparer.Ordinal);
    private readonly TargetChain _further = new([targets.Further]);

    /// <summary>Counts what every attempt of a call came to, for its target; allocates nothing for targets that are known.</summary>
    public void AddHistory(IReadOnlyList<PastAttempt> attempts)
    {
        for (int i = 0; i < attempts.Count; i++)
        {
            var target = targets.Of(attempts[i].Step);
            if (target.Id >= 0)
                target.Add(CallResults.Of(attempts[i].Step.Method, attempts[i].Outcome));
        }
    }

    /// <summary>Counts a changed call, if its targets or their order would be others.</summary>
    public void AddChanged(ReplayedCall call)
    {
        int attempt = 0;
        foreach (var decision in call.Decisions)
        {
            var was = decision.Was.Steps;
            if (decision.Now is { Steps.Count: > 0 } now && !was.SequenceEqual(now.Steps, SameTarget.Comparer))
            {
                ChainOf(now.Steps).Add(PastHandoff.ResultOf(was, call.Attempts, ref attempt));
                return;
            }
            PastHandoff.ResultOf(was, call.Attempts, ref attempt);
        }
    }

    public WhatIf Record()
    {
        var all = _chains.Values.OrderByDescending(c => c.Calls).ThenBy(c => string.Join('\n', c.Steps.Select(s => s.Name)), StringComparer.Ordinal).ToList();
        var estimated = all.Where(c => c.HasHistory).ToList();
        var before = new long[CallResults.Count];
        foreach (var chain in estimated)
        {
            for (int i = 0; i < before.Length; i++)
                before[i] += chain.Before[i];
        }
        long calls = all.Sum(c => c.Calls) + _further.Calls;
        long withHistory = estimated.Sum(c => c.Calls);
        var prediction = new Prediction(estimated.Count);
        List<WhatIfTarget> records = [.. all.Select(c => c.Record(prediction))];
        var expected = ExpectedRates.Of([.. estimated.Select(c => (c.Steps, c.Calls))]);
        return new WhatIf
        {
            Calls = calls,
            Estimated = withHistory,
            WithoutHistory = calls - withHistory - _further.Calls,
            OnSmallHistory = estimated.Where(c => c.IsSmall).Sum(c => c.Calls),
            Expected = expected,
            Predicted = prediction.All(expected),
            Before = CallResults.Record(before),
            BeforeRates = Rates.Of(before),
            Targets = new(records, _further.Calls),
        };
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(_chains.Count);
        foreach (var chain in _chains.Values)
            chain.Save(writer);
        _further.Save(writer);
    }

    /// <summary>Reads what was saved; the targets have been read before.</summary>
    public void Load(BinaryReader reader)
    {
        _chains.Clear();
        for (int left = reader.ReadCount(mostChains); left > 0; left--)
        {
            var chain = TargetChain.Load(reader, targets);
            _chains[Key(chain.Steps)] = chain;
        }
        _further.Take(TargetChain.Load(reader, targets));
    }

    private TargetChain ChainOf(IReadOnlyList<Handoff> steps)
    {
        var chain = new Target[Math.Min(steps.Count, MostSteps)];
        for (int i = 0; i < chain.Length; i++)
            chain[i] = targets.Of(steps[i]);
        var key = Key(chain);
        if (_chains.TryGetValue(key, out var known))
            return known;
        if (_chains.Count >= mostChains)
            return _further;
        return _chains[key] = new TargetChain(chain);
    }

    private static string Key(IReadOnlyList<Target> steps) => string.Join(' ', steps.Select(s => s.Id));
}
