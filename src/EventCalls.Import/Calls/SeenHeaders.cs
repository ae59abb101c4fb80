using EventCalls.Contracts;
using EventCalls.Sip.Messages;

namespace EventCalls.Import.Calls;

/// <summary>Tells the headers somebody chose to send from those that the protocol itself writes.</summary>
internal static class SeenHeaders
{
    /// <summary>The custom headers of a message: names that no standard of the stack's knows, and the few that it knows and a user sets.</summary>
    public static IReadOnlyList<SipHeader> CustomOf(SipMessage message)
    {
        List<SipHeader>? custom = null;
        for (int i = 0; i < message.HeaderCount; i++)
        {
            var field = message[i];
            if (IsCustom(field.Id))
                (custom ??= []).Add(new SipHeader(SipText.Get(field.Name), SipText.Unfold(field.Value)));
        }
        return custom ?? (IReadOnlyList<SipHeader>)[];
    }

    /// <summary>Those of a message that it did not have before: what a proxy added or changed.</summary>
    public static IReadOnlyList<SipHeader> Added(IReadOnlyList<SipHeader> headers, IReadOnlyList<SipHeader> before) =>
        [.. headers.Where(header => !before.Contains(header))];

    /// <summary>The URI of a name-addr or URI; null when it is neither.</summary>
    public static string? UriOf(ReadOnlySpan<byte> value) => NameAddr.TryParse(value, out var address) ? SipText.Get(address.Uri) : null;

    private static bool IsCustom(HeaderId id) => id is HeaderId.Other or HeaderId.UserToUser or HeaderId.Subject or HeaderId.Priority
        or HeaderId.AlertInfo or HeaderId.CallInfo or HeaderId.Organization or HeaderId.Diversion or HeaderId.HistoryInfo;
}
