using EventCalls.Contracts;

namespace EventCalls.Import.Calls;

/// <summary>The BYE that ended a dialog.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="IsByCaller">Whether the side that had sent the INVITE sent it.</param>
/// <param name="Reason">Its Reason (RFC 3326).</param>
/// <param name="CustomHeaders">The header fields somebody chose to send.</param>
internal sealed record CapturedBye(DateTimeOffset At, bool IsByCaller, string? Reason, IReadOnlyList<SipHeader> CustomHeaders);
