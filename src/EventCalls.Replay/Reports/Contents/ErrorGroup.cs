using EventCalls.Contracts;

namespace EventCalls.Replay.Reports;

/// <summary>Calls for which the candidate failed in the same way at the same place.</summary>
/// <param name="Cause">Typed.</param>
/// <param name="ExceptionType">The exception's full name; null when nothing was thrown.</param>
/// <param name="File">The candidate's source file; null when unknown.</param>
/// <param name="Line">The line in it, from 1; null when unknown.</param>
/// <param name="Message">The first call's message; others of the group may differ in detail.</param>
/// <param name="Calls">How many calls.</param>
/// <param name="Examples">The first few calls.</param>
public sealed record ErrorGroup(
    RoutingFailureCause Cause, string? ExceptionType, string? File, int? Line, string Message, long Calls, IReadOnlyList<Guid> Examples);
