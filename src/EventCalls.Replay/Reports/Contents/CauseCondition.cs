namespace EventCalls.Replay.Reports;

/// <summary>One condition on a call.</summary>
/// <param name="Kind">
/// <c>header</c>, <c>header_present</c>, <c>header_absent</c>, <c>state</c>, <c>state_present</c>, <c>state_absent</c>, <c>caller</c>, <c>caller_prefix</c>,
/// <c>callee</c>, <c>callee_prefix</c>, <c>trunk</c>, <c>hour</c>, <c>weekday</c>, <c>old_flow</c>, <c>old_target</c>, <c>after</c> or <c>matched_nothing</c>.
/// </param>
/// <param name="Name">The header's name or the state's key; empty for other kinds.</param>
/// <param name="Values">The values, one of which the call has; hours 0–23 UTC as a first and a last one.</param>
/// <param name="Text">The condition in words, such as <c>header X-Tier is gold</c>.</param>
public sealed record CauseCondition(string Kind, string Name, IReadOnlyList<string> Values, string Text);
