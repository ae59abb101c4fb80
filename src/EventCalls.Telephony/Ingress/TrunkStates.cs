using EventCalls.Contracts;
using EventCalls.Telephony.Trunks;
using EventCalls.Telephony.Trust;

namespace EventCalls.Telephony.Ingress;

/// <summary>Puts together what the node knows of its trunks and of strangers. Safe from any thread.</summary>
internal sealed class TrunkStates(TrunkTable trunks, TrunkHealth health, TrunkEvents events, TrunkRegistrations registrations, SourceWatch sources)
{
    private const int MostAddresses = 20;

    /// <summary>As it is now.</summary>
    public NodeReport Report()
    {
        var servers = health.Servers.ToLookup(s => s.Trunk, StringComparer.Ordinal);
        var banned = sources.Banned();
        return new NodeReport
        {
            Trunks = [.. trunks.All.Select(trunk => Of(trunk, servers[trunk.Name]))],
            TrunkEvents = events.Carried,
            Banned = banned.Count,
            BannedAddresses = [.. banned.Take(MostAddresses).Select(address => address.ToString())],
        };
    }

    private TrunkReport Of(Trunk trunk, IEnumerable<TrunkServerState> servers) => new()
    {
        Name = trunk.Name,
        CallsActive = trunk.Load.Open,
        MaxCalls = trunk.Load.MaxCalls,
        MaxCallsPerSecond = trunk.Load.MaxCallsPerSecond,
        Refused = trunk.Load.Refused,
        RefusedAt = trunk.Load.RefusedAt,
        Servers = [.. servers.Select(s => new TrunkServerReport(s.Server.ToString(), s.DownSince is null, s.DownSince))],
        Registration = registrations.Report(trunk),
    };
}
