using System.Net;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Dialling;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Calls;

/// <summary>Where a REFER leads from here: the outbound endpoint by which its target is called.</summary>
internal static class ReferTarget
{
    /// <summary>The event with the endpoint, and with the bare number where the URI names a number at ourselves: who refers may know no other host.</summary>
    public static ReferReceived Complete(ReferReceived refer, CallSide by, Call call)
    {
        var trunks = call.Shard.Trunks;
        string target = refer.Target;
        if (SipUri.TryParse(Encoding.UTF8.GetBytes(target), out var uri) && uri.Scheme is UriScheme.Sip or UriScheme.Sips)
        {
            string host = SipText.Get(uri.Host);
            if (IsOurs(uri, host, by.Leg.Hop, trunks) && NumberOf(SipText.Get(uri.User)) is { } number)
                target = number;
            else
                return refer with { OutboundEndpoint = trunks.ByUri(uri)?.Name };
        }
        if (!DialledNumber.TryParse(target, out _))
            return refer;
        var endpoint = by.Trunk?.ReferEndpoint ?? trunks.OnlyOutbound?.Name ?? (call.Trunk.IsOutbound ? call.Trunk.Name : null);
        return refer with { Target = target, OutboundEndpoint = endpoint };
    }

    /// <summary>Whether the URI leads to where its sender has us: the address it was heard at, or what it is told in its place. Without a port it means us too, whatever ours is, unless somebody else is reached there.</summary>
    private static bool IsOurs(in SipUri uri, string host, Hop hop, TrunkTable trunks)
    {
        bool isHost = host.Equals(hop.LocalHost.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && NetworkText.Plain(address).Equals(NetworkText.Plain(hop.Local.Address)));
        if (!isHost)
            return false;
        if (uri.Port < 0)
            return trunks.ByUri(uri) is null;
        return uri.Port == hop.Local.Port || (SipUri.TryParse(Encoding.ASCII.GetBytes(hop.ContactUri), out var told) && uri.Port == told.Port);
    }

    /// <summary>The number in a user part, with its parameters as a tel URI has them (RFC 3261 §19.1.6); null when it is none.</summary>
    private static string? NumberOf(string user)
    {
        int end = user.IndexOf(';');
        string number = Uri.UnescapeDataString(end < 0 ? user : user[..end]);
        if (end >= 0)
            number = $"tel:{number}{user[end..]}";
        return DialledNumber.TryParse(number, out _) ? number : null;
    }
}
