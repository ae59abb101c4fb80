using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports.Counting;

/// <summary>Counts what the baseline made of the calls against the record.</summary>
internal sealed class BaselineCount(int mostFields)
{
    private readonly Tally<string> _fields = new(mostFields);
    private long _own;
    private long _noise;
    private long _already;
    private long _ownOtherwise;
    private long _errors;
    private long _notReplayable;

    public void Add(BaselineVerdict baseline)
    {
        if (baseline.IsOwn)
            _own++;
        switch (baseline.Verdict)
        {
            case Verdict.Changed:
                _already++;
                _ownOtherwise += baseline.IsOwn ? 1 : 0;
                foreach (var change in baseline.Already)
                    _fields.Add(ForeignText.Cut(change.Field));
                break;
            case Verdict.Error:
                _errors++;
                break;
            case Verdict.NotReplayable:
                _notReplayable++;
                break;
            case Verdict.Nondeterministic:
                _noise++;
                break;
        }
    }

    public BaselineReport Record(string version, string name) => new()
    {
        Version = version,
        Name = name,
        OwnCalls = _own,
        Noise = _noise,
        AlreadyChanged = _already,
        OwnOtherwise = _ownOtherwise,
        Errors = _errors,
        NotReplayable = _notReplayable,
        AlreadyFields = _fields.Sorted(f => f, (field, calls) => new FieldCount(field, calls)),
    };

    public void Save(BinaryWriter writer)
    {
        foreach (long count in (ReadOnlySpan<long>)[_own, _noise, _already, _ownOtherwise, _errors, _notReplayable])
            writer.Write(count);
        _fields.Save(writer, (w, f) => w.Write(f));
    }

    public void Load(BinaryReader reader)
    {
        (_own, _noise, _already, _ownOtherwise, _errors, _notReplayable) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        _fields.Load(reader, r => r.ReadString());
    }
}
