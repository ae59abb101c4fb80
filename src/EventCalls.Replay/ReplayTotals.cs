using EventCalls.Replay.Calls;

namespace EventCalls.Replay;

/// <summary>Counts what calls came to.</summary>
public sealed class ReplayTotals
{
    private readonly Dictionary<string, long> _baseline = new(StringComparer.Ordinal);

    /// <summary>How many calls were decided again.</summary>
    public long Calls { get; private set; }

    /// <summary>How many came out the same.</summary>
    public long Same { get; private set; }

    /// <summary>How many came out otherwise, and not as was announced.</summary>
    public long Changed { get; private set; }

    /// <summary>How many came out otherwise as was announced.</summary>
    public long Expected { get; private set; }

    /// <summary>For how many the candidate gave nothing usable.</summary>
    public long Errors { get; private set; }

    /// <summary>Of how many nothing can be said.</summary>
    public long NotReplayable { get; private set; }

    /// <summary>How many the very version that decided them decides otherwise now.</summary>
    public long Nondeterministic { get; private set; }

    /// <summary>How many look-ups were asked of today's tables.</summary>
    public long LiveLookups { get; private set; }

    /// <summary>The versions of logic that had decided, with how many calls each.</summary>
    public IReadOnlyDictionary<string, long> Baseline => _baseline;

    /// <summary>Counts a call.</summary>
    public void Add(ReplayedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        Calls++;
        LiveLookups += call.LiveLookups;
        switch (call.Verdict)
        {
            case Verdict.Same:
                Same++;
                break;
            case Verdict.Changed when call.Expected.Count > 0:
                Expected++;
                break;
            case Verdict.Changed:
                Changed++;
                break;
            case Verdict.Error:
                Errors++;
                break;
            case Verdict.Nondeterministic:
                Nondeterministic++;
                break;
            default:
                NotReplayable++;
                break;
        }
        if ((call.Baseline?.RecordedVersion ?? (call.Decisions is [var first, ..] ? first.Was.LogicVersion : "")) is { Length: > 0 } version)
            _baseline[version] = _baseline.GetValueOrDefault(version) + 1;
    }

    internal void Save(BinaryWriter writer)
    {
        foreach (long count in (ReadOnlySpan<long>)[Calls, Same, Changed, Errors, NotReplayable, Nondeterministic, LiveLookups, Expected])
            writer.Write(count);
        writer.Write(_baseline.Count);
        foreach (var (version, calls) in _baseline)
        {
            writer.Write(version);
            writer.Write(calls);
        }
    }

    internal void Load(BinaryReader reader)
    {
        (Calls, Same, Changed) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        (Errors, NotReplayable) = (reader.ReadInt64(), reader.ReadInt64());
        (Nondeterministic, LiveLookups, Expected) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        _baseline.Clear();
        for (int left = reader.ReadInt32(); left > 0; left--)
            _baseline.Add(reader.ReadString(), reader.ReadInt64());
    }
}
