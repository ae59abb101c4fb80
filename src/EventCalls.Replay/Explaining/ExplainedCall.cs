using System.Text.Json.Serialization;
using EventCalls.Contracts;
using EventCalls.Replay.Audit;
using EventCalls.Replay.Calls;
using EventCalls.Routing;

namespace EventCalls.Replay.Explaining;

/// <summary>A call's explained decisions as one JSON object; the names of the members are a promise (docs/command-line.md).</summary>
/// <param name="CallId">The call.</param>
/// <param name="Decisions">The decisions, in order.</param>
public sealed record ExplainedCall(Guid CallId, IEnumerable<ExplainedDecision> Decisions)
{
    /// <summary>The object of these explanations.</summary>
    public static ExplainedCall Of(Guid callId, IEnumerable<Explanation> explanations) => new(callId, explanations.Select(e => new ExplainedDecision(e)));
}

/// <summary>One decision of it.</summary>
/// <param name="explanation">Why it came out as it did.</param>
public sealed class ExplainedDecision(Explanation explanation)
{
    private readonly RecordedDecision _decision = explanation.Decision;

    // The members are written in the order in which they stand here; what there is none of is null.
    public int Decision => _decision.Number;

    public int Event => _decision.Event;

    public int? CauseEvent => _decision.CauseEvent;

    public DateTimeOffset OccurredAt => _decision.OccurredAt;

    public DecisionKind Kind => _decision.Kind;

    public string? Flow => _decision.Selected?.Flow;

    public IReadOnlyList<string> FlowChain => explanation.Again?.FlowChain ?? [];

    public string? LogicVersion => _decision.Selected?.LogicVersion;

    public string? DecidedBy => _decision.Selected?.DecidedBy;

    public string? File => explanation.File;

    public int? Line => explanation.Line;

    public string? Source => explanation.Source.FirstOrDefault(l => l.Number == explanation.Line).Text;

    [JsonConverter(typeof(AsInEvents<IReadOnlyList<Contracts.Handoff>>))]
    public IReadOnlyList<Contracts.Handoff> Handoff => _decision.Handoff?.Steps ?? [];

    public Requester? RequestedBy => _decision.Handoff?.RequestedBy;

    [JsonConverter(typeof(AsInEvents<DecisionInputs>))]
    public DecisionInputs? Inputs => _decision.Selected?.Inputs;

    /// <summary>What it read on its way; empty when that is not known.</summary>
    public IReadOnlyList<ConversationRead> Reads => explanation.Again?.Reads ?? [];

    public IReadOnlyList<string> Log => _decision.Selected?.Log ?? [];

    public IReadOnlyList<LogicMetric> Metrics => _decision.Selected?.Metrics ?? [];

    public ExplainedFailure? Failure => _decision.Failed is { } failed ? new ExplainedFailure(failed.Cause, failed.Message, failed.DefaultTaken) : null;

    public bool? Repeated => explanation.IsRepeated;

    public IReadOnlyList<FieldChange> Differences => explanation.Differences;

    public string? Note => explanation.Note;
}

/// <summary>How routing logic failed.</summary>
/// <param name="Cause">Typed.</param>
/// <param name="Message">For people.</param>
/// <param name="DefaultTaken">What was done instead.</param>
public sealed record ExplainedFailure(RoutingFailureCause Cause, string Message, string DefaultTaken);

/// <summary>How explanations are written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(InUtc)])]
[JsonSerializable(typeof(ExplainedCall))]
public sealed partial class ExplanationJson : JsonSerializerContext;
