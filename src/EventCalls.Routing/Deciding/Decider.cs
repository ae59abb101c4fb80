using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Decisions;
using EventCalls.Routing.Limits;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Deciding;

/// <summary>Takes one decision: pure but for the time it measures. The same logic and request always give the same result.</summary>
/// <remarks>
/// Runs on the caller's thread. Check points compiled into the logic end its loops and recursions at the time limit; a long call into the
/// framework (a bad regular expression) is not ended by them: <see cref="DecisionThreads"/> is for callers that cannot wait for it.
/// </remarks>
public static class Decider
{
    private const int MaxFlows = 32;

    private static readonly IReadOnlyDictionary<string, JsonElement> s_noState = new Dictionary<string, JsonElement>();

    /// <summary>Decides. Never throws for what the logic does.</summary>
    public static DecisionResult Decide(CompiledLogic logic, DecisionRequest request, DecideOptions options)
    {
        ArgumentNullException.ThrowIfNull(logic);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(options);

        long began = Stopwatch.GetTimestamp();
        List<ConversationRead>? reads = options.Trace ? [] : null;
        var loaded = logic.Loaded;
        var conv = new Conversation(request, options.Lookups, loaded.StateJson, reads);
        var run = new Run(logic, loaded.Entry, request, conv);
        // What the machine's culture is was not recorded: decisions know one only.
        var culture = CultureInfo.CurrentCulture;
        bool isOther = !ReferenceEquals(culture, CultureInfo.InvariantCulture);
        if (isOther)
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CheckPoint.Begin(began, options.TimeLimit, options.AllocationLimit);
        try
        {
            run.Flows();
            if (CheckPoint.IsOver)
                run.Fail(conv.Awaited is { } later ? Waits(later) : DecisionLimits.Overran(options));
        }
        catch (Exception e)
        {
            run.Fail(conv.Awaited is { } awaited ? Waits(awaited) : CheckPoint.IsOver ? DecisionLimits.Overran(options) : LogicExceptions.Describe(logic, e));
        }
        finally
        {
            CheckPoint.End();
            if (isOther)
                CultureInfo.CurrentCulture = culture;
        }

        var state = Kept(ref run, conv, options);
        var lookups = Kept(ref run, conv.Answers);
        var steps = run.Failure is null ? Checked(ref run, options) : [];
        return new DecisionResult
        {
            LogicVersion = logic.Version,
            DecidesRefers = logic.DecidesRefers,
            Flow = conv.CurrentFlow,
            FlowChain = run.Chain ?? (IReadOnlyList<string>)[],
            State = state,
            Steps = steps,
            Reason = steps.Count > 0 ? run.Decision!.Handoff!.Reason : null,
            DecidedBy = run.DecidedBy,
            Inputs = new DecisionInputs { Now = request.Now, Seed = request.Seed, Lookups = lookups },
            Log = conv.Notes.Log,
            Metrics = conv.Notes.Metrics,
            Failure = run.Failure,
            UnansweredLookup = conv.Unanswered,
            Awaited = conv.Awaited,
            ReadClock = conv.NowRead,
            ReadRandom = conv.Random.Drawn,
            Reads = reads,
            Elapsed = Stopwatch.GetElapsedTime(began),
        };
    }

    // The state, or none of it when it cannot be kept with the call.
    private static IReadOnlyDictionary<string, JsonElement> Kept(ref Run run, Conversation conv, DecideOptions options)
    {
        try
        {
            var state = conv.State.ToJson();
            if (DecisionLimits.StateError(state) is not { } error)
                return state;
            run.Refuse(error);
        }
        catch (OutOfMemoryException)
        {
            run.Fail(DecisionLimits.OutOfMemory(options));
        }

        return s_noState;
    }

    private static IReadOnlyList<LookupAnswer> Kept(ref Run run, IReadOnlyList<LookupAnswer> answers)
    {
        if (DecisionLimits.LookUpError(answers) is not { } error)
            return answers;
        run.Refuse(error);
        return [];
    }

    private static IReadOnlyList<Contracts.Handoff> Checked(ref Run run, DecideOptions options)
    {
        IReadOnlyList<Contracts.Handoff> steps = [];
        var handoff = run.Decision!.Handoff!;
        string? error = DecisionValidation.ReasonError(handoff.Reason);
        if (error is null && DecisionValidation.TryCheck(handoff.Steps, options.KnownEndpoints, out steps, out error, handoff.Asked))
            return steps;
        run.Refuse(error);
        return [];
    }

    /// <summary>The method that a question is put to.</summary>
    private static LogicMethod Asked(LogicEntry entry, DecisionRequest request) =>
        request.Refer is not null ? entry.ReferRequested : request.Failed is not null ? entry.TransferFailed : entry.Start;

    // Nobody sees it but where nothing is fetched.
    private static DecisionFailure Waits(LookupAnswer awaited) => new(RoutingFailureCause.LogicThrew, $"The decision needs an answer that is not there yet: {LookupWords.Call(awaited.Name, awaited.Key)}.");

    private struct Run(CompiledLogic logic, LogicEntry entry, DecisionRequest request, Conversation conv)
    {
        public Decision? Decision { get; private set; }

        public DecisionFailure? Failure { get; private set; }

        public List<string>? Chain { get; private set; }

        private LogicMethod _method = Asked(entry, request);

        public readonly string DecidedBy =>
            Decision is { Line: > 0 } d ? _method.NameAt(d.File, d.Line) : _method.NameAndPlace;

        public void Fail(DecisionFailure failure) => Failure = failure;

        /// <summary>What was decided is not usable; a failure that came before stays.</summary>
        public void Refuse(string? error) => Failure ??= new DecisionFailure(RoutingFailureCause.InvalidDecision, $"{error} ({DecidedBy})");

        public void Flows()
        {
            var instance = entry.Create();
            if (request.EntryFlow is { } first && !Enter(first))
                return;
            while (true)
            {
                Decision = _method.Invoke(instance, conv);
                if (Decision is null or { Flow: null, Handoff: null })
                {
                    Fail(new DecisionFailure(
                        RoutingFailureCause.NoDecision,
                        $"{_method.NameAndPlace} returned without deciding: return a Handoff, or conv.GotoFlow(…)."));
                    return;
                }

                if (Decision.Flow is null)
                    return;
                if (!Enter(Decision.Flow))
                    return;
            }
        }

        private bool Enter(string flow)
        {
            Chain ??= [];
            if (!entry.Flows.TryGetValue(flow, out var next))
            {
                string known = entry.Flows.Count == 0 ? "the logic has none" : $"the logic has {string.Join(", ", logic.Flows)}";
                Fail(new DecisionFailure(RoutingFailureCause.UnknownFlow, $"There is no flow '{flow}': {known}. ({DecidedBy})"));
                return false;
            }

            if (Chain.Contains(flow) || Chain.Count == MaxFlows)
            {
                string what = Chain.Count == MaxFlows ? $"More than {MaxFlows} flows in one decision" : "The flows go in a circle";
                Fail(new DecisionFailure(RoutingFailureCause.UnknownFlow, $"{what}: {string.Join(" → ", Chain)} → {flow}. ({DecidedBy})"));
                return false;
            }

            Chain.Add(flow);
            conv.CurrentFlow = flow;
            _method = next;
            return true;
        }
    }
}
