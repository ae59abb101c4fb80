using System.Text;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;

namespace EventCalls.Import.Calls;

/// <summary>What in an INVITE tells which call it belongs to, when its Call-ID does not: from the surest to the weakest.</summary>
internal sealed class LegKeys
{
    private const int LeastValue = 8;
    private const int MostCustom = 16;
    private const int NumberDigits = 9;

    private LegKeys(List<string> shared, List<string> named) => (Shared, Named) = (shared, named);

    /// <summary>What two legs of one call have in common, the surest first.</summary>
    public IReadOnlyList<string> Shared { get; }

    /// <summary>Header values that may be the Call-ID of the other leg.</summary>
    public IReadOnlyList<string> Named { get; }

    /// <summary>The key of a Call-ID.</summary>
    public static string OfCallId(string callId) => "call-id " + callId;

    /// <summary>The key of a URI that a REFER names, or an INVITE goes to.</summary>
    public static string OfUri(string uri)
    {
        var bytes = Encoding.UTF8.GetBytes(uri);
        return SipUri.TryParse(bytes, out var parsed)
            ? $"refer {SipText.Get(parsed.User)}@{SipText.Get(parsed.Host).ToLowerInvariant()}:{parsed.Port}"
            : "refer " + uri;
    }

    /// <summary>Whether a key is the caller's number alone, which proves nothing by itself.</summary>
    public static bool IsWeak(string key) => key.StartsWith("from ", StringComparison.Ordinal);

    /// <summary>The keys of an INVITE.</summary>
    public static LegKeys Of(SipMessage invite, string caller)
    {
        var shared = new List<string>();
        var custom = new List<string>();
        var named = new List<string>();
        if (SessionOf(invite) is { } session)
            shared.Add(session);
        if (ChargingOf(invite) is { } charging)
            shared.Add(charging);
        for (int i = 0; i < invite.HeaderCount && named.Count < MostCustom; i++)
        {
            var field = invite[i];
            if (field.Id is not (HeaderId.Other or HeaderId.InReplyTo) || field.Value.Length < LeastValue)
                continue;
            string value = SipText.Unfold(field.Value);
            named.Add(OfCallId(value));
            if (field.Name.Length > 2 && field.Name[0] is (byte)'X' or (byte)'x' && field.Name[1] == (byte)'-')
                custom.Add($"header {SipText.Get(field.Name).ToLowerInvariant()}: {value}");
        }
        shared.AddRange(custom);
        if (OriginOf(ReceivedHeaders.SessionDescription(invite)) is { } origin)
            shared.Add(origin);
        if (OfNumber(caller) is { } number)
            shared.Add(number);
        return new LegKeys(shared, named);
    }

    /// <summary>The key of a caller: national and international forms of one number have the same; null when there is none.</summary>
    public static string? OfNumber(string caller)
    {
        if (caller.Length == 0)
            return null;
        string digits = string.Concat(caller.Where(char.IsAsciiDigit));
        return digits.Length >= NumberDigits && digits.Length >= caller.Length - 1 ? "from " + digits[^NumberDigits..] : "from " + caller;
    }

    // RFC 7989: 32 hexadecimal digits, all zero when unknown.
    private static string? SessionOf(SipMessage invite)
    {
        var value = invite.Header(HeaderId.SessionId);
        int end = value.IndexOf((byte)';');
        var id = end < 0 ? value : value[..end];
        return id.Length >= LeastValue && id.IndexOfAnyExcept((byte)'0') >= 0 ? "session " + SipText.Get(id).Trim().ToLowerInvariant() : null;
    }

    private static string? ChargingOf(SipMessage invite)
    {
        string value = SipText.Unfold(invite.Header(HeaderId.PChargingVector));
        int start = value.IndexOf("icid-value=", StringComparison.OrdinalIgnoreCase);
        if (start < 0)
            return null;
        value = value[(start + 11)..];
        int end = value.IndexOf(';');
        return "icid " + (end < 0 ? value : value[..end]).Trim(' ', '"');
    }

    // A B2BUA that does not touch the media passes on who began the session (RFC 4566 §5.2).
    private static string? OriginOf(string? description)
    {
        int start = description?.IndexOf("o=", StringComparison.Ordinal) ?? -1;
        if (start < 0)
            return null;
        int end = description!.IndexOfAny(['\r', '\n'], start);
        string origin = end < 0 ? description[start..] : description[start..end];
        // Devices that number no sessions all say the same.
        return origin.Split(' ') is [_, { Length: > 1 }, ..] ? "origin " + origin : null;
    }
}
