using System.Net;
using System.Net.Sockets;
using EventCalls.Sip.Resolving;
using EventCalls.Sip.Transport;
using EventCalls.Telephony.Configuration;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Trunks;

/// <summary>Makes of the options what finds the servers of host names for a node.</summary>
internal static class NodeFinder
{
    private const string Key = "Sip:NameServers";

    /// <summary>Makes it; trunks learn what it finds.</summary>
    public static ServerFinder Of(TelephonyOptions options, IReadOnlyList<ListenPoint> points, TrunkTable? trunks, TimeProvider time, ILogger logger)
    {
        var local = new LocalTransports(points.Select(p => (p.Protocol, p.EndPoint.AddressFamily == AddressFamily.InterNetworkV6)));
        return new ServerFinder(new DnsLookUp(NameServers(options), new SystemResolver(time, logger)).AskAsync, local, time, logger) { Found = trunks is null ? null : trunks.Learn };
    }

    /// <summary>The name servers that are configured; none for the system's.</summary>
    /// <exception cref="TelephonyOptionsException">One is no address.</exception>
    public static IReadOnlyList<IPEndPoint> NameServers(TelephonyOptions options)
    {
        var servers = new IPEndPoint[options.NameServers.Count];
        for (int i = 0; i < servers.Length; i++)
        {
            if (!DnsLookUp.TryParse(options.NameServers[i], out var server))
                throw new TelephonyOptionsException($"{Key}:{i}", options.NameServers[i], "expected the address of a name server such as 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:53");
            servers[i] = server!;
        }
        return servers;
    }
}
