using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports.Contents;
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
    private const int MostCompared = 20_000;
    private const int LeastOfSample = 50;

    // So much of the calls from several flows has to have the cause for them to be one group.
    private const double LeastTogether = 0.8;
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
        group.AddExample(call, move.Index);
    }

    public Listing<ChangeGroup> Record()
    {
        var records = new List<ChangeGroup>();
        foreach (var alike in _groups.Values.GroupBy(g => Alike(g.Key)))
        {
            List<ChangedGroup> parts = [.. alike.OrderByDescending(g => g.Calls).ThenBy(g => g.Key.Name, StringComparer.Ordinal)];
            if (parts.Count > 1 && Together(parts) is { } together)
                records.Add(together);
            else
                records.AddRange(parts.Select(One));
        }
        return new([.. records.OrderByDescending(r => r.Calls).ThenBy(ReportWords.Title, StringComparer.Ordinal)], _inNoGroup);
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
        var after = index > 0 && attempt > 0 ? WireName.Of(call.Attempts[attempt - 1].Outcome) : null;
        var decision = call.Decisions[index];
        return CallFacts.Of(call, decision, MoveOfCall.Target(decision.Was, targets).Name, after ?? "", _pool);
    }

    // Calls that come to the same from other flows: one rule before the flows may be the cause of all of them.
    private static (int Retry, string? ToFlow, string? FromTarget, string? ToTarget, string Fields) Alike(GroupKey key) =>
        (key.Retry, key.FromFlow == key.ToFlow ? null : key.ToFlow, key.FromTarget, key.ToTarget, key.Fields);

    private ChangeGroup One(ChangedGroup group)
    {
        var compared = new ComparedCalls(group.Sample.Kept, group.Calls);
        AddOthers(compared, [group], (retry, flow) => (retry, flow) == (group.Key.Retry, group.Key.FromFlow));
        return ChangedGroup.Record([group], compared, CauseSearch.In(compared));
    }

    // Null when they have no cause in common but the flows they come from.
    private ChangeGroup? Together(List<ChangedGroup> parts)
    {
        var compared = new ComparedCalls(CallSample.Union(parts.Select(p => p.Sample)), parts.Sum(p => p.Calls));
        AddOthers(compared, parts, (retry, _) => retry == parts[0].Key.Retry);
        var search = CauseSearch.In(compared);
        bool isOne = search.Finding == CauseFinding.WholeFlow
            || (search.Causes is [{ } cause, ..] && cause.Changed.Fraction >= LeastTogether && cause.Conditions.All(c => c.Kind is not ("old_flow" or "old_target")));
        return isOne ? ChangedGroup.Record(parts, compared, search) : null;
    }

    private void AddOthers(ComparedCalls compared, List<ChangedGroup> group, Func<int, string, bool> isCompared)
    {
        var populations = _populations.Where(p => isCompared(p.Key.Retry, p.Key.Flow)).ToList();
        var others = _groups.Values.Where(g => !group.Contains(g) && isCompared(g.Key.Retry, g.Key.FromFlow))
            .OrderByDescending(g => g.Calls).ThenBy(g => g.Key.Name, StringComparer.Ordinal).ToList();
        // Of many samples a part each.
        int most = Math.Max(LeastOfSample, MostCompared / Math.Max(1, populations.Count + others.Count));
        foreach (var (_, population) in populations.OrderBy(p => p.Key.Flow, StringComparer.Ordinal))
        {
            compared.AddOthers([.. population.Unchanged.Kept.Take(most)], population.Unchanged.Offered);
            compared.AddOthers([], population.ChangedInNoGroup);
            compared.Unchanged += population.Unchanged.Offered;
        }
        for (int i = 0; i < others.Count; i++)
            compared.AddOthers(i < MostComparedGroups ? [.. others[i].Sample.Kept.Take(most)] : [], others[i].Calls);
    }
}
