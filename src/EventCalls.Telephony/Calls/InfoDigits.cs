using System.Text;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Calls;

/// <summary>Reads the digit an INFO carries: <c>application/dtmf-relay</c> (Signal and Duration lines) and <c>application/dtmf</c> (the digit alone), which no RFC describes.</summary>
internal static class InfoDigits
{
    private const int LongestMs = 60_000;

    /// <summary>Whether the INFO carries one digit; <paramref name="durationMs"/> is null when it does not say how long.</summary>
    public static bool TryRead(SipMessage info, out string digit, out int? durationMs)
    {
        digit = "";
        durationMs = null;
        if (BodyPart.Find(info, "application/dtmf-relay"u8) is { IsEmpty: false } relay)
            return TryReadLines(SipText.Get(relay), ref digit, ref durationMs);
        if (BodyPart.Find(info, "application/dtmf"u8) is not { IsEmpty: false } plain)
            return false;
        string text = SipText.Get(plain).Trim();
        return text.Contains('=') ? TryReadLines(text, ref digit, ref durationMs) : TryDigit(text, out digit);
    }

    /// <summary>Whether the INFO has its digit as plain text.</summary>
    public static bool IsPlain(SipMessage info) => BodyPart.Find(info, "application/dtmf-relay"u8).IsEmpty;

    /// <summary>The body of an INFO with a digit.</summary>
    public static Content Write(char digit, int durationMs, bool isPlain) => isPlain
        ? new Content("application/dtmf", Encoding.ASCII.GetBytes([digit]))
        : new Content("application/dtmf-relay", Encoding.ASCII.GetBytes($"Signal={digit}\r\nDuration={durationMs}\r\n"));

    private static bool TryReadLines(string text, ref string digit, ref int? durationMs)
    {
        bool found = false;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            int equals = line.IndexOf('=');
            if (equals < 0)
                continue;
            var name = line[..equals].Trim();
            var value = line[(equals + 1)..].Trim();
            if (name.Equals("Signal", StringComparison.OrdinalIgnoreCase))
                found = TryDigit(value.ToString(), out digit);
            else if (name.Equals("Duration", StringComparison.OrdinalIgnoreCase) && int.TryParse(value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int ms) && ms <= LongestMs)
                durationMs = ms;
        }
        return found;
    }

    // Some write the events of RFC 4733 §3.2 by number: 10 is the star, 11 the hash, 12 to 15 are A to D.
    private static bool TryDigit(string text, out string digit)
    {
        digit = text switch
        {
            "10" => "*",
            "11" => "#",
            "12" => "A",
            "13" => "B",
            "14" => "C",
            "15" => "D",
            [>= '0' and <= '9' or '*' or '#' or >= 'A' and <= 'D'] => text,
            [>= 'a' and <= 'd'] => text.ToUpperInvariant(),
            _ => "",
        };
        return digit.Length > 0;
    }
}
