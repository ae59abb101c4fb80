namespace EventCalls.Sip.Messages;

/// <summary>A header field to send: its name and its value, neither with CR, LF or NUL (whoever makes one from foreign input checks first).</summary>
public readonly record struct HeaderLine(string Name, string Value);
