using System.Collections.Concurrent;
using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Resolving;
using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport;
using EventCalls.Telephony.Calls;
using EventCalls.Telephony.Trunks;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Ingress;

/// <summary>Asks the servers of trunks regularly by OPTIONS whether they are there, where <c>Trunks:NAME:HealthSeconds</c> says so.</summary>
/// <remarks>On the thread of one shard, but for <see cref="Down"/> and <see cref="Servers"/>.</remarks>
/// <param name="shard">Whose thread asks.</param>
/// <param name="events">Where it goes that a server went down or came up.</param>
internal sealed class TrunkHealth(CallShard shard, TrunkEvents events)
{
    // Since when it is down; null while it is up.
    private readonly ConcurrentDictionary<(string Trunk, ServerAddress Server), DateTimeOffset?> _asked = new();

    /// <summary>How many servers are asked.</summary>
    public int Asked => _asked.Count;

    /// <summary>Which are down, and since when, UTC. From any thread.</summary>
    public IReadOnlyList<(string Trunk, ServerAddress Server, DateTimeOffset Since)> Down =>
        [.. _asked.Where(s => s.Value is not null).Select(d => (d.Key.Trunk, d.Key.Server, d.Value!.Value)).OrderBy(d => d.Item1, StringComparer.Ordinal)];

    /// <summary>All that are asked, and whether they are up. From any thread.</summary>
    public IReadOnlyList<TrunkServerState> Servers =>
        [.. _asked.Select(s => new TrunkServerState(s.Key.Trunk, s.Key.Server, s.Value)).OrderBy(s => s.Trunk, StringComparer.Ordinal)];

    private CallShard Shard => shard;

    /// <summary>Begins to ask; from any thread.</summary>
    public void Start()
    {
        foreach (var trunk in shard.Trunks.Outbound.Where(t => t.HealthSeconds > 0))
        {
            foreach (var address in trunk.Addresses)
                shard.Post(new Begin(new Place(this, trunk, address)));
        }
    }

    private void OnSeen(Trunk trunk, ServerAddress server, Watched watched, int? status)
    {
        // Whatever else it answers, it is there; 408 is said by a proxy before it.
        var health = watched.Health;
        bool isThere = status is not (null or 408 or 503);
        if (!health.See(isThere))
        {
            // Who counts by events may have it as down since the run before.
            if (isThere && !health.IsDown && !watched.IsKnown)
                Note(trunk, server, shard.Time.GetUtcNow(), null, since: null);
            watched.IsKnown |= isThere;
            return;
        }
        watched.IsKnown = true;
        shard.Servers.States.Set(server, health.IsDown);
        if (health.IsDown)
        {
            var now = shard.Time.GetUtcNow();
            _asked[(trunk.Name, server)] = now;
            string why = status is { } said ? $"it answers OPTIONS with {said}" : "it does not answer OPTIONS";
            shard.Logger.LogWarning("The server {Server} of the trunk {Trunk} is down: {Why}; it is tried last", server, trunk.Name, why);
            Note(trunk, server, now, why, since: null);
        }
        else
        {
            _asked.TryGetValue((trunk.Name, server), out var since);
            _asked[(trunk.Name, server)] = null;
            shard.Logger.LogInformation("The server {Server} of the trunk {Trunk} is up again", server, trunk.Name);
            Note(trunk, server, shard.Time.GetUtcNow(), null, since);
        }
    }

    private void Note(Trunk trunk, ServerAddress server, DateTimeOffset at, string? whyDown, DateTimeOffset? since)
    {
        int asked = 0;
        int up = 0;
        foreach (var (place, downSince) in _asked)
        {
            asked += place.Trunk == trunk.Name ? 1 : 0;
            up += place.Trunk == trunk.Name && downSince is null ? 1 : 0;
        }
        var (id, node) = (Guid.CreateVersion7(at), shard.Options.Node);
        events.Add(whyDown is null
            ? new TrunkUp { EventId = id, Node = node, Trunk = trunk.Name, Server = server.ToString(), OccurredAt = at, ServersUp = up, Servers = asked, DownSince = since }
            : new TrunkDown { EventId = id, Node = node, Trunk = trunk.Name, Server = server.ToString(), OccurredAt = at, ServersUp = up, Servers = asked, Reason = whyDown });
    }

    private void Leave(Trunk trunk, ServerAddress server)
    {
        shard.Servers.States.Set(server, isDown: false);
        _asked.TryRemove((trunk.Name, server), out _);
    }

    /// <summary>One place of a trunk, with the servers it leads to now.</summary>
    private sealed class Place(TrunkHealth health, Trunk trunk, OutboundAddress address) : WheelTimer
    {
        private readonly Dictionary<ServerAddress, Watched> _servers = [];

        public void Begin() => Fire();

        protected override void Fire()
        {
            var shard = health.Shard;
            shard.Agent.Wheel.Schedule(this, trunk.HealthSeconds * 1000L);
            if (address.EndPoint is { } endPoint)
                Ask([new ServerAddress(address.Protocol, endPoint)]);
            else
                shard.Resolver.Resolve(address.Query!, Take);
        }

        private void Take(FoundServers found)
        {
            // While nobody knows where the servers are, those of before are asked.
            if (found.WhyNone is null)
                Ask([.. found.All.Distinct().Take(HostResolver.MostServersOfName)]);
            else
                Ask([.. _servers.Keys]);
        }

        private void Ask(IReadOnlyList<ServerAddress> servers)
        {
            foreach (var gone in _servers.Keys.Except(servers).ToArray())
            {
                _servers.Remove(gone);
                health.Leave(trunk, gone);
            }
            foreach (var server in servers)
            {
                if (!_servers.TryGetValue(server, out var watched))
                {
                    _servers.Add(server, watched = new Watched(health, trunk, address, server));
                    health._asked.TryAdd((trunk.Name, server), null);
                }
                watched.Ask();
            }
        }
    }

    /// <summary>One server; its timer is how long it has to answer.</summary>
    private sealed class Watched(TrunkHealth health, Trunk trunk, OutboundAddress address, ServerAddress server) : WheelTimer
    {
        private OutgoingOptions? _asking;

        public Hysteresis Health { get; } = new();

        /// <summary>Whether it was up in this run, and that was said.</summary>
        public bool IsKnown { get; set; }

        public void Ask()
        {
            var shard = health.Shard;
            if (shard.Output.HopTo(server.Protocol, server.EndPoint, address.Name) is not { } hop)
            {
                health.OnSeen(trunk, server, this, null);
                return;
            }
            shard.Agent.Wheel.Schedule(this, Math.Min(shard.Options.NoResponseTimeoutMs, trunk.HealthSeconds * 500L));
            var asking = OutgoingOptions.Send(shard.Agent, hop, address.BareUri, Seen);
            // A transport can refuse at once.
            _asking = IsScheduled ? asking : null;
        }

        protected override void Fire()
        {
            _asking?.Abandon();
            Seen(null);
        }

        private void Seen(int? status)
        {
            health.Shard.Agent.Wheel.Cancel(this);
            _asking = null;
            health.OnSeen(trunk, server, this, status);
        }
    }

    private sealed class Begin(Place place) : ShardWork
    {
        protected override void Run() => place.Begin();
    }
}

/// <summary>A server that is asked whether it is there.</summary>
/// <param name="Trunk">The trunk's name.</param>
/// <param name="Server">Where it is.</param>
/// <param name="DownSince">Since when it does not answer, UTC; null while it does.</param>
internal readonly record struct TrunkServerState(string Trunk, ServerAddress Server, DateTimeOffset? DownSince);
