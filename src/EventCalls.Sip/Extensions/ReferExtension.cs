using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Extensions;

/// <summary>REFER and what it reports (RFC 3515, RFC 4488, RFC 7647): we send it on a leg (<see cref="Refer.ReferLeg"/>), and a leg's handler may take the peer's (<see cref="Refer.ReceivedRefer"/>, <see cref="Refer.ReferNotifier"/>).</summary>
public sealed class ReferExtension : SipExtension
{
    private readonly SipMethod[] _methods;

    private ReferExtension(params SipMethod[] methods) => _methods = methods;

    /// <summary>We send REFERs; a REFER of the peer is answered 405.</summary>
    public static ReferExtension Sent { get; } = new(SipMethod.Notify);

    /// <summary>We send them, and the legs' handlers take those of the peer.</summary>
    public static ReferExtension Taken { get; } = new(SipMethod.Notify, SipMethod.Refer);

    /// <inheritdoc />
    public override IReadOnlyList<SipMethod> Methods => _methods;

    /// <inheritdoc />
    public override IReadOnlyList<string> OptionTags { get; } = ["norefersub"];

    /// <summary>Where REFERs are taken, one that wants no subscription may require that this is understood (RFC 4488 §4).</summary>
    public override bool MayBeRequired => Methods.Contains(SipMethod.Refer);

    /// <summary>A REFER outside a dialog would have us call somebody for nobody: understood, and refused (RFC 3261 §21.4.4, RFC 3515 §2.4.2).</summary>
    public override int StatusOutsideDialog(SipMethod method) => method == SipMethod.Refer ? 403 : base.StatusOutsideDialog(method);

    /// <inheritdoc />
    public override IReadOnlyList<string> ContentTypes { get; } = ["message/sipfrag"];
}
