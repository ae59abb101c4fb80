using System.Collections.Frozen;
using EventCalls.Contracts;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Dialling;

/// <summary>The headers that logic asks to send: checked, and never one that the protocol itself writes.</summary>
internal static class CustomHeaders
{
    private static readonly FrozenSet<HeaderId> s_forbidden = new[]
    {
        HeaderId.Via, HeaderId.From, HeaderId.To, HeaderId.CallId, HeaderId.CSeq, HeaderId.Contact, HeaderId.MaxForwards,
        HeaderId.ContentLength, HeaderId.ContentType, HeaderId.ContentEncoding, HeaderId.ContentDisposition, HeaderId.MimeVersion,
        HeaderId.Route, HeaderId.RecordRoute, HeaderId.Path, HeaderId.ServiceRoute, HeaderId.Require, HeaderId.ProxyRequire,
        HeaderId.Supported, HeaderId.Unsupported, HeaderId.Allow, HeaderId.Expires, HeaderId.MinExpires, HeaderId.Event,
        HeaderId.AllowEvents, HeaderId.SubscriptionState, HeaderId.ReferTo, HeaderId.ReferredBy, HeaderId.ReferSub,
        HeaderId.Replaces, HeaderId.Join, HeaderId.RSeq, HeaderId.RAck, HeaderId.SessionExpires, HeaderId.MinSE,
        HeaderId.Authorization, HeaderId.ProxyAuthorization, HeaderId.WwwAuthenticate, HeaderId.ProxyAuthenticate,
        HeaderId.AuthenticationInfo, HeaderId.UserAgent, HeaderId.Server, HeaderId.TargetDialog, HeaderId.Timestamp,
    }.ToFrozenSet();

    /// <summary>What is wrong with the headers; null when they can be sent.</summary>
    public static string? WhyNot(IReadOnlyList<SipHeader> headers)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            var header = headers[i];
            if (!SipText.IsToken(header.Name))
                return $"the header name '{Shown(header.Name)}' is not a token";
            if (IsForbidden(header.Name))
                return $"the header '{header.Name}' is written by the protocol and cannot be set";
            if (!SipText.IsSafeHeaderValue(header.Value))
                return $"the value of the header '{header.Name}' holds CR, LF or NUL";
        }
        return null;
    }

    /// <summary>The headers as they are sent; room is left for <paramref name="more"/> of our own.</summary>
    public static List<HeaderLine> Lines(IReadOnlyList<SipHeader> headers, int more)
    {
        var lines = new List<HeaderLine>(headers.Count + more);
        for (int i = 0; i < headers.Count; i++)
            lines.Add(new HeaderLine(headers[i].Name, headers[i].Value));
        return lines;
    }

    /// <summary>Text of logic as it can stand in a message to people: control characters replaced.</summary>
    public static string Shown(string text) => string.Create(Math.Min(text.Length, 200), text, static (target, source) =>
    {
        for (int i = 0; i < target.Length; i++)
            target[i] = char.IsControl(source[i]) ? '?' : source[i];
    });

    /// <summary>Whether the protocol itself writes the header.</summary>
    public static bool IsForbidden(string name)
    {
        Span<byte> bytes = stackalloc byte[64];
        // A name too long for the buffer is none of those the protocol writes.
        return System.Text.Encoding.UTF8.TryGetBytes(name, bytes, out int length) && s_forbidden.Contains(HeaderNames.Of(bytes[..length]));
    }
}
