namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>One line of <c>eventcalls calls list --json</c>.</summary>
internal sealed record ListedCall(
    Guid CallId,
    string SipCallId,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    string Caller,
    string Callee,
    string Trunk,
    string? Flow,
    string? Handoff,
    string? Target,
    string? Outcome,
    int Attempts,
    string? LogicVersion);
