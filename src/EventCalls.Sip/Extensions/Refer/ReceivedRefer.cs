using System.Text;
using EventCalls.Sip.Extensions.Replaces;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Extensions.Refer;

/// <summary>What a REFER of the peer asks for (RFC 3515 §2.1, RFC 3892, RFC 4488).</summary>
public sealed record ReceivedRefer
{
    /// <summary>The URI referred to, as received, without angle brackets.</summary>
    public required string ReferTo { get; init; }

    /// <summary>The URI to send the INVITE to: without the headers behind <c>?</c>, which belong into the INVITE, and without a method.</summary>
    public required string Target { get; init; }

    /// <summary>The headers behind <c>?</c>, unescaped, in order; Replaces is not among them.</summary>
    public IReadOnlyList<HeaderLine> Headers { get; init; } = [];

    /// <summary>The dialog that the new call is to replace (RFC 3891); null for none.</summary>
    public string? Replaces { get; init; }

    /// <summary>Who refers, as received; null when that is not said.</summary>
    public string? ReferredBy { get; init; }

    /// <summary>Whether the peer wants to hear what comes of it; false after <c>Refer-Sub: false</c> (RFC 4488 §4).</summary>
    public bool WantsReports { get; init; } = true;

    /// <summary>Reads a REFER; null with the status to refuse it with, 400–499, when it cannot be carried out by anybody here.</summary>
    public static ReceivedRefer? Of(SipMessage refer, out int status, out string? phrase)
    {
        (status, phrase) = (400, "Refer-To Must Stand Once");
        ReadOnlySpan<byte> value = default;
        int count = 0;
        foreach (var found in refer.Values(HeaderId.ReferTo))
        {
            value = found;
            count++;
        }
        // §2.4.2: none, or more than one.
        if (count != 1)
            return null;
        phrase = "Bad Refer-To";
        if (!NameAddr.TryParse(value, out var address) || !SipUri.TryParse(address.Uri, out var uri))
            return null;
        if (uri.Scheme == UriScheme.Other)
        {
            (status, phrase) = (416, null);
            return null;
        }
        if (uri.TryGetParameter("method"u8, out var method) && !SipText.EqualsIgnoreCase(method, "INVITE"u8))
        {
            (status, phrase) = (403, "Refers To Another Method Than INVITE");
            return null;
        }
        var headers = new List<HeaderLine>();
        string? replaces = null;
        if (!TryReadHeaders(uri.Headers, headers, ref replaces) || (replaces is not null && ReplacesHeader.Parse(replaces) is null))
            return null;
        string referTo = SipText.Get(address.Uri);
        return new ReceivedRefer
        {
            ReferTo = referTo,
            Target = WithoutMethod(uri.Headers.IsEmpty ? referTo.TrimEnd('?') : SipText.Get(address.Uri[..^(uri.Headers.Length + 1)])),
            Headers = headers,
            Replaces = replaces,
            ReferredBy = ReceivedFacts.Text(refer, HeaderId.ReferredBy),
            WantsReports = !IsFalse(refer.Header(HeaderId.ReferSub)),
        };
    }

    /// <summary>The same as it may be recorded: headers behind the <c>?</c> that hold secrets are left out, and credentials are redacted as in received headers.</summary>
    /// <param name="secrets">The names of headers that hold secrets.</param>
    public ReceivedRefer WithoutSecrets(params ReadOnlySpan<byte[]> secrets)
    {
        if (Headers.Count == 0)
            return this;
        var text = Encoding.UTF8.GetBytes(ReferTo);
        if (!SipUri.TryParse(text, out var uri))
            return this;
        var headers = new List<HeaderLine>(Headers.Count);
        foreach (var header in Headers)
        {
            if (!ReceivedHeaders.IsSecret(header.Name, secrets))
                headers.Add(ReceivedHeaders.Redact(header));
        }
        var written = headers.Select(h => $"{Uri.EscapeDataString(h.Name)}={Uri.EscapeDataString(h.Value)}");
        if (Replaces is not null)
            written = written.Append($"Replaces={Uri.EscapeDataString(Replaces)}");
        string redacted = string.Join('&', written);
        return headers.SequenceEqual(Headers) ? this : this with
        {
            Headers = headers,
            ReferTo = Encoding.UTF8.GetString(text.AsSpan(0, text.Length - uri.Headers.Length - (redacted.Length == 0 ? 1 : 0))) + redacted,
        };
    }

    /// <summary>Whether a Refer-Sub says that there is no subscription (RFC 4488 §3).</summary>
    internal static bool IsFalse(ReadOnlySpan<byte> value)
    {
        int end = value.IndexOf((byte)';');
        return SipText.EqualsIgnoreCase(SipText.Trim(end < 0 ? value : value[..end]), "false"u8);
    }

    /// <summary>False when they cannot be headers, or ask for another request or body than an INVITE has (RFC 3261 §19.1.5).</summary>
    private static bool TryReadHeaders(ReadOnlySpan<byte> text, List<HeaderLine> headers, ref string? replaces)
    {
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'&');
            var header = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (header.IsEmpty)
                continue;
            int equals = header.IndexOf((byte)'=');
            string name = Uri.UnescapeDataString(SipText.Get(equals < 0 ? header : header[..equals]));
            string value = equals < 0 ? "" : Uri.UnescapeDataString(SipText.Get(header[(equals + 1)..]));
            if (!SipText.IsToken(name) || !SipText.IsSafeHeaderValue(value) || IsOneOf(name, "method", "body"))
                return false;
            if (!IsOneOf(name, "Replaces"))
            {
                headers.Add(new HeaderLine(name, value));
                continue;
            }
            if (replaces is not null)
                return false;
            replaces = value;
        }
        return true;
    }

    private static bool IsOneOf(string name, params ReadOnlySpan<string> names)
    {
        foreach (string one in names)
        {
            if (name.Equals(one, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    private static string WithoutMethod(string uri)
    {
        const string Method = ";method=INVITE";
        int at = uri.IndexOf(Method, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? uri : uri.Remove(at, Method.Length);
    }
}
