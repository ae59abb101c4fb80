using EventCalls.Contracts;

namespace EventCalls.Replay.Calls;

/// <summary>Why the candidate gave no usable decision.</summary>
/// <param name="Cause">Typed.</param>
/// <param name="Message">For people.</param>
public sealed record ReplayError(RoutingFailureCause Cause, string Message)
{
    /// <summary>The full name of the exception's type; null when nothing was thrown.</summary>
    public string? ExceptionType { get; init; }

    /// <summary>The candidate's source file; null when unknown.</summary>
    public string? File { get; init; }

    /// <summary>The line in it, from 1; null when unknown.</summary>
    public int? Line { get; init; }
}
