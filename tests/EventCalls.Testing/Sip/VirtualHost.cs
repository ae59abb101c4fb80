using System.Net;
using System.Text;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions;
using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport;

namespace EventCalls.Testing.Sip;

/// <summary>A host on a <see cref="VirtualNetwork"/>: a user agent lives on it, or a test writes and reads messages itself.</summary>
public sealed class VirtualHost : ISipOutput
{
    private readonly VirtualNetwork _network;
    private readonly Dictionary<(TransportProtocol, IPEndPoint), Hop> _hops = [];
    private readonly List<VirtualHost> _shards;
    private int _taken;

    internal VirtualHost(VirtualNetwork network, IPEndPoint endPoint)
    {
        _network = network;
        EndPoint = endPoint;
        _shards = [this];
    }

    private VirtualHost(VirtualHost node)
    {
        _network = node._network;
        EndPoint = node.EndPoint;
        _shards = node._shards;
        _shards.Add(this);
    }

    /// <summary>The host's address.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>The user agent that lives here; null for a scripted host.</summary>
    public UserAgent? Agent { get; private set; }

    /// <summary>The user agents that live here, one for each shard.</summary>
    internal IEnumerable<UserAgent> Agents => _shards.Select(s => s.Agent).OfType<UserAgent>();

    /// <summary>What hands work to the thread of its user agent; needed where several shards share the address.</summary>
    public Action<ShardWork>? Post { get; set; }

    /// <summary>What a scripted host has received.</summary>
    public List<Sent> Received { get; } = [];

    /// <summary>Called for each message a scripted host receives; may answer.</summary>
    public Action<Sent>? OnReceived { get; set; }

    /// <summary>Puts a user agent on the host.</summary>
    public UserAgent Start(IUserAgentHandler handler, UserAgentOptions? options = null) =>
        Agent = new UserAgent(
            (options ?? new UserAgentOptions { PingAfterMs = 0, Extensions = [ReferExtension.Taken] }) with { Random = _network.NextRandom() }, this, handler, _network.Now);

    /// <summary>One more shard at the same address; its user agent is numbered as the shards are.</summary>
    public VirtualHost AddShard() => new(this);

    /// <summary>The hop to another host.</summary>
    public Hop HopTo(VirtualHost other, TransportProtocol protocol = TransportProtocol.Udp) => HopTo(protocol, other.EndPoint)!;

    /// <inheritdoc />
    public Hop? HopTo(TransportProtocol protocol, IPEndPoint remote, string? name = null)
    {
        if (!_hops.TryGetValue((protocol, remote), out var hop))
            _hops.Add((protocol, remote), hop = new Hop(protocol, EndPoint, remote));
        return hop;
    }

    /// <inheritdoc />
    public Hop? HopInside(int shard, Hop near) => ShardLink.Open(near, (Agent!, Post!), (_shards[shard].Agent!, _shards[shard].Post!));

    /// <summary>The hop's connection is gone: the next one to the same peer is new.</summary>
    public void Forget(Hop hop) => _hops.Remove((hop.Protocol, hop.Remote));

    /// <inheritdoc />
    public void Send(Hop hop, ReadOnlySpan<byte> message)
    {
        if (hop.Connection is ShardLink link)
            link.Send(message);
        else
            _network.Send(EndPoint, hop.Remote, hop.Protocol, message);
    }

    /// <summary>Sends text as a message; line ends are made CRLF, and <c>Content-Length</c> is added when missing.</summary>
    public void Send(VirtualHost to, string text)
    {
        text = text.ReplaceLineEndings("\r\n").TrimStart('\r', '\n');
        if (!text.Contains("\r\n\r\n", StringComparison.Ordinal))
            text = text.TrimEnd() + "\r\n\r\n";
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (!text[..end].Contains("Content-Length", StringComparison.OrdinalIgnoreCase))
            text = $"{text[..end]}\r\nContent-Length: {Encoding.UTF8.GetByteCount(text[(end + 4)..])}{text[end..]}";
        _network.Send(EndPoint, to.EndPoint, TransportProtocol.Udp, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Sends bytes as they are.</summary>
    public void Send(VirtualHost to, ReadOnlySpan<byte> message) => _network.Send(EndPoint, to.EndPoint, TransportProtocol.Udp, message);

    internal void Deliver(VirtualNetwork.Delivery delivery)
    {
        if (_shards.Count > 1)
        {
            DeliverToShard(delivery);
            return;
        }
        if (Agent is not null)
        {
            Agent.Receive(delivery.Message, HopTo(delivery.Protocol, delivery.From)!);
            return;
        }
        var sent = new Sent(_network.Now, delivery.From, EndPoint, Encoding.UTF8.GetString(delivery.Message));
        Received.Add(sent);
        OnReceived?.Invoke(sent);
    }

    /// <summary>Any of them may have read it; it goes on to whose it is, as between the threads of a node.</summary>
    private void DeliverToShard(VirtualNetwork.Delivery delivery)
    {
        int at = _taken++ % _shards.Count;
        int asked = 0;
        while (true)
        {
            var shard = _shards[at];
            var hop = shard.HopTo(delivery.Protocol, delivery.From)!;
            int owner = shard.Agent!.OwnerOf(delivery.Message, hop, _shards.Count, ref asked);
            if (owner == at)
                shard.Agent.ReceiveParsed(hop);
            if (owner == at || owner < 0)
                return;
            at = owner;
        }
    }
}
