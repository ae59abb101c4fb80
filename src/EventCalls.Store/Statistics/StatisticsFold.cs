namespace EventCalls.Store.Statistics;

/// <summary>Groups counts.</summary>
public sealed class StatisticsFold(StatisticsQuery query)
{
    private readonly Dictionary<StatisticsKey, StatisticsCell> _groups = [];

    /// <summary>Counts an ended call of the wanted time.</summary>
    public void Add(CallRow call) => GroupOf(StatisticsKey.Of(call)).Add(call);

    /// <summary>Counts what is counted already.</summary>
    public void Add(StatisticsCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        GroupOf(cell.Key).Add(cell);
    }

    /// <summary>The groups in order.</summary>
    public IReadOnlyList<StatisticsCell> ToGroups() =>
    [
        .. _groups.Values.OrderBy(g => g.Key.Hour).ThenBy(g => g.Key.Trunk, StringComparer.Ordinal).ThenBy(g => g.Key.Flow, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Target, StringComparer.Ordinal).ThenBy(g => g.Key.LogicVersion, StringComparer.Ordinal).ThenBy(g => g.Key.Reason, StringComparer.Ordinal),
    ];

    private StatisticsCell GroupOf(StatisticsKey key)
    {
        key = key.Only(query.By);
        if (!_groups.TryGetValue(key, out var group))
            _groups.Add(key, group = new StatisticsCell { Key = key });
        return group;
    }
}
