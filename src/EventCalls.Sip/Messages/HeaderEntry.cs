namespace EventCalls.Sip.Messages;

/// <summary>Where one header field lies in its message.</summary>
internal readonly record struct HeaderEntry(HeaderId Id, int NameStart, int NameLength, int ValueStart, int ValueLength);
