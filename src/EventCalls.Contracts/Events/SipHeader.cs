namespace EventCalls.Contracts;

/// <summary>One SIP header field as it was received: its name as spelled and its value unfolded and trimmed.</summary>
public sealed record SipHeader(string Name, string Value);
