namespace EventCalls.Replay.Calls;

/// <summary>One field of a decision that came out otherwise.</summary>
/// <param name="Field">
/// <c>flow</c>, <c>handoff</c> (the method), <c>target</c>, <c>outbound_endpoint</c>, <c>caller_id</c>, <c>referred_by</c>, <c>headers.X-…</c>, <c>headers</c> (their order alone), <c>ring_timeout</c>,
/// <c>notify_timeout</c>, <c>status</c>, <c>reason</c>, <c>state.…</c> or <c>fallbacks</c>; of the decision after the n-th failed handoff with
/// <c>retry[n].</c> before it.
/// </param>
/// <param name="Was">As recorded, as text; null where there was none.</param>
/// <param name="Now">As the candidate has it, as text; null where there is none.</param>
public sealed record FieldChange(string Field, string? Was, string? Now);
