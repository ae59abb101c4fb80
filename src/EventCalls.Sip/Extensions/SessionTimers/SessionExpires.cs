using System.Buffers.Text;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Extensions.SessionTimers;

/// <summary>Who refreshes a session, as a message says it (RFC 4028 §4).</summary>
internal enum Refresher
{
    /// <summary>It is not said.</summary>
    Open,

    /// <summary>Who sent the request.</summary>
    Uac,

    /// <summary>Who answers it.</summary>
    Uas,
}

/// <summary>What an INVITE, an UPDATE or its 2xx says of the session timer (RFC 4028 §4, §5).</summary>
/// <param name="Seconds">The Session-Expires; 0 when there is none, or none that can be read.</param>
/// <param name="Refresher">Its refresher.</param>
/// <param name="Least">The Min-SE; 90 when there is none.</param>
/// <param name="IsSupported">Whether Supported or Require names <c>timer</c>.</param>
internal readonly record struct SessionExpires(int Seconds, Refresher Refresher, int Least, bool IsSupported)
{
    public const int LeastSeconds = 90;

    public static SessionExpires Of(SipMessage message)
    {
        int seconds = ReadSeconds(message.Header(HeaderId.SessionExpires), out var parameters);
        var refresher = Refresher.Open;
        if (ParameterText.TryGet(parameters, "refresher"u8, out var who))
            refresher = SipText.EqualsIgnoreCase(who, "uac"u8) ? Refresher.Uac : SipText.EqualsIgnoreCase(who, "uas"u8) ? Refresher.Uas : Refresher.Open;
        return new SessionExpires(seconds, refresher, Math.Max(LeastSeconds, ReadSeconds(message.Header(HeaderId.MinSE), out _)), message.Supports("timer"u8) || message.Requires("timer"u8));
    }

    private static int ReadSeconds(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> parameters)
    {
        parameters = default;
        if (!Utf8Parser.TryParse(value, out int seconds, out int read) || seconds < 0)
            return 0;
        var rest = SipText.Trim(value[read..]);
        if (!rest.IsEmpty && rest[0] != (byte)';')
            return 0;
        parameters = rest.IsEmpty ? default : rest[1..];
        return seconds;
    }
}
