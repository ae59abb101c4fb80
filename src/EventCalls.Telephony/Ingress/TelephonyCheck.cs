using System.Globalization;
using EventCalls.Sip.Transport;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Ingress;

/// <summary>Checks the options before anything is opened, so that a wrong one is said by its key.</summary>
internal static class TelephonyCheck
{
    private const int MostShards = 64;

    /// <summary>The listen points.</summary>
    /// <exception cref="TelephonyOptionsException">A value cannot be used.</exception>
    public static ListenPoint[] Run(TelephonyOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Node) || options.Node.Length > 64 || !options.Node.All(IsNodeCharacter))
            throw new TelephonyOptionsException("Node", options.Node, "expected a name of letters, digits, '-', '.' and '_', at most 64 characters");
        if (options.Listen.Count == 0)
            throw new TelephonyOptionsException("Sip:Listen", null, "expected at least one end point such as udp:127.0.0.1:5060");
        var points = new ListenPoint[options.Listen.Count];
        for (int i = 0; i < points.Length; i++)
        {
            if (!ListenPoint.TryParse(options.Listen[i], out var point))
                throw new TelephonyOptionsException($"Sip:Listen:{i}", options.Listen[i], "expected udp:ADDRESS:PORT, or tcp:, tls:, ws: or wss: in place of udp:, such as udp:127.0.0.1:5060, and behind a translation of addresses what peers are told, such as udp:10.0.0.5:5060 advertise 203.0.113.5:5060");
            points[i] = point!;
        }
        IdentitySetup.Check(options);
        TlsSetup.Check(options.Tls, points, options.Trunks);
        if (options.AdvertisedHost is { } host && !ListenPoint.IsAdvertisable(host))
            throw new TelephonyOptionsException("Sip:AdvertisedHost", host, "expected an address or a host name that peers can reach this machine by, such as 203.0.113.5");
        NodeFinder.NameServers(options);
        MediaSetup.Check(options);
        Range("Sip:Tcp:MaxConnections", options.Tcp.MaxConnections, 1, 4_096);
        Range("Sip:Tcp:MaxConnectionsPerSource", options.Tcp.MaxConnectionsPerSource, 1, 4_096);
        Range("Sip:Tcp:MaxOutbound", options.Tcp.MaxOutbound, 1, 4_096);
        Range("Sip:Tcp:IdleSeconds", options.Tcp.IdleSeconds, 10, 86_400);
        Range("Sip:Tcp:FirstMessageSeconds", options.Tcp.FirstMessageSeconds, 1, 600);
        Range("Sip:Tcp:MessageSeconds", options.Tcp.MessageSeconds, 1, 600);
        _ = new DialTargets(DialTargets.Key, options.Targets);
        _ = new DialTargets(DialTargets.ReferKey, options.ReferTargets ?? []);
        Range("Routing:DeadlineMs", options.DeadlineMs, 1, 600_000);
        Range("Calls:RingTimeoutSeconds", options.RingTimeoutSeconds, 1, 600);
        Range("Calls:NoResponseTimeoutMs", options.NoResponseTimeoutMs, 100, 600_000);
        Range("Calls:NotifyTimeoutSeconds", options.NotifyTimeoutSeconds, 1, 600);
        Range("Calls:ReferHangUpMs", options.ReferHangUpMs, 0, 600_000);
        Range("Calls:NotifyGraceMs", options.NotifyGraceMs, 0, 600_000);
        Range("Calls:ConfirmTimeoutMs", options.ConfirmTimeoutMs, 1, 600_000);
        Range("Calls:Max", options.MaxCalls, 1, 10_000_000);
        Range("Calls:MaxBacklog", options.MaxBacklog, 1, 10_000_000);
        Range("Calls:MaxHandoffs", options.MaxHandoffs, 1, 100);
        Range("Calls:RetryAfterSeconds", options.RetryAfterSeconds, 1, 3600);
        Range("Calls:HeartbeatSeconds", options.HeartbeatSeconds, 1, 600);
        if (options.SessionPingSeconds is { } ping)
            Range("Calls:SessionPingSeconds", ping, 1, 86_400);
        Range("Sip:Abuse:StrangersPerSecond", options.Abuse.StrangersPerSecond, 0, 10_000);
        Range("Sip:Abuse:BanAfter", options.Abuse.BanAfter, 0, 10_000);
        Range("Sip:Abuse:BanWithinSeconds", options.Abuse.BanWithinSeconds, 1, 86_400);
        Range("Sip:Abuse:BanSeconds", options.Abuse.BanSeconds, 1, 604_800);
        Range(IdentitySetup.FreshKey, options.Identity.FreshSeconds, 1, 86_400);
        foreach (var trunk in options.Trunks)
        {
            Range($"Trunks:{trunk.Name}:MaxCallsPerSecond", trunk.MaxCallsPerSecond, 0, 100_000);
            Range($"Trunks:{trunk.Name}:MaxCalls", trunk.MaxCalls, 0, 10_000_000);
        }
        _ = HepSetup.Target(options.Hep);
        Range("Sip:Shards", options.Shards, 1, MostShards);
        return points;
    }

    // Handoffs are routed by the node's name, and a '*' in it would take those of other nodes.
    private static bool IsNodeCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_';

    private static void Range(string key, int value, int least, int most)
    {
        if (value < least || value > most)
            throw new TelephonyOptionsException(key, value.ToString(CultureInfo.InvariantCulture), $"expected a number from {least} to {most}");
    }
}
