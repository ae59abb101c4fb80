using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Extensions.Identity;

/// <summary>One Identity header field: a PASSporT, and the parameters that say how to check it (RFC 8224 §4).</summary>
public sealed record IdentityField
{
    private const string Compact = "..";

    /// <summary>The PASSporT in full form, as it is written; null when it is in compact form and cannot be put together.</summary>
    public string? Token { get; private init; }

    /// <summary>Where the certificate is; null when it is not said.</summary>
    public string? Info { get; private init; }

    /// <summary>The algorithm; ES256 when it is not said.</summary>
    public string Algorithm { get; private init; } = "";

    /// <summary>The kind of PASSporT; null when it is not said.</summary>
    public string? Kind { get; private init; }

    /// <summary>Reads a field of an INVITE. A PASSporT in compact form is put together of what the INVITE says (RFC 8224 §7).</summary>
    public static IdentityField Of(ReadOnlySpan<byte> value, SipMessage invite, CallNames names)
    {
        ArgumentNullException.ThrowIfNull(invite);
        ArgumentNullException.ThrowIfNull(names);
        string text = SipText.Unfold(value);
        int end = text.IndexOf(';', StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(end < 0 ? "" : text[(end + 1)..]);
        string? info = Parameter(bytes, "info"u8)?.Trim();
        if (info is ['<', .. var address, '>'])
            info = address;
        string? kind = Parameter(bytes, "ppt"u8);
        string token = (end < 0 ? text : text[..end]).Trim();
        return new IdentityField
        {
            Token = token.StartsWith(Compact, StringComparison.Ordinal) ? Whole(token[Compact.Length..], kind, info, invite, names) : token,
            Info = info,
            Algorithm = Parameter(bytes, "alg"u8) ?? "ES256",
            Kind = kind,
        };
    }

    private static string? Parameter(byte[] parameters, ReadOnlySpan<byte> name) =>
        ParameterText.TryGet(parameters, name, out var value) && !value.IsEmpty ? SipText.Get(value) : null;

    // Members in the order of their names and without white space (RFC 8225 §9); what other kinds say besides is not in the INVITE.
    private static string? Whole(string signature, string? kind, string? info, SipMessage invite, CallNames names)
    {
        if (kind is not null || info is null || !DateTimeOffset.TryParseExact(SipText.Get(invite.Header("Date"u8)), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            || names is not { Caller: [{ } caller, ..], Called: [{ } called, ..] } || caller.Contains('@', StringComparison.Ordinal) || called.Contains('@', StringComparison.Ordinal))
            return null;
        string address = JsonEncodedText.Encode(info, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        string header = $$"""{"alg":"ES256","typ":"passport","x5u":"{{address}}"}""";
        string claims = string.Create(CultureInfo.InvariantCulture, $$$"""{"dest":{"tn":["{{{called}}}"]},"iat":{{{date.ToUnixTimeSeconds()}}},"orig":{"tn":"{{{caller}}}"}}""");
        return $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.{signature}";
    }
}
