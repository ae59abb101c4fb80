namespace EventCalls.Routing;

/// <summary>One thing a decision read on its way, and what it got (null: absent).</summary>
/// <param name="What">For example <c>caller_number</c>, <c>sip_headers.From</c>, <c>state.tier</c>, <c>now</c>, <c>random</c>, <c>last_transfer.outcome</c> or <c>lookup.branches[+1555]</c>.</param>
/// <param name="Value">As text.</param>
public sealed record ConversationRead(string What, string? Value);
