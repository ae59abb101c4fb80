using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Counting;

namespace EventCalls.Replay.Reports.Outcomes;

/// <summary>How many calls each target gets in each hour of the clock: as measured, and as the candidate would send them.</summary>
internal sealed class HourlyLoads(TargetTable targets)
{
    private const int MostHours = 200_000;

    private readonly Dictionary<(int Target, long Hour), (int Was, int Now)> _hours = [];
    private long _omitted;

    public void Add(ReplayedCall call)
    {
        long hour = CallLoad.HourOf(call.Started.OccurredAt);
        bool isChanged = call.Verdict == Verdict.Changed;
        for (int i = 0; i < call.Attempts.Count; i++)
            Add(call.Attempts[i].Step, hour, 1, isChanged ? 0 : 1);
        if (!isChanged)
            return;
        foreach (var step in CallLoad.Now(call))
            Add(step, hour, 0, 1);
    }

    /// <summary>The targets whose busiest hour would be busier than any that was measured, by how much more.</summary>
    public Listing<TargetLoad> Record()
    {
        var loads = new List<TargetLoad>();
        foreach (var target in _hours.GroupBy(h => h.Key.Target))
        {
            int was = target.Max(h => h.Value.Was);
            var now = target.OrderByDescending(h => h.Value.Now).ThenBy(h => h.Key.Hour).First();
            if (now.Value.Now > was)
                loads.Add(new TargetLoad(targets[target.Key].Name, was, now.Value.Now, new DateTime(now.Key.Hour * TimeSpan.TicksPerHour, DateTimeKind.Utc)));
        }
        return new([.. loads.OrderByDescending(l => (double)l.Expected / Math.Max(1, l.Measured)).ThenByDescending(l => l.Expected).ThenBy(l => l.Target, StringComparer.Ordinal)], _omitted);
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(_omitted);
        writer.Write(_hours.Count);
        foreach (var ((target, hour), (was, now)) in _hours)
        {
            writer.Write(target);
            writer.Write(hour);
            writer.Write(was);
            writer.Write(now);
        }
    }

    public void Load(BinaryReader reader)
    {
        _hours.Clear();
        _omitted = reader.ReadInt64();
        for (int left = reader.ReadCount(MostHours); left > 0; left--)
            _hours[(reader.ReadInt32(), reader.ReadInt64())] = (reader.ReadInt32(), reader.ReadInt32());
    }

    // What turns a call away has no load.
    private void Add(Handoff step, long hour, int was, int now)
    {
        if (step.Method is HandoffMethod.Reject or HandoffMethod.Bye || targets.Of(step) is not { Id: >= 0 } target)
            return;
        if (_hours.TryGetValue((target.Id, hour), out var load) || _hours.Count < MostHours)
            _hours[(target.Id, hour)] = (load.Was + was, load.Now + now);
        else
            _omitted++;
    }
}
