using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Extensions;

/// <summary>Provisional responses that are acknowledged (RFC 3262): what we send is <see cref="Reliable.ReliableRinging"/>, what we hear <see cref="Reliable.ProvisionalAcks"/>.</summary>
public sealed class ReliableExtension : SipExtension
{
    private ReliableExtension()
    {
    }

    /// <summary>We send and acknowledge them.</summary>
    public static ReliableExtension Taken { get; } = new();

    /// <inheritdoc />
    public override IReadOnlyList<SipMethod> Methods { get; } = [SipMethod.Prack];

    /// <inheritdoc />
    public override IReadOnlyList<string> OptionTags { get; } = ["100rel"];
}
