using System.Net;
using System.Net.Sockets;
using EventCalls.Import.Captures;
using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Import.Tests;

/// <summary>What a node sends to a collector can be imported again.</summary>
public sealed class SentCopiesTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.2")]
    [InlineData("2001:db8::1", "2001:db8::2")]
    public async Task A_copy_that_a_node_sends_is_read_as_the_message_it_is(string local, string remote)
    {
        const string Options = "OPTIONS sip:b SIP/2.0\r\nCall-ID: one@a\r\n\r\n";
        using var collector = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var before = DateTimeOffset.UtcNow;
        await using var sender = new HepSender((IPEndPoint)collector.Client.LocalEndPoint!, 1, "secret", [], TimeProvider.System, NullLogger.Instance);
        sender.Start();
        var trace = sender.Trace();
        trace.Received(new Hop(TransportProtocol.Tcp, new IPEndPoint(IPAddress.Parse(local), 5060), new IPEndPoint(IPAddress.Parse(remote), 5070)), System.Text.Encoding.UTF8.GetBytes(Options));
        trace.TurnEnded();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));

        Assert.True(HepPacket.TryParse((await collector.ReceiveAsync(limit.Token)).Buffer, out var read));
        Assert.Equal((remote, 5070, local, 5060), (read.Source.ToIPEndPoint().Address.ToString(), read.Source.Port, read.Destination.ToIPEndPoint().Address.ToString(), read.Destination.Port));
        Assert.Equal(6, read.Protocol);
        Assert.InRange(read.Time!.Value, before.AddMilliseconds(-1), DateTimeOffset.UtcNow);
        Assert.Equal(Options, System.Text.Encoding.UTF8.GetString(read.Payload.Span));
    }
}
