namespace EventCalls.Media.Rtp;

/// <summary>A digit or another event that was signalled within RTP (RFC 4733 §3.2), how long it was, and whether its end was told or had to be assumed.</summary>
internal readonly record struct TelephoneEvent(byte Code, int Milliseconds, bool EndSeen)
{
    private const string Digits = "0123456789*#ABCD";

    /// <summary>The digit: 0–9, *, #, A–D; null for events that are none.</summary>
    public char? Digit => Code < Digits.Length ? Digits[Code] : null;

    /// <summary>The code of a digit; -1 for what is none.</summary>
    public static int CodeOf(char digit) => Digits.IndexOf(char.ToUpperInvariant(digit), StringComparison.Ordinal);
}
