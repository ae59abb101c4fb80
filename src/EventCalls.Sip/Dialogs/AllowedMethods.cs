using System.Text;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Dialogs;

/// <summary>The methods a user agent takes, and the one place where its Allow headers come from (RFC 3261 §20.5).</summary>
/// <remarks>What is taken within a dialog only is still allowed outside one: it is answered 481 there. A MESSAGE outside a dialog has nobody to go to, so it is not.</remarks>
internal sealed class AllowedMethods
{
    private readonly SipMethod[] _always;
    private readonly SipMethod[] _inDialog;
    private readonly byte[] _alwaysLine;
    private readonly byte[] _inDialogLine;

    public AllowedMethods(bool takesRefer)
    {
        SipMethod[] all = [SipMethod.Invite, SipMethod.Ack, SipMethod.Bye, SipMethod.Cancel, SipMethod.Options, SipMethod.Update, SipMethod.Info, SipMethod.Notify];
        _always = takesRefer ? [.. all, SipMethod.Refer] : all;
        _inDialog = [.. _always, SipMethod.Message];
        _alwaysLine = LineOf(_always);
        _inDialogLine = LineOf(_inDialog);
    }

    /// <summary>Whether the method is taken; otherwise it is answered 405, or 501 when it is not known.</summary>
    public bool Takes(SipMethod method, bool inDialog) => Array.IndexOf(inDialog ? _inDialog : _always, method) >= 0;

    /// <summary>The header as a line.</summary>
    public ReadOnlySpan<byte> Line(bool inDialog) => inDialog ? _inDialogLine : _alwaysLine;

    /// <summary>The header of a 405: without the method that this very peer is refused.</summary>
    public ReadOnlySpan<byte> LineWithout(SipMethod refused) =>
        Array.IndexOf(_inDialog, refused) < 0 ? _inDialogLine : LineOf([.. _inDialog.Where(m => m != refused)]);

    private static byte[] LineOf(SipMethod[] methods) =>
        Encoding.ASCII.GetBytes($"Allow: {string.Join(", ", methods.Select(m => SipText.Get(SipMethods.Name(m))))}\r\n");
}
