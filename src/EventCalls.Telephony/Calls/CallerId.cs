using System.Text;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Dialling;

namespace EventCalls.Telephony.Calls;

/// <summary>The caller id an outbound call presents: checked text, and the headers made of it.</summary>
internal sealed class CallerId
{
    private const int MostBytes = 1024;

    private readonly string? _display;
    private readonly string? _number;
    private readonly string? _uri;
    private readonly bool _isWithheld;

    private CallerId(string? display, string? number, string? uri, bool isWithheld)
    {
        _display = display;
        _number = number;
        _uri = uri;
        _isWithheld = isWithheld;
    }

    /// <summary>The number or URI as text.</summary>
    public string Text => _number ?? _uri ?? "";

    /// <summary>Whether the display name may stand in an assertion: only with a number for which the one who gives the name vouches.</summary>
    private bool AssertsDisplay { get; init; } = true;

    /// <summary>A second identity that the network asserts; null for none.</summary>
    private string? Also { get; init; }

    /// <summary>What is recorded of it; null when nobody is presented.</summary>
    public string? Shown => _isWithheld ? null : _number ?? _uri;

    /// <summary>The caller's own id, as its trunk gave it.</summary>
    /// <remarks>A name is shown and asserted only with the number it came with. Withheld, the asserted one goes on as an assertion, with Privacy, and in nothing else.</remarks>
    public static CallerId OfCaller(CallerIdentity identity)
    {
        if (!identity.IsWithheld && identity.Number.Length > 0)
            return new CallerId(identity.Display, identity.Number, null, false) { AssertsDisplay = identity.IsAsserted, Also = identity.Also };
        return identity.IsAsserted
            ? new CallerId(identity.Display, identity.Number, null, true) { Also = identity.Also }
            : new CallerId(null, null, null, true);
    }

    /// <summary>An id that logic asks for: a number, a sip or tel URI, or a name-addr; null with the reason when it is none.</summary>
    public static CallerId? Of(string text, out string? whyNot)
    {
        whyNot = null;
        if (TargetAddress.TryNumber(text, out string number))
            return new CallerId(null, number, null, false);
        if (TargetAddress.IsUser(text))
            return new CallerId(null, text, null, false);
        if (!SipText.IsSafeHeaderValue(text))
        {
            whyNot = "the caller id holds CR, LF or NUL";
            return null;
        }
        Span<byte> bytes = stackalloc byte[MostBytes];
        if (!Encoding.UTF8.TryGetBytes(text, bytes, out int length) || !NameAddr.TryParse(bytes[..length], out var address) || !address.Parameters.IsEmpty)
        {
            whyNot = $"the caller id '{CustomHeaders.Shown(text)}' is no number, name, SIP URI or name-addr";
            return null;
        }
        string? display = address.DisplayName.IsEmpty ? null : SipText.Get(address.DisplayName);
        string uri = SipText.Get(address.Uri);
        if (TargetAddress.TryNumber(uri, out number))
            return new CallerId(display, number, null, false);
        return TargetAddress.IsSipUri(uri, isDialledHere: true, out whyNot)
            ? new CallerId(display, null, TargetAddress.WithoutParameters(uri), false)
            : null;
    }

    /// <summary>The From value, without tag.</summary>
    public string From(string localHost, CallerIdIn where)
    {
        if (_isWithheld)
            return "\"Anonymous\" <sip:anonymous@anonymous.invalid>";
        return where == CallerIdIn.PAssertedIdentity ? $"<sip:{localHost}>" : Address(localHost, _display);
    }

    /// <summary>Adds P-Asserted-Identity and Privacy as the endpoint wants them (RFC 3325).</summary>
    /// <remarks>One that logic has set itself stays the only one.</remarks>
    public void AddTo(List<HeaderLine> headers, string localHost, CallerIdIn where)
    {
        bool privacyIsSet = Has(headers, "Privacy");
        if (where != CallerIdIn.From && (_number ?? _uri) is not null && !Has(headers, "P-Asserted-Identity"))
            headers.Add(new HeaderLine("P-Asserted-Identity", Asserted(localHost)));
        if (_isWithheld && !privacyIsSet)
            headers.Add(new HeaderLine("Privacy", "id"));
    }

    private static bool Has(List<HeaderLine> headers, string name)
    {
        foreach (var header in headers)
        {
            if (header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    private string Asserted(string localHost)
    {
        string? display = AssertsDisplay ? _display : null;
        if (Also is null)
            return Address(localHost, display);
        if (Also.StartsWith("tel:", StringComparison.OrdinalIgnoreCase))
            return $"{Address(localHost, display)}, <{Also}>";
        // Of two identities one is a tel URI and the other is not (RFC 3325 §9.1), and a tel URI of ours needs a global number.
        return _number is ['+', ..] && _number.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0
            ? $"{(display is null ? "" : display + " ")}<tel:{_number}>, <{Also}>"
            : Address(localHost, display);
    }

    private string Address(string localHost, string? display)
    {
        string uri = _uri ?? $"sip:{TargetAddress.AsUser(_number!)}@{localHost}";
        return display is null ? $"<{uri}>" : $"{display} <{uri}>";
    }
}
