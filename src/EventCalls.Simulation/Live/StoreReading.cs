using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Simulation.Live;

/// <summary>Reads a demo's calls back from its store, and judges them by what is there.</summary>
public static class StoreReading
{
    /// <param name="store">The store, opened anew.</param>
    /// <param name="path">The SQLite file.</param>
    /// <param name="calls">The calls that were made.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<DemoResult> ReadAsync(ICallStore store, string path, IReadOnlyList<PlannedCall> calls, CancellationToken cancellationToken)
    {
        var planned = calls.Where(c => c.SipCallId is not null).ToDictionary(c => c.SipCallId!);
        var unexpected = new List<(PlannedCall, IReadOnlyList<string>)>();
        var outcomes = new Dictionary<TransferOutcome, int>();
        var flows = new Dictionary<string, int>();
        var versions = new Dictionary<string, int>();
        int ended = 0;
        int unplanned = 0;
        CallRow? longest = null;
        await foreach (var history in store.ReadCallsAsync(new CallQuery(), cancellationToken))
        {
            var row = history.Call;
            if (!planned.Remove(row.SipCallId, out var call))
            {
                unplanned++;
                continue;
            }
            if (row.EndedAt is not null)
                ended++;
            if (row.Outcome is { } outcome)
                outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            if (row.Flow is { } flow)
                flows[flow] = flows.GetValueOrDefault(flow) + 1;
            if (row.LogicVersion is { } version)
                versions[version] = versions.GetValueOrDefault(version) + 1;
            if (longest is null || row.Version > longest.Version)
                longest = row;
            if (CallCheck.Differences(call, history) is { Count: > 0 } differences)
                unexpected.Add((call, differences));
        }
        foreach (var missing in calls.Where(c => c.SipCallId is null || planned.ContainsKey(c.SipCallId)))
            unexpected.Add((missing, CallCheck.Differences(missing, null)));
        return new DemoResult
        {
            Calls = calls.Count,
            Ended = ended,
            Unplanned = unplanned,
            Unexpected = [.. unexpected.OrderBy(u => u.Item1.Number)],
            Outcomes = Sorted(outcomes, WireName.Of),
            Flows = Sorted(flows, f => f),
            Store = path,
            LogicVersion = Sorted(versions, v => v) is [var used, ..] ? used.Key : LogicVersionName.None,
            Telling = longest?.CallId,
        };
    }

    private static IReadOnlyList<KeyValuePair<T, int>> Sorted<T>(Dictionary<T, int> counts, Func<T, string> name)
        where T : notnull => [.. counts.OrderByDescending(c => c.Value).ThenBy(c => name(c.Key), StringComparer.Ordinal)];
}

/// <summary>Reads the store as it grows, and tells the calls that have ended.</summary>
public sealed class StreamFollower(ICallStore store)
{
    private readonly Dictionary<Guid, List<StoredEvent>> _open = [];
    private readonly EventTail _tail = new(store, 0);

    /// <summary>The calls whose end was stored since the last time, in the order of their ends.</summary>
    public async Task<IReadOnlyList<CallStory>> ReadEndedAsync(CancellationToken cancellationToken)
    {
        var ended = new List<CallStory>();
        await foreach (var e in _tail.ReadNewAsync(cancellationToken))
        {
            if (!_open.TryGetValue(e.CallId, out var stream))
                _open.Add(e.CallId, stream = []);
            stream.Add(e);
            if (e.Type == "call_ended" && _open.Remove(e.CallId))
                ended.Add(CallStory.Of(stream)!);
        }
        return ended;
    }
}
