using System.Text;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports.Causes;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Counting;
using EventCalls.Replay.Reports.Outcomes;
using EventCalls.Replay.Reports.Spool;

namespace EventCalls.Replay.Reports;

/// <summary>Adds replayed calls up to a report; for one thread, and in the order of the calls.</summary>
/// <remarks>What it holds in memory is bounded whatever the number of calls, flows, targets and errors; the changed calls themselves go to disk.</remarks>
public sealed class ReplayReportBuilder : IDisposable
{
    private const int MostFlowMoves = 2_000;
    private const int MostTargetMoves = 10_000;
    private const int MostTargets = 20_000;
    private const int MostChains = 10_000;
    private const int MostFields = 1_000;
    private const int MostCallees = 1_000;

    private static readonly byte[] s_format = "ECREPORT3"u8.ToArray();

    private readonly TargetTable _targets = new(MostTargets);
    private readonly Tally<(string From, string To)> _flowMoves = new(MostFlowMoves);
    private readonly Tally<(int From, int To)> _targetMoves = new(MostTargetMoves);
    private readonly Tally<string> _fields = new(MostFields);
    private readonly FailureGroups _failures = new();
    private readonly UnmatchedCount _unmatched = new(MostCallees);
    private readonly BaselineCount _baseline = new(MostFields);
    private readonly ChangeGroups _groups;
    private readonly WhatIfCount _whatIf;
    private readonly HourlyLoads _loads;
    private long _same;
    private long _changed;
    private long _expected;
    private long _errors;
    private long _notReplayable;
    private long _nondeterministic;
    private long _liveLookups;

    /// <summary>An empty report.</summary>
    /// <param name="temporaryFolder">Where the changed calls are kept until the report is written; null for the user's temporary folder.</param>
    /// <exception cref="IOException">No file can be made there.</exception>
    public ReplayReportBuilder(string? temporaryFolder = null)
    {
        Changes = new ChangedCalls(temporaryFolder ?? Path.GetTempPath());
        _groups = new ChangeGroups(_targets);
        _whatIf = new WhatIfCount(_targets, MostChains);
        _loads = new HourlyLoads(_targets);
    }

    /// <summary>The changed calls, one by one.</summary>
    public ChangedCalls Changes { get; }

    /// <summary>The counts so far.</summary>
    public ReportTotals Totals => new(_same, _changed, _errors, _notReplayable, _nondeterministic, _expected);

    /// <summary>Takes the next call.</summary>
    /// <exception cref="IOException">A changed call cannot be written to disk.</exception>
    public void Add(ReplayedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        _liveLookups += call.LiveLookups;
        if (call.Baseline is { } baseline)
            _baseline.Add(baseline);
        // What was really tried counts for its target whatever the candidate makes of the call.
        _whatIf.AddHistory(call.Attempts);
        _loads.Add(call);
        switch (call.Verdict)
        {
            case Verdict.Same:
                _same++;
                if (AddMove(call) is not null)
                    _groups.AddSame(call);
                break;
            case Verdict.Changed:
                AddChanged(call);
                break;
            case Verdict.Error:
                _errors++;
                _failures.AddError(call);
                break;
            case Verdict.Nondeterministic:
                _nondeterministic++;
                _failures.AddNondeterministic(call);
                break;
            default:
                _notReplayable++;
                _failures.AddUnrecorded(call);
                break;
        }
        _unmatched.Add(call);
    }

    /// <summary>The report of all calls so far; more may be added afterwards.</summary>
    public ReplayReport Build(ReplayRun run) => new()
    {
        Run = run,
        Totals = Totals,
        Flows = _flowMoves.Sorted(m => $"{m.From}\n{m.To}", (m, calls) => new Move(m.From, m.To, calls)),
        Targets = _targetMoves.Sorted(m => $"{_targets[m.From].Name}\n{_targets[m.To].Name}", (m, calls) => new Move(_targets[m.From].Name, _targets[m.To].Name, calls)),
        Groups = _groups.Record(),
        Fields = _fields.Sorted(f => f, (field, calls) => new FieldCount(field, calls)),
        ErrorGroups = _failures.Errors(),
        Unrecorded = _failures.Unrecorded(),
        Nondeterministic = _failures.Nondeterministic(),
        MatchesNothing = _unmatched.Record(),
        WhatIf = _whatIf.Record() with { Loads = _loads.Record() },
        LiveLookups = _liveLookups,
        Baseline = run.Against is { } against ? _baseline.Record(against, run.AgainstName) : null,
    };

    /// <summary>Writes down all that was added, so that another builder can go on from here.</summary>
    public void Save(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(s_format);
        foreach (long count in (ReadOnlySpan<long>)[_same, _changed, _errors, _notReplayable, _nondeterministic, _liveLookups, _expected])
            writer.Write(count);
        _targets.Save(writer);
        _flowMoves.Save(writer, (w, m) =>
        {
            w.Write(m.From);
            w.Write(m.To);
        });
        _targetMoves.Save(writer, (w, m) =>
        {
            w.Write(m.From);
            w.Write(m.To);
        });
        _fields.Save(writer, (w, f) => w.Write(f));
        _failures.Save(writer);
        _unmatched.Save(writer);
        _baseline.Save(writer);
        _groups.Save(writer);
        _whatIf.Save(writer);
        _loads.Save(writer);
        Changes.Save(writer);
    }

    /// <summary>Goes on from what another builder wrote down; what was added here before is forgotten.</summary>
    /// <exception cref="InvalidDataException">It is not the state of a report, or a damaged one; the builder can then not be used further.</exception>
    public void Load(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        try
        {
            if (!reader.ReadBytes(s_format.Length).AsSpan().SequenceEqual(s_format))
                throw new InvalidDataException("This is not the saved state of a replay report, or one of another version.");
            (_same, _changed, _errors) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
            (_notReplayable, _nondeterministic, _liveLookups, _expected) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
            _targets.Load(reader);
            _flowMoves.Load(reader, r => (r.ReadString(), r.ReadString()));
            _targetMoves.Load(reader, r => (r.ReadInt32(), r.ReadInt32()));
            _fields.Load(reader, r => r.ReadString());
            _failures.Load(reader);
            _unmatched.Load(reader);
            _baseline.Load(reader);
            _groups.Load(reader);
            _whatIf.Load(reader);
            _loads.Load(reader);
            Changes.Load(reader);
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException or FormatException)
        {
            throw new InvalidDataException("The saved state of the replay report is damaged or incomplete.", e);
        }
    }

    /// <summary>Removes the file of changed calls.</summary>
    public void Dispose() => Changes.Dispose();

    private void AddChanged(ReplayedCall call)
    {
        bool isExpected = call.Expected.Count > 0;
        if (isExpected)
            _expected++;
        else
            _changed++;
        foreach (var change in call.Changes)
        {
            if (!isExpected)
                _fields.Add(ForeignText.Cut(change.Field));
        }
        if (AddMove(call) is not { } move)
            throw new ArgumentException($"Call {call.Call.CallId} changed, but has no decision to compare.", nameof(call));
        if (!isExpected)
            _groups.AddChanged(call, move);
        _whatIf.AddChanged(call);
        Changes.Add(call, move);
    }

    private MoveOfCall? AddMove(ReplayedCall call)
    {
        if (MoveOfCall.Of(call, _targets) is not { } move)
            return null;
        _flowMoves.Add((ForeignText.Cut(move.FromFlow), ForeignText.Cut(move.ToFlow)));
        _targetMoves.Add((move.FromTarget.Id, move.ToTarget.Id));
        return move;
    }
}
