using EventCalls.Contracts;
using EventCalls.Routing.Deciders.Blocks;
using EventCalls.Routing.Deciders.Wire;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Deciders.Child;

/// <summary>Takes many decisions of past calls: as they were asked, or as the second of two deciders, with another clock and seed where the logic asked for neither.</summary>
internal sealed class BlockDecisions(
    BeganMark mark,
    BrokenStatics statics,
    WireWriter answers,
    IReadOnlyDictionary<int, CompiledLogic> versions,
    IReadOnlyDictionary<int, LookupTables> tables,
    IReadOnlyDictionary<int, HashSet<string>> endpoints)
{
    private const int MostTakings = 4;
    private const int OtherSeed = 0x2545F491;
    private static readonly TimeSpan s_shift = new(days: 37, hours: 5, minutes: 17, seconds: 23, milliseconds: 456);

    private readonly DecisionDigest _digest = new();
    private readonly RecordedLookups _noLookups = new([]);
    private int _zone;

    // What the decision before read: mostly the next of the same logic reads the same, and need not be taken twice to know.
    private bool _readsClock;
    private bool _readsRandom;

    public void Decide(ref WireReader from)
    {
        var (logic, options, table, isSecond, first) = ReadHead(ref from);
        int count = from.Count();
        int message = answers.BeginMessage(MessageKind.BlockDecided);
        for (int i = 0; i < count; i++)
        {
            var ask = BlockWire.ReadAsk(ref from);
            var request = SeenWire.Read(ref from, out var recorded);
            mark.Current = first + i;
            Decide(logic, request, With(options, recorded, table, ask), ask, isSecond);
        }

        mark.Current = 0;
        answers.EndMessage(message);
    }

    public static void WriteHead(WireWriter to, long first, int version, DecideOptions options, int table, int endpoints, int? zone)
    {
        to.UInt((ulong)first);
        to.Count(version);
        to.Int(options.TimeLimit.Ticks);
        to.Int(options.AllocationLimit);
        to.Count(table);
        to.Count(endpoints);
        to.Bool(zone is not null);
        if (zone is { } number)
            to.Count(number);
    }

    private (CompiledLogic Logic, DecideOptions Options, LookupTables? Tables, bool IsSecond, long First) ReadHead(ref WireReader from)
    {
        long first = (long)from.UInt();
        var logic = versions[from.Count()];
        var limit = TimeSpan.FromTicks(from.Int());
        long allocation = from.Int();
        int table = from.Count();
        int known = from.Count();
        bool isSecond = from.Bool();
        // 0 is the zone it was started in.
        if (isSecond && from.Count() + 1 is var zone && zone != _zone)
        {
            _zone = zone;
            BlockZones.Use(zone - 1);
        }

        var options = new DecideOptions
        {
            TimeLimit = limit,
            AllocationLimit = allocation,
            KnownEndpoints = known == 0 ? null : endpoints[known],
            Lookups = _noLookups,
        };
        return (logic, options, table == 0 ? null : tables[table], isSecond, first);
    }

    private static DecideOptions With(DecideOptions options, IReadOnlyList<LookupAnswer> recorded, LookupTables? tables, in BlockAsk ask)
    {
        if (recorded.Count > 0 || tables is not null)
            options = options with { Lookups = tables is null ? new RecordedLookups(recorded) : new RecordedThenTables(recorded, tables) };
        return ask.IsPatient ? options with { TimeLimit = options.TimeLimit * BlockAsk.PatientFactor } : options;
    }

    private void Decide(CompiledLogic logic, DecisionRequest request, DecideOptions options, in BlockAsk ask, bool isSecond)
    {
        int before = answers.Length;
        statics.Begin();
        try
        {
            var result = isSecond ? DecideShifted(logic, request, options) : Decider.Decide(logic, request, options);
            var outcome = _digest.OfOutcome(result.Flow, result.State, result.Steps, result.Reason);
            bool isExpected = ask.Expected == outcome && result.Failure is null && result.UnansweredLookup is null;
            var all = _digest.OfAll(result, outcome);
            bool isUnsteady = ask.IsRepeated && !IsSteady(logic, request, options, DecisionEnds.IsEnded(result) ? null : all);
            if (statics.Any)
                BrokenStatics.EndProcess();
            BlockWire.Write(answers, result, all, isExpected, ask.IsWhole || (!isSecond && !isExpected), isUnsteady);
        }
        catch (Exception e) when (e is not IOException)
        {
            // Not the logic's fault, which Decide tells.
            answers.Truncate(before);
            BlockWire.WriteFailed(answers, e.Message);
        }
    }

    // With the recorded clock and seed where the logic reads them, and only there. With both recorded it shows what it reads.
    private DecisionResult DecideShifted(CompiledLogic logic, DecisionRequest request, DecideOptions options)
    {
        for (int taking = 1; ; taking++)
        {
            var result = Decider.Decide(logic, Shifted(request), options);
            if (taking == MostTakings || DecisionEnds.IsEnded(result) || (result.ReadClock == _readsClock && result.ReadRandom == _readsRandom))
                return result;
            (_readsClock, _readsRandom) = taking == 2 ? (true, true) : (result.ReadClock, result.ReadRandom);
        }
    }

    private DecisionRequest Shifted(DecisionRequest request) => request with
    {
        Now = _readsClock ? request.Now : request.Now + s_shift,
        Seed = _readsRandom ? request.Seed : request.Seed ^ OtherSeed,
    };

    // The first time counts too: what is otherwise only then, as with a set of the callers that were seen, is alike ever after.
    private bool IsSteady(CompiledLogic logic, DecisionRequest request, DecideOptions options, UInt128? first)
    {
        var one = Decider.Decide(logic, request, options);
        if (DecisionEnds.IsEnded(one))
            return true;
        var digest = OfAll(one);
        if (first is not null && first != digest)
            return false;
        var two = Decider.Decide(logic, request, options);
        return DecisionEnds.IsEnded(two) || OfAll(two) == digest;
    }

    private UInt128 OfAll(DecisionResult result) => _digest.OfAll(result, _digest.OfOutcome(result.Flow, result.State, result.Steps, result.Reason));
}
