using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Counting;

/// <summary>Counts calls for which the configured default was taken, or would be.</summary>
internal sealed class UnmatchedCount(int mostCallees)
{
    private readonly Tally<string> _callees = new(mostCallees);
    private readonly Examples _examples = new();
    private long _was;
    private long _now;
    private long _noLonger;
    private long _newly;

    public void Add(ReplayedCall call)
    {
        bool was = false;
        bool now = false;
        bool isCompared = call.Verdict is Verdict.Same or Verdict.Changed;
        for (int i = 0; i < call.Decisions.Count; i++)
        {
            was |= call.Decisions[i].Was.ByDefault;
            now |= call.Decisions[i].Now is { ByDefault: true };
        }
        if (was)
            _was++;
        if (!isCompared)
            return;
        if (was && !now)
            _noLonger++;
        if (!now)
            return;
        _now++;
        if (!was)
            _newly++;
        _callees.Add(ForeignText.Cut(call.Started.CalleeNumber));
        _examples.Add(call.Call.CallId);
    }

    public MatchesNothing Record() => new(_was, _now, _noLonger, _newly, _callees.Sorted(n => n, (number, calls) => new NumberCount(number, calls)), _examples.Calls);

    public void Save(BinaryWriter writer)
    {
        foreach (long count in (ReadOnlySpan<long>)[_was, _now, _noLonger, _newly])
            writer.Write(count);
        _callees.Save(writer, (w, number) => w.Write(number));
        _examples.Save(writer);
    }

    public void Load(BinaryReader reader)
    {
        (_was, _now, _noLonger, _newly) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        _callees.Load(reader, r => r.ReadString());
        _examples.Load(reader);
    }
}
