using System.Text.Json;
using System.Text.Json.Serialization;
using EventCalls.Contracts;
using EventCalls.Routing.Kit;
using EventCalls.Routing.Loading;

namespace EventCalls.Routing;

/// <summary>What came of deciding a call that is only thought of, as one JSON object; the names of the members are a promise (docs/command-line.md).</summary>
/// <param name="trial">What came of it.</param>
public sealed class TrialObject(TrialResult trial)
{
    // The members are written in the order in which they stand here; what there is none of is null.
    public bool Ok => trial.Decision is { Failure: null };

    public string LogicVersion => trial.Check.Version;

    public string? Flow => trial.Decision?.Flow;

    public IReadOnlyList<string> FlowChain => trial.Decision?.FlowChain ?? [];

    public string? DecidedBy => trial.Decision?.DecidedBy;

    public JsonElement? Decision => trial.DecisionJson is { } json ? JsonElement.Parse(json) : null;

    /// <summary>What it read on its way; empty when that is not known.</summary>
    public IReadOnlyList<ConversationRead> Reads => trial.Decision?.Reads ?? [];

    public IReadOnlyList<string> Log => trial.Decision?.Log ?? [];

    public IReadOnlyList<LogicMetric> Metrics => trial.Decision?.Metrics ?? [];

    public long? ElapsedMicroseconds => (long?)trial.Decision?.Elapsed.TotalMicroseconds;

    public TrialFailure? Failure => trial.Decision?.Failure is { } f ? new TrialFailure(f.Cause, f.Message, f.ExceptionType, f.File, f.Line) : null;

    public IReadOnlyList<LogicDiagnostic> Diagnostics => trial.Check.Diagnostics;
}

/// <summary>Why there is no usable decision.</summary>
/// <param name="Cause">Typed.</param>
/// <param name="Message">For people, with file and line where known.</param>
/// <param name="Exception">The exception's type, when the logic threw.</param>
/// <param name="File">The source file, relative to its folder; null when unknown.</param>
/// <param name="Line">The line in it, from 1; null when unknown.</param>
public sealed record TrialFailure(RoutingFailureCause Cause, string Message, string? Exception, string? File, int? Line);

/// <summary>What compiling a folder of routing logic found, as one JSON object.</summary>
/// <param name="check">What it found.</param>
public sealed class CheckObject(LogicCheck check)
{
    public bool Ok => check.Ok;

    public string Version => check.Version;

    public IReadOnlyList<string> Flows => check.Flows;

    public IReadOnlyList<LogicDiagnostic> Diagnostics => check.Diagnostics;
}

/// <summary>How trials and checks of logic are written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TrialObject))]
[JsonSerializable(typeof(CheckObject))]
[JsonSerializable(typeof(CasesObject))]
public sealed partial class LogicJson : JsonSerializerContext;
