using System.Net;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Tracing;

/// <summary>The lower edge with somebody looking at what leaves.</summary>
internal sealed class TracedOutput(ISipOutput output, ISipTrace trace) : ISipOutput
{
    public void Send(Hop hop, ReadOnlySpan<byte> message)
    {
        trace.Sent(hop, message);
        output.Send(hop, message);
    }

    public Hop? HopTo(TransportProtocol protocol, IPEndPoint remote, string? name = null) => output.HopTo(protocol, remote, name);

    public Hop? HopTo(TransportProtocol protocol, IPEndPoint remote, Hop near) => output.HopTo(protocol, remote, near);

    public Hop? HopInside(int shard, Hop near) => output.HopInside(shard, near);
}
