namespace EventCalls.Sip.Transactions;

/// <summary>The transports a message can travel on.</summary>
public enum TransportProtocol : byte
{
    /// <summary>Datagrams: unreliable, so transactions retransmit (RFC 3261 §17).</summary>
    Udp,

    /// <summary>A stream: reliable, framed by Content-Length (RFC 3261 §18.3).</summary>
    Tcp,

    /// <summary>A stream that is encrypted, between peers whose certificates were looked at (RFC 3261 §26.2, RFC 5922).</summary>
    Tls,

    /// <summary>A WebSocket: a stream in which each message has a frame of its own (RFC 7118).</summary>
    Ws,

    /// <summary>A WebSocket over TLS.</summary>
    Wss,
}
