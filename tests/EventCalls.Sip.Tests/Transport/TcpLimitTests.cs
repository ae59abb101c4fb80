using System.Net;
using System.Net.Sockets;
using System.Text;
using EventCalls.Sip.Transactions;
using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Transport;

/// <summary>What peers cannot do to a node over TCP.</summary>
public sealed class TcpLimitTests
{
    [Fact]
    public async Task Connections_of_one_source_that_do_nothing_keep_nobody_else_out()
    {
        using var shard = new ShardFixture(new RecordingHandler(), null, "tcp:127.0.0.1:0");
        var idle = new List<Socket>();
        for (int i = 0; i < 256; i++)
            idle.Add(await ConnectFromAsync(shard, "127.0.0.1"));
        // Of those in excess the other end is closed; the others stay.
        for (int i = 64; i < 256; i++)
            Assert.Equal(0, await ReadAsync(idle[i]));
        using var other = new TcpPeer(await ConnectFromAsync(shard, "127.0.0.2"));
        await AskAsync(other);
        // And what we open ourselves has room of its own.
        using var target = new TcpListener(IPAddress.Loopback, 0);
        target.Start();
        Assert.NotNull(await shard.DoAsync(() => shard.Shard.HopTo(TransportProtocol.Tcp, (IPEndPoint)target.LocalEndpoint)));
        Assert.Equal(
            "A connection over tcp from 127.0.0.1 is refused: 64 connections from there are open (Sip:Tcp:MaxConnectionsPerSource)", Assert.Single(shard.Log.Warnings));
        idle[0].Dispose();
        await UntilAsync(async () =>
        {
            using var again = new TcpPeer(await ConnectFromAsync(shard, "127.0.0.1"));
            return await TryAskAsync(again);
        });
        idle.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task All_connections_that_peers_made_leave_room_for_those_we_make()
    {
        using var shard = new ShardFixture(new RecordingHandler(), o => o with { MaxConnections = 2, MaxOutboundConnections = 1 }, "tcp:127.0.0.1:0");
        using var a = await ConnectFromAsync(shard, "127.0.0.1");
        using var b = await ConnectFromAsync(shard, "127.0.0.2");
        using var c = await ConnectFromAsync(shard, "127.0.0.3");
        Assert.Equal(0, await ReadAsync(c));
        using var target = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        target.Start();
        second.Start();
        Assert.NotNull(await shard.DoAsync(() => shard.Shard.HopTo(TransportProtocol.Tcp, (IPEndPoint)target.LocalEndpoint)));
        Assert.Null(await shard.DoAsync(() => shard.Shard.HopTo(TransportProtocol.Tcp, (IPEndPoint)second.LocalEndpoint)));
    }

    [Fact]
    [Trait("RFC", "3261 §18.3")]
    public async Task A_message_that_trickles_in_for_too_long_closes_its_connection()
    {
        using var shard = new ShardFixture(new RecordingHandler(), o => o with { MessageTimeoutMs = 300 }, "tcp:127.0.0.1:0");
        using var peer = await TcpPeer.ConnectAsync(shard.Shard.Listening[0].EndPoint);
        await AskAsync(peer);
        var closed = peer.ReceiveAsync();
        // Each byte is in time; the message is not.
        await peer.SendRawAsync("OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nX-Slow: ");
        while (!closed.IsCompleted)
        {
            try
            {
                await peer.SendRawAsync("x");
            }
            catch (SocketException)
            {
                break;
            }
            await Task.Delay(20);
        }
        Assert.Null(await closed);
        Assert.Contains(shard.Log.Lines, l => l.Text.Contains("a message was not complete within 300 ms", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("RFC", "5626 §4.4.1")]
    public async Task Keep_alives_alone_do_not_hold_a_connection()
    {
        using var shard = new ShardFixture(new RecordingHandler(), o => o with { FirstMessageTimeoutMs = 300 }, "tcp:127.0.0.1:0");
        using var peer = await TcpPeer.ConnectAsync(shard.Shard.Listening[0].EndPoint);
        var closed = peer.ReceiveAsync();
        while (!closed.IsCompleted)
        {
            try
            {
                await peer.SendRawAsync("\r\n\r\n");
            }
            catch (SocketException)
            {
                break;
            }
            await Task.Delay(20);
        }
        Assert.Null(await closed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_has_been_quiet_for_long_is_closed_whoever_made_it(bool peerMadeIt)
    {
        using var shard = new ShardFixture(new RecordingHandler(), o => o with { IdleTimeoutMs = 1_000 }, "tcp:127.0.0.1:0");
        if (peerMadeIt)
        {
            using var peer = await TcpPeer.ConnectAsync(shard.Shard.Listening[0].EndPoint);
            await AskAsync(peer);
            Assert.Null(await peer.ReceiveAsync());
            return;
        }
        using var target = new TcpListener(IPAddress.Loopback, 0);
        target.Start();
        var hop = await shard.DoAsync(() => shard.Shard.HopTo(TransportProtocol.Tcp, (IPEndPoint)target.LocalEndpoint)!);
        using var reached = await TcpPeer.AcceptAsync(target);
        Assert.Null(await reached.ReceiveAsync());
        await shard.UntilAsync(() => hop.IsClosed);
    }

    [Fact]
    public async Task Sixteen_hundred_connections_of_a_stranger_are_one_line_of_the_log()
    {
        using var shard = new ShardFixture(new RecordingHandler(), o => o with { AcceptsConnectionFrom = a => !a.Equals(IPAddress.Loopback) }, "tcp:127.0.0.1:0");
        for (int i = 0; i < 1_600; i++)
        {
            using var stranger = await ConnectFromAsync(shard, "127.0.0.1");
            if (i == 1_599)
                Assert.Equal(0, await ReadAsync(stranger));
        }
        Assert.Equal(
            "A connection over tcp from 127.0.0.1 is refused: no trunk calls from there and no endpoint is reached there; if one does, add the address to Trunks:NAME:From",
            Assert.Single(shard.Log.Warnings));
        using var friend = new TcpPeer(await ConnectFromAsync(shard, "127.0.0.2"));
        await AskAsync(friend);
    }

    [Fact]
    public async Task Peers_that_reset_at_once_and_checks_that_throw_do_not_stop_the_taking_of_connections()
    {
        int asked = 0;
        bool Throws(IPAddress _) => ++asked % 2 == 1 ? throw new InvalidOperationException("a defect") : true;
        using var shard = new ShardFixture(new RecordingHandler(), o => o with { AcceptsConnectionFrom = Throws }, "tcp:127.0.0.1:0");
        for (int i = 0; i < 20; i++)
        {
            using var reset = await ConnectFromAsync(shard, "127.0.0.1");
            reset.LingerState = new LingerOption(true, 0);
        }
        await UntilAsync(async () =>
        {
            using var peer = await TcpPeer.ConnectAsync(shard.Shard.Listening[0].EndPoint);
            return await TryAskAsync(peer);
        });
        Assert.Contains("Taking connections on", Assert.Single(shard.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_busy_shard_has_no_room_for_stays_with_the_peer_and_nothing_of_it_is_lost()
    {
        const int Sent = 2_000;
        using var shard = new ShardFixture(new RecordingHandler(), o => o with { MaxWaitingMessages = 16 }, "tcp:127.0.0.1:0");
        using var gate = new ManualResetEventSlim();
        var held = shard.DoAsync(() => gate.Wait(TcpPeer.Patience));
        using var peer = await TcpPeer.ConnectAsync(shard.Shard.Listening[0].EndPoint);
        var sending = Task.Run(async () =>
        {
            for (int i = 0; i < Sent; i++)
                await peer.SendRawAsync(LocalAddressTests.Options("TCP", "127.0.0.1:5099").Replace("z9hG4bKo", $"z9hG4bK{i}", StringComparison.Ordinal) + "\r\n");
        });
        await UntilAsync(() => Task.FromResult(shard.Shard.Room.Free == 0));
        gate.Set();
        Assert.True(await held);
        for (int i = 0; i < Sent; i++)
            Assert.Contains($"z9hG4bK{i};", await peer.ReceiveAsync("SIP/2.0 200"), StringComparison.Ordinal);
        await sending;
        await UntilAsync(() => Task.FromResult(shard.Shard.Room.Free == 16));
    }

    [Fact]
    public async Task Datagrams_beyond_the_room_are_dropped_and_those_after_are_answered()
    {
        using var shard = new ShardFixture(new RecordingHandler(), o => o with { MaxWaitingMessages = 16 }, "udp:127.0.0.1:0", "udp:127.0.0.1:0");
        using var gate = new ManualResetEventSlim();
        var held = shard.DoAsync(() => gate.Wait(TcpPeer.Patience));
        using var peer = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        byte[] Ask(int i) => Encoding.ASCII.GetBytes(LocalAddressTests.Options("UDP", peer.Client.LocalEndPoint!.ToString()!).Replace("z9hG4bKo", $"z9hG4bK{i}", StringComparison.Ordinal) + "\r\n");
        int sent = 0;
        await UntilAsync(async () =>
        {
            await peer.SendAsync(Ask(sent++), shard.Shard.Listening[1].EndPoint);
            return shard.Shard.Room.Dropped > 0;
        });
        gate.Set();
        Assert.True(await held);
        for (int i = 0; i < 16; i++)
            await peer.ReceiveAsync().WaitAsync(TcpPeer.Patience);
        await peer.SendAsync(Ask(-1), shard.Shard.Listening[1].EndPoint);
        string text;
        do
            text = Encoding.ASCII.GetString((await peer.ReceiveAsync().WaitAsync(TcpPeer.Patience)).Buffer);
        while (!text.Contains("z9hG4bK-1", StringComparison.Ordinal));
    }

    private static async Task<Socket> ConnectFromAsync(ShardFixture shard, string address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(IPEndPoint.Parse(address + ":0"));
        await socket.ConnectAsync(shard.Shard.Listening[0].EndPoint).WaitAsync(TcpPeer.Patience);
        return socket;
    }

    private static async Task<int> ReadAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1]).WaitAsync(TcpPeer.Patience);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private static async Task AskAsync(TcpPeer peer)
    {
        await peer.SendRawAsync(LocalAddressTests.Options("TCP", peer.Local.ToString()) + "\r\n");
        await peer.ReceiveAsync("SIP/2.0 200");
    }

    private static async Task<bool> TryAskAsync(TcpPeer peer)
    {
        try
        {
            await AskAsync(peer);
            return true;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TcpPeer.Patience);
        while (!await condition())
            await Task.Delay(10, patience.Token);
    }
}
