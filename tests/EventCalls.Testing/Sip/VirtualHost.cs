using System.Net;
using System.Text;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions;
using EventCalls.Sip.Transactions;

namespace EventCalls.Testing.Sip;

/// <summary>A host on a <see cref="VirtualNetwork"/>: a user agent lives on it, or a test writes and reads messages itself.</summary>
public sealed class VirtualHost : ISipOutput
{
    private readonly VirtualNetwork _network;
    private readonly Dictionary<(TransportProtocol, IPEndPoint), Hop> _hops = [];

    internal VirtualHost(VirtualNetwork network, IPEndPoint endPoint)
    {
        _network = network;
        EndPoint = endPoint;
    }

    /// <summary>The host's address.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>The user agent that lives here; null for a scripted host.</summary>
    public UserAgent? Agent { get; private set; }

    /// <summary>What a scripted host has received.</summary>
    public List<Sent> Received { get; } = [];

    /// <summary>Called for each message a scripted host receives; may answer.</summary>
    public Action<Sent>? OnReceived { get; set; }

    /// <summary>Puts a user agent on the host.</summary>
    public UserAgent Start(IUserAgentHandler handler, UserAgentOptions? options = null) =>
        Agent = new UserAgent(
            (options ?? new UserAgentOptions { PingAfterMs = 0, Extensions = [ReferExtension.Taken] }) with { Random = _network.NextRandom() }, this, handler, _network.Now);

    /// <summary>The hop to another host.</summary>
    public Hop HopTo(VirtualHost other, TransportProtocol protocol = TransportProtocol.Udp) => HopTo(protocol, other.EndPoint)!;

    /// <inheritdoc />
    public Hop? HopTo(TransportProtocol protocol, IPEndPoint remote, string? name = null)
    {
        if (!_hops.TryGetValue((protocol, remote), out var hop))
            _hops.Add((protocol, remote), hop = new Hop(protocol, EndPoint, remote));
        return hop;
    }

    /// <summary>The hop's connection is gone: the next one to the same peer is new.</summary>
    public void Forget(Hop hop) => _hops.Remove((hop.Protocol, hop.Remote));

    /// <inheritdoc />
    public void Send(Hop hop, ReadOnlySpan<byte> message) => _network.Send(EndPoint, hop.Remote, hop.Protocol, message);

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
        if (Agent is not null)
        {
            Agent.Receive(delivery.Message, HopTo(delivery.Protocol, delivery.From)!);
            return;
        }
        var sent = new Sent(_network.Now, delivery.From, EndPoint, Encoding.UTF8.GetString(delivery.Message));
        Received.Add(sent);
        OnReceived?.Invoke(sent);
    }
}
