namespace EventCalls.Sip.Messages;

/// <summary>A part of a message's bytes.</summary>
internal readonly record struct Slice(int Start, int Length);
