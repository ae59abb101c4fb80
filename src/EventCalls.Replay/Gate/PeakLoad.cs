using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Replay.Calls;

namespace EventCalls.Replay.Gate;

/// <summary>How many calls reach a target in its busiest hour: as measured, and as the candidate would send them.</summary>
/// <param name="target">A number, a URI or its user part.</param>
internal sealed class PeakLoad(string target)
{
    // Hours of a year and more; what a replay covers is less.
    private const int MostHours = 100_000;

    private readonly Dictionary<long, (long Was, long Now)> _hours = [];

    public void Add(ReplayedCall call)
    {
        long was = Count(call.Attempts.Select(a => a.Step));
        long now = call.Verdict == Verdict.Changed ? Count(CallLoad.Now(call)) : was;
        if (was == 0 && now == 0)
            return;
        long hour = CallLoad.HourOf(call.Started.OccurredAt);
        if (!_hours.TryGetValue(hour, out var load) && _hours.Count >= MostHours)
            return;
        _hours[hour] = (load.Was + was, load.Now + now);
    }

    /// <summary>The most attempts within an hour of the clock, as measured.</summary>
    public long Was => _hours.Count == 0 ? 0 : _hours.Values.Max(h => h.Was);

    /// <summary>The busiest hour with the candidate, and its attempts.</summary>
    public (DateTimeOffset Hour, long Calls) Now
    {
        get
        {
            if (_hours.Count == 0)
                return default;
            var most = _hours.OrderByDescending(h => h.Value.Now).ThenBy(h => h.Key).First();
            return (new DateTimeOffset(most.Key * TimeSpan.TicksPerHour, TimeSpan.Zero), most.Value.Now);
        }
    }

    /// <summary>For people: <c>30 calls in the hour from 2026-03-02 09:00 UTC, measured peak 20</c>.</summary>
    public string Words()
    {
        var (hour, calls) = Now;
        string peak = Was == 0 ? "it was never called in these calls, so that there is no measured peak" : string.Create(CultureInfo.InvariantCulture, $"its measured peak is {Was}");
        return calls == 0 ? $"no calls, {peak}" : string.Create(CultureInfo.InvariantCulture, $"{calls} {(calls == 1 ? "call" : "calls")} in the hour from {hour:yyyy-MM-dd HH:mm} UTC, {peak}");
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(_hours.Count);
        foreach (var (hour, (was, now)) in _hours)
        {
            writer.Write(hour);
            writer.Write(was);
            writer.Write(now);
        }
    }

    public void Load(BinaryReader reader)
    {
        _hours.Clear();
        for (int left = reader.ReadInt32(); left > 0; left--)
            _hours[reader.ReadInt64()] = (reader.ReadInt64(), reader.ReadInt64());
    }

    private long Count(IEnumerable<Handoff> steps) => steps.Count(step => TargetName.IsMeant(target, step));
}
