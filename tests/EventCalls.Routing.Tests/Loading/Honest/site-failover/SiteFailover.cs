using System.Net;

/// By the address of the SBC, with a site's network in a table.
public sealed class SiteFailover : RoutingLogic
{
    private static readonly (IPNetwork Network, string Site)[] s_sites =
    [
        (IPNetwork.Parse("10.1.0.0/16"), "east"),
        (IPNetwork.Parse("10.2.0.0/16"), "west"),
        (IPNetwork.Parse("2001:db8::/32"), "lab"),
    ];

    private static IPAddress? Sender(string? via)
    {
        if (via is null)
            return null;
        string host = via.Split(' ', ';') is [_, var sentBy, ..] ? sentBy : "";
        string address = host.StartsWith('[') ? host[1..host.IndexOf(']')] : host.Split(':')[0];
        return IPAddress.TryParse(address, out var ip) ? ip : null;
    }

    public override Decision Start(Conversation conv)
    {
        string site = "east";
        if (Sender(conv.SipHeaders["Via"]) is { } sender)
        {
            foreach (var (network, name) in s_sites)
            {
                if (network.Contains(sender))
                    site = name;
            }
        }

        string other = site == "east" ? "west" : "east";
        return Handoff.Invite("4100", outboundEndpoint: site).OrElse(Handoff.Invite("4100", outboundEndpoint: other));
    }
}
