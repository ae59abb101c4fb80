using System.Text;
using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Dialling;

namespace EventCalls.Telephony.Calls;

/// <summary>Where a REFER leads from here: the outbound endpoint by which its target is called.</summary>
internal static class ReferTarget
{
    /// <summary>The event with the endpoint, and with the bare number where the URI names a number at ourselves: who refers may know no other host.</summary>
    public static ReferReceived Complete(ReferReceived refer, CallSide by, Call call)
    {
        var trunks = call.Shard.Trunks;
        string target = refer.Target;
        if (SipUri.TryParse(Encoding.UTF8.GetBytes(target), out var uri) && uri.Scheme == UriScheme.Sip)
        {
            string host = SipText.Get(uri.Host);
            string user = SipText.Get(uri.User);
            int port = uri.Port > 0 ? uri.Port : 5060;
            if (IsOurs(host, port, by) && DialledNumber.TryParse(user, out _))
                target = user;
            else
                return refer with { OutboundEndpoint = trunks.ByAddress(host, port)?.Name };
        }
        if (!DialledNumber.TryParse(target, out _))
            return refer;
        var endpoint = by.Trunk?.ReferEndpoint ?? trunks.OnlyOutbound?.Name ?? (call.Trunk.IsOutbound ? call.Trunk.Name : null);
        return refer with { Target = target, OutboundEndpoint = endpoint };
    }

    private static bool IsOurs(string host, int port, CallSide by)
    {
        var hop = by.Leg.Hop;
        return hop.Local.Port == port && (host.Equals(hop.LocalHost.Trim('[', ']'), StringComparison.OrdinalIgnoreCase) || host == hop.Local.Address.ToString());
    }
}
