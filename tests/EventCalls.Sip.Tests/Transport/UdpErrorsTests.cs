using System.Net;
using System.Net.Sockets;
using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport;

namespace EventCalls.Sip.Tests.Transport;

public sealed class UdpErrorsTests
{
    [Theory]
    [Trait("RFC", "3261 §18.4")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A_closed_port_is_told_and_what_is_sent_to_others_meanwhile_is_not_lost(string host)
    {
        const int datagrams = 200;
        var address = IPAddress.Parse(host);
        using var there = new UdpClient(new IPEndPoint(address, 0));
        var open = (IPEndPoint)there.Client.LocalEndPoint!;
        var closed = Closed(address);
        var told = new List<IPEndPoint>();
        using var listener = new UdpListener(
            new ListenPoint(TransportProtocol.Udp, new IPEndPoint(address, 0)), new ShardOptions { Listen = [] }, new SourceAddresses(TimeProvider.System), TimeProvider.System, told.AddRange);
        for (int i = 0; i < datagrams; i++)
        {
            listener.Send(listener.HopTo(closed)!, "to nobody"u8);
            listener.Send(listener.HopTo(open)!, "to somebody"u8);
        }
        using var limit = new CancellationTokenSource(TcpPeer.Patience);
        for (int i = 0; i < datagrams; i++)
            await there.ReceiveAsync(limit.Token);
        listener.ReadErrors();
        if (OperatingSystem.IsLinux())
            Assert.Equal([closed], told.Distinct());
        // With the queue empty nothing is left to wake a reader.
        Assert.False(listener.Socket.Poll(0, SelectMode.SelectRead));
    }

    private static IPEndPoint Closed(IPAddress address)
    {
        using var socket = new UdpClient(new IPEndPoint(address, 0));
        return (IPEndPoint)socket.Client.LocalEndPoint!;
    }
}
