using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Calls;

/// <summary>Writes Reason headers (RFC 3326).</summary>
internal static class ReasonHeader
{
    /// <summary>A reason of ours; the text must have no CR, LF or NUL.</summary>
    public static HeaderLine Of(string protocol, int cause, string text) =>
        new("Reason", $"{protocol};cause={cause};text=\"{Quoted(text)}\"");

    /// <summary>A reason passed on as it was received; null when there was none.</summary>
    public static HeaderLine[]? Passed(string? reason) =>
        reason is not null && SipText.IsSafeHeaderValue(reason) ? [new HeaderLine("Reason", reason)] : null;

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny('"', '\\') < 0 ? text : text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
