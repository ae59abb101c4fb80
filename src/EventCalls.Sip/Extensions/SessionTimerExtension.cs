namespace EventCalls.Sip.Extensions;

/// <summary>Session timers (RFC 4028): what they do on a leg stands in <see cref="SessionTimers.SessionTimer"/>.</summary>
public sealed class SessionTimerExtension : SipExtension
{
    private SessionTimerExtension()
    {
    }

    /// <summary>We have them.</summary>
    public static SessionTimerExtension Taken { get; } = new();

    /// <inheritdoc />
    public override IReadOnlyList<string> OptionTags { get; } = ["timer"];
}
