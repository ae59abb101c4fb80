using System.Net;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Transactions;

namespace EventCalls.Simulation.Network;

/// <summary>A host on the virtual network; a user agent lives on it.</summary>
internal sealed class VirtualHost(VirtualNetwork network, IPEndPoint endPoint) : ISipOutput
{
    private readonly Dictionary<(TransportProtocol, IPEndPoint), Hop> _hops = [];

    /// <summary>Where it is.</summary>
    public IPEndPoint EndPoint => endPoint;

    /// <summary>The user agent that lives here.</summary>
    public UserAgent? Agent { get; set; }

    /// <summary>Whether it neither hears nor says anything.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>The one end point that can be reached from here although it is cut off.</summary>
    public IPEndPoint? Spared { get; set; }

    /// <summary>Whether nobody but <see cref="Spared"/> can be reached from here.</summary>
    public bool IsCutOff { get; set; }

    /// <inheritdoc />
    public void Send(Hop hop, ReadOnlySpan<byte> message)
    {
        if (!IsDeaf)
            network.Send(endPoint, hop.Remote, hop.Protocol, message);
    }

    /// <inheritdoc />
    public Hop? HopTo(TransportProtocol protocol, IPEndPoint remote, string? name = null)
    {
        if (IsCutOff && !remote.Equals(Spared))
            return null;
        if (!_hops.TryGetValue((protocol, remote), out var hop))
            _hops.Add((protocol, remote), hop = new Hop(protocol, endPoint, remote));
        return hop;
    }

    /// <summary>A message arrives.</summary>
    public void Receive(ReadOnlyMemory<byte> message, IPEndPoint from, TransportProtocol protocol)
    {
        if (IsDeaf || Agent is null)
            return;
        if (!_hops.TryGetValue((protocol, from), out var hop))
            _hops.Add((protocol, from), hop = new Hop(protocol, endPoint, from));
        Agent.Receive(message, hop);
    }
}
