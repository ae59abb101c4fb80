using System.Text;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Extensions.Replaces;

/// <summary>A dialog that a new call is to take the place of (RFC 3891 §6.1), named as its receiver sees it.</summary>
/// <param name="CallId">The dialog's Call-ID.</param>
/// <param name="ToTag">The receiver's own tag.</param>
/// <param name="FromTag">The tag of the receiver's peer.</param>
/// <param name="IsEarlyOnly">Whether it is meant only as long as the dialog is not answered.</param>
public sealed record ReplacesHeader(string CallId, string ToTag, string FromTag, bool IsEarlyOnly)
{
    /// <summary>The header's value.</summary>
    public string Text => $"{CallId};to-tag={ToTag};from-tag={FromTag}{(IsEarlyOnly ? ";early-only" : "")}";

    /// <summary>Reads the header's value; null when it names no dialog.</summary>
    public static ReplacesHeader? Parse(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        int end = value.IndexOf(';');
        if (end <= 0)
            return null;
        var parameters = Encoding.UTF8.GetBytes(value[(end + 1)..]);
        return ParameterText.TryGet(parameters, "to-tag"u8, out var to) && ParameterText.TryGet(parameters, "from-tag"u8, out var from)
            ? new ReplacesHeader(value[..end].Trim(), SipText.Get(to), SipText.Get(from), ParameterText.TryGet(parameters, "early-only"u8, out _))
            : null;
    }

    /// <summary>Reads the Replaces of an INVITE; false when it cannot be processed: more than one, or one that names no dialog (400, RFC 3891 §3).</summary>
    /// <param name="invite">The INVITE.</param>
    /// <param name="replaces">What it names; null when it has none.</param>
    public static bool TryRead(SipMessage invite, out ReplacesHeader? replaces)
    {
        ArgumentNullException.ThrowIfNull(invite);
        replaces = null;
        int count = 0;
        foreach (var value in invite.Values(HeaderId.Replaces))
        {
            count++;
            replaces = Parse(SipText.Unfold(value));
        }
        return count == 0 || (count == 1 && replaces is not null && !invite.Has(HeaderId.Join));
    }
}
