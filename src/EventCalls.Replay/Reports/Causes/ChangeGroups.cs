using EventCalls.Replay.Reports.Counting;
using EventCalls.Replay.Reports.Outcomes;

namespace EventCalls.Replay.Reports.Causes;

/// <summary>Sorts the changed calls into groups, and keeps samples of them and of the others to find out what makes the difference.</summary>
internal sealed class ChangeGroups(TargetTable targets)
{
    private const int MostGroups = 1000;
    private const int MostSampledGroups = 200;
    private const int MostPopulations = 128;
    private const int SampleSize = 500;
    private const int MostComparedGroups = 20;
    private const int MostFieldNames = 8;
    private const int MostPooledTexts = 50_000;

    private readonly Dictionary<GroupKey, ChangedGroup> _groups = [];
    private readonly Dictionary<(int Retry, string Flow), Population> _populations = [];
    private TextPool _pool = new(MostPooledTexts);
    private long _inNoGroup;

    /// <summary>Takes a call without any change; allocates nothing unless it is one of the few that are kept.</summary>
    public void AddSame(ReplayedCall call) => AddUnchanged(call, -1);

    /// <summary>Takes a changed call.</summary>
    public void AddChanged(ReplayedCall call, in MoveOfCall move)
    {
        AddUnchanged(call, move.Index);
        var key = KeyOf(call, move);
        if (!_groups.TryGetValue(key, out var group))
        {
            if (_groups.Count >= MostGroups)
            {
                _inNoGroup++;
                if (_populations.TryGetValue((key.Retry, key.FromFlow), out var population))
                    population.ChangedInNoGroup++;
                return;
            }
            _groups.Add(key, group = new ChangedGroup(key, _groups.Count < MostSampledGroups ? SampleSize : 0));
        }
        if (group.Sample.Offer(call.Call.CallId, out ulong hash))
            group.Sample.Keep(FactsOf(call, move.Index), hash);
        group.AddExample(call);
    }

    public Listing<ChangeGroup> Record()
    {
        var byFlow = _groups.Values.ToLookup(g => (g.Key.Retry, g.Key.FromFlow));
        var records = _groups.Values.OrderByDescending(g => g.Calls).ThenBy(g => g.Key.Name, StringComparer.Ordinal)
            .Select(g => g.Record(Compared(g, byFlow[(g.Key.Retry, g.Key.FromFlow)])));
        return new([.. records], _inNoGroup);
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(_inNoGroup);
        writer.Write(_groups.Count);
        foreach (var group in _groups.Values)
            group.Save(writer);
        writer.Write(_populations.Count);
        foreach (var ((retry, flow), population) in _populations)
        {
            writer.Write(retry);
            writer.Write(flow);
            writer.Write(population.ChangedInNoGroup);
            population.Unchanged.Save(writer);
        }
    }

    public void Load(BinaryReader reader)
    {
        _pool = new TextPool(MostPooledTexts);
        _groups.Clear();
        _populations.Clear();
        _inNoGroup = reader.ReadInt64();
        for (int left = reader.ReadCount(MostGroups); left > 0; left--)
        {
            var group = ChangedGroup.Load(reader, _pool, SampleSize);
            _groups[group.Key] = group;
        }
        for (int left = reader.ReadCount(MostPopulations); left > 0; left--)
        {
            var key = (reader.ReadInt32(), reader.ReadString());
            var population = new Population { ChangedInNoGroup = reader.ReadInt64() };
            population.Unchanged.Load(reader, _pool);
            _populations[key] = population;
        }
    }

    private static GroupKey KeyOf(ReplayedCall call, in MoveOfCall move)
    {
        var (from, to) = (ForeignText.Cut(move.FromFlow), ForeignText.Cut(move.ToFlow));
        if (move.ChangesFlow)
            return new GroupKey(move.Retry, from, to, null, null, "");
        if (move.ChangesTarget)
            return new GroupKey(move.Retry, from, to, move.FromTarget.Name, move.ToTarget.Name, "");
        var names = call.Changes.Select(c => c.Field).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var fields = string.Join(", ", names.Take(MostFieldNames).Select(n => ForeignText.Cut(n, 64)));
        return new GroupKey(move.Retry, from, to, null, null, names.Count > MostFieldNames ? fields + ", …" : fields);
    }

    private void AddUnchanged(ReplayedCall call, int changedIndex)
    {
        for (int i = 0; i < call.Decisions.Count; i++)
        {
            var decision = call.Decisions[i];
            if (decision.Now is null || PopulationOf(decision) is not { } population || i == changedIndex)
                continue;
            if (population.Unchanged.Offer(call.Call.CallId, out ulong hash))
                population.Unchanged.Keep(FactsOf(call, i), hash);
        }
    }

    private Population? PopulationOf(ReplayedDecision decision)
    {
        var key = (decision.Retry, decision.Was.Flow.Length <= ForeignText.MostKept ? decision.Was.Flow : ForeignText.Cut(decision.Was.Flow));
        if (_populations.TryGetValue(key, out var population) || _populations.Count >= MostPopulations)
            return population;
        return _populations[key] = new Population();
    }

    private CallFacts FactsOf(ReplayedCall call, int index)
    {
        int attempt = 0;
        for (int i = 0; i < index; i++)
            PastHandoff.ResultOf(call.Decisions[i].Was.Steps, call.Attempts, ref attempt);
        var after = index > 0 && attempt > 0 ? OutcomeName.Of(call.Attempts[attempt - 1].Outcome) : null;
        var decision = call.Decisions[index];
        return CallFacts.Of(call, decision, MoveOfCall.Target(decision.Was, targets).Name, after ?? "", _pool);
    }

    private ComparedCalls Compared(ChangedGroup group, IEnumerable<ChangedGroup> sameFlow)
    {
        var compared = new ComparedCalls(group.Sample.Kept, group.Calls);
        if (_populations.TryGetValue((group.Key.Retry, group.Key.FromFlow), out var population))
        {
            compared.AddOthers(population.Unchanged.Kept, population.Unchanged.Offered);
            compared.AddOthers([], population.ChangedInNoGroup);
        }
        int others = 0;
        foreach (var other in sameFlow.Where(g => g != group).OrderByDescending(g => g.Calls).ThenBy(g => g.Key.Name, StringComparer.Ordinal))
            compared.AddOthers(others++ < MostComparedGroups ? other.Sample.Kept : [], other.Calls);
        return compared;
    }
}
