using System.Text;
using EventCalls.Sip.Extensions;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Dialogs;

/// <summary>What a user agent takes and understands, with its extensions; the one place where its Allow, Supported and Accept headers come from (RFC 3261 §20.1, §20.5, §20.37).</summary>
/// <remarks>What is taken within a dialog only is still allowed outside one: it is answered 481 there. A MESSAGE outside a dialog has nobody to go to, so it is not.</remarks>
internal sealed class Capabilities
{
    private static readonly SipMethod[] s_own = [SipMethod.Invite, SipMethod.Ack, SipMethod.Bye, SipMethod.Cancel, SipMethod.Options, SipMethod.Update, SipMethod.Info];

    private readonly SipMethod[] _always;
    private readonly SipMethod[] _inDialog;
    private readonly IReadOnlyList<SipExtension> _extensions;
    private readonly byte[][] _required;
    private readonly byte[] _allow;
    private readonly byte[] _allowInDialog;
    private readonly byte[] _others;

    public Capabilities(IReadOnlyList<SipExtension> extensions)
    {
        _extensions = extensions;
        _always = [.. s_own.Concat(extensions.SelectMany(e => e.Methods)).Distinct()];
        _inDialog = [.. _always, SipMethod.Message];
        _required = [.. extensions.Where(e => e.MayBeRequired).SelectMany(e => e.OptionTags).Select(Encoding.ASCII.GetBytes)];
        _allow = AllowOf(_always);
        _allowInDialog = AllowOf(_inDialog);
        _others = [.. LineOf("Accept", extensions.SelectMany(e => e.ContentTypes).Prepend("application/sdp")), .. LineOf("Supported", extensions.SelectMany(e => e.OptionTags))];
    }

    /// <summary>The Accept and Supported headers as lines.</summary>
    public ReadOnlySpan<byte> AcceptAndSupported => _others;

    /// <summary>Whether the method is taken; otherwise it is answered 405, or 501 when it is not known.</summary>
    public bool Takes(SipMethod method, bool inDialog) => Array.IndexOf(inDialog ? _inDialog : _always, method) >= 0;

    /// <summary>What a request that is taken within a dialog only is answered outside one.</summary>
    public int StatusOutsideDialog(SipMethod method)
    {
        foreach (var extension in _extensions)
        {
            if (extension.Methods.Contains(method))
                return extension.StatusOutsideDialog(method);
        }
        return 481;
    }

    /// <summary>Whether a request may require the option.</summary>
    public bool Understands(ReadOnlySpan<byte> optionTag)
    {
        foreach (var tag in _required)
        {
            if (SipText.EqualsIgnoreCase(optionTag, tag))
                return true;
        }
        return false;
    }

    /// <summary>The tag of a dialog of ours that a request outside one names; empty when it names none.</summary>
    public ReadOnlySpan<byte> TagNamedBy(SipMessage request)
    {
        foreach (var extension in _extensions)
        {
            if (extension.TagNamedBy(request) is { IsEmpty: false } tag)
                return tag;
        }
        return default;
    }

    /// <summary>The Allow header as a line.</summary>
    public ReadOnlySpan<byte> Allow(bool inDialog) => inDialog ? _allowInDialog : _allow;

    /// <summary>The Allow header of a 405: without the method that this very peer is refused.</summary>
    public ReadOnlySpan<byte> AllowWithout(SipMethod refused) =>
        Array.IndexOf(_inDialog, refused) < 0 ? _allowInDialog : AllowOf([.. _inDialog.Where(m => m != refused)]);

    private static byte[] AllowOf(SipMethod[] methods) => LineOf("Allow", methods.Select(m => SipText.Get(SipMethods.Name(m))));

    private static byte[] LineOf(string name, IEnumerable<string> values) => Encoding.ASCII.GetBytes($"{name}: {string.Join(", ", values.Distinct())}\r\n");
}
