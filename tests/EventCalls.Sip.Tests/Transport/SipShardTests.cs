using System.Net;
using System.Net.Sockets;
using System.Text;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Tests.Dialogs;
using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport;
using EventCalls.Testing.Sip;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Sip.Tests.Transport;

public sealed class SipShardTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("udp:127.0.0.1:0")]
    [InlineData("tcp:127.0.0.1:0")]
    [Trait("RFC", "3261 §18")]
    public async Task A_call_is_made_answered_and_ended_over_real_sockets(string listen)
    {
        var answering = new RecordingHandler { Invited = (leg, _) => leg.Answer(SipPair.Offer) };
        using var server = Start(answering, listen);
        var calling = new RecordingHandler();
        using var client = Start(calling, listen);
        var up = new TaskCompletionSource();
        calling.Answered = (_, _) => up.TrySetResult();
        OutgoingLeg? leg = null;
        client.Post(new Work(() => leg = Call(client, server, calling)));
        await up.Task.WaitAsync(s_patience);
        client.Post(new Work(() => leg!.Bye()));
        await Until(server, () => answering.Log.Contains("bye"));
        Assert.Equal(["answered 200"], calling.Log);
    }

    [Theory]
    [InlineData("udp:127.0.0.1:0")]
    [InlineData("tcp:127.0.0.1:0")]
    public async Task Calls_to_a_group_of_shards_stay_each_on_the_shard_of_its_call(string listen)
    {
        var answering = Enumerable.Range(0, 3).Select(_ => new RecordingHandler { Invited = (leg, _) => leg.Answer(SipPair.Offer) }).ToArray();
        using var group = new ShardGroup([.. answering.Select((handler, i) => new SipShard(
            new ShardOptions { Listen = [Point(listen)], UserAgent = new UserAgentOptions { Shard = i } }, handler, TimeProvider.System, NullLogger.Instance))]);
        group.Start();
        var calling = new RecordingHandler();
        using var client = Start(calling, listen);
        calling.Answered = (leg, _) => client.Post(new Work(() => leg.Bye()));
        client.Post(new Work(() =>
        {
            for (int i = 0; i < 60; i++)
                Call(client, group.Shards[0], calling);
        }));
        for (int i = 0; i < 3; i++)
        {
            var log = answering[i].Log;
            await Until(group.Shards[i], () => log.Count > 0 && log.Count(l => l == "invite") == log.Count(l => l == "bye"));
        }
        await Until(client, () => client.Agent.OpenLegs == 0);
        Assert.Equal(60, answering.Sum(a => a.Log.Count(l => l == "bye")));
        Assert.Equal(60, answering.Sum(a => a.Log.Count(l => l == "ack")));
        Assert.All(answering, a => Assert.InRange(a.Log.Count(l => l == "invite"), 1, 59));
    }

    [Fact]
    public async Task A_call_made_by_a_later_shard_of_a_group_finds_its_way_back()
    {
        var answering = new RecordingHandler { Invited = (leg, _) => leg.Answer(SipPair.Offer) };
        using var server = Start(answering, "udp:127.0.0.1:0");
        var calling = new RecordingHandler();
        using var group = new ShardGroup([.. Enumerable.Range(0, 3).Select(i => new SipShard(
            new ShardOptions { Listen = [Point("udp:127.0.0.1:0")], UserAgent = new UserAgentOptions { Shard = i } }, calling, TimeProvider.System, NullLogger.Instance))]);
        group.Start();
        calling.Answered = (leg, _) => group.Shards[2].Post(new Work(() => leg.Bye()));
        group.Shards[2].Post(new Work(() => Call(group.Shards[2], server, calling)));
        await Until(server, () => answering.Log.Contains("bye"));
        await Until(group.Shards[2], () => group.Shards[2].Agent.OpenLegs == 0);
        Assert.Equal(["answered 200"], calling.Log);
    }

    [Fact]
    public async Task A_shard_calls_another_one_of_its_node_and_hangs_up()
    {
        var answering = Enumerable.Range(0, 3).Select(_ => new RecordingHandler { Invited = (leg, _) => leg.Answer(SipPair.Offer) }).ToArray();
        using var group = new ShardGroup([.. answering.Select((handler, i) => new SipShard(
            new ShardOptions { Listen = [Point("udp:127.0.0.1:0")], UserAgent = new UserAgentOptions { Shard = i } }, handler, TimeProvider.System, NullLogger.Instance))]);
        group.Start();
        var calling = new RecordingHandler { Answered = (leg, _) => group.Shards[0].Post(new Work(() => leg.Bye())) };
        group.Shards[0].Post(new Work(() => group.Shards[0].Agent.Invite(
            new OutgoingInvite
            {
                Hop = group.Shards[0].HopInside(2, group.Shards[0].HopTo(TransportProtocol.Udp, group.Listening[0].EndPoint)!)!,
                RequestUri = "sip:127.0.0.1",
                From = "<sip:alice@127.0.0.1>",
                To = "<sip:bob@127.0.0.1>",
                Content = SipPair.Offer,
            },
            calling)));
        await Until(group.Shards[2], () => answering[2].Log.Contains("bye"));
        await Until(group.Shards[0], () => group.Shards[0].Agent.OpenLegs == 0);
        Assert.Equal(["answered 200"], calling.Log);
        Assert.Empty(answering[0].Log);
    }

    [Fact]
    public async Task Two_hundred_calls_at_once_over_one_connection_all_come_through()
    {
        var answering = new RecordingHandler { Invited = (leg, _) => leg.Answer(SipPair.Offer) };
        using var server = Start(answering, "tcp:127.0.0.1:0");
        var calling = new RecordingHandler();
        using var client = Start(calling, "tcp:127.0.0.1:0");
        calling.Answered = (leg, _) => client.Post(new Work(() => leg.Bye()));
        client.Post(new Work(() =>
        {
            for (int i = 0; i < 200; i++)
                Call(client, server, calling);
        }));
        await Until(server, () => answering.Log.Count(l => l == "bye") == 200);
        Assert.Equal(200, calling.Log.Count(l => l == "answered 200"));
    }

    [Fact]
    [Trait("RFC", "3261 §17.1.4")]
    public async Task A_connection_that_cannot_be_made_fails_the_call_at_once()
    {
        var calling = new RecordingHandler();
        using var client = Start(calling, "tcp:127.0.0.1:0");
        var unused = new TcpListener(IPAddress.Loopback, 0);
        unused.Start();
        var target = (IPEndPoint)unused.LocalEndpoint;
        unused.Stop();
        client.Post(new Work(() => client.Agent.Invite(
            new OutgoingInvite { Hop = client.HopTo(TransportProtocol.Tcp, target)!, RequestUri = "sip:x@127.0.0.1", From = "<sip:a@127.0.0.1>", To = "<sip:x@127.0.0.1>" }, calling)));
        await Until(client, () => calling.Log.Contains("no response TransportError"));
    }

    [Fact]
    [Trait("RFC", "5626 §4.4.1")]
    public async Task A_double_CRLF_on_a_connection_is_answered_by_one()
    {
        using var server = Start(new RecordingHandler(), "tcp:127.0.0.1:0");
        using var peer = new TcpClient();
        await peer.ConnectAsync(server.Listening[0].EndPoint);
        await peer.GetStream().WriteAsync("\r\n\r\n"u8.ToArray());
        var answer = new byte[8];
        using var patience = new CancellationTokenSource(s_patience);
        int read = await peer.GetStream().ReadAsync(answer, patience.Token);
        Assert.Equal("\r\n", Encoding.ASCII.GetString(answer, 0, read));
    }

    [Fact]
    [Trait("RFC", "3261 §18.3")]
    public async Task A_stream_that_cannot_be_framed_is_closed()
    {
        using var server = Start(new RecordingHandler(), "tcp:127.0.0.1:0");
        using var peer = new TcpClient();
        await peer.ConnectAsync(server.Listening[0].EndPoint);
        await peer.GetStream().WriteAsync("OPTIONS sip:x SIP/2.0\r\nContent-Length: -7\r\n\r\n"u8.ToArray());
        using var patience = new CancellationTokenSource(s_patience);
        var buffer = new byte[1_024];
        int read;
        try
        {
            do
                read = await peer.GetStream().ReadAsync(buffer, patience.Token);
            while (read > 0);
        }
        catch (IOException)
        {
            read = 0;
        }
        Assert.Equal(0, read);
    }

    [Theory]
    [InlineData("udp:127.0.0.1:0")]
    [InlineData("tcp:127.0.0.1:0")]
    public void A_port_in_use_is_named(string listen)
    {
        using var first = Start(new RecordingHandler(), listen);
        var taken = first.Listening[0].ToString();
        var error = Assert.Throws<ListenException>(() => Start(new RecordingHandler(), taken));
        Assert.Contains(taken, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_from_a_stranger_is_refused()
    {
        var options = new ShardOptions { Listen = [Point("tcp:127.0.0.1:0")], AcceptsConnectionFrom = _ => false };
        using var server = new SipShard(options, new RecordingHandler(), TimeProvider.System, NullLogger.Instance);
        server.Start();
        using var peer = new TcpClient();
        await peer.ConnectAsync(server.Listening[0].EndPoint);
        using var patience = new CancellationTokenSource(s_patience);
        int read;
        try
        {
            read = await peer.GetStream().ReadAsync(new byte[1], patience.Token);
        }
        catch (IOException)
        {
            read = 0;
        }
        Assert.Equal(0, read);
    }

    [Theory]
    [InlineData("udp:127.0.0.1:5060", "udp:127.0.0.1:5060")]
    [InlineData("tcp:127.0.0.1", "tcp:127.0.0.1:5060")]
    [InlineData("udp:[::1]:5080", "udp:[::1]:5080")]
    [InlineData("sctp:127.0.0.1:5060", null)]
    [InlineData("127.0.0.1:5060", null)]
    [InlineData("udp:nowhere:5060", null)]
    [InlineData("udp:127.0.0.1:99999", null)]
    public void Listen_points_are_read_or_refused(string text, string? read)
    {
        bool ok = ListenPoint.TryParse(text, out var point);
        Assert.Equal(read is not null, ok);
        Assert.Equal(read, point?.ToString());
    }

    private static OutgoingLeg Call(SipShard client, SipShard server, RecordingHandler handler)
    {
        var to = server.Listening[0];
        return client.Agent.Invite(
            new OutgoingInvite
            {
                Hop = client.HopTo(to.Protocol, to.EndPoint)!,
                RequestUri = $"sip:bob@{to.EndPoint}",
                From = "<sip:alice@127.0.0.1>",
                To = "<sip:bob@127.0.0.1>",
                Content = SipPair.Offer,
            },
            handler);
    }

    private static SipShard Start(RecordingHandler handler, string listen)
    {
        var shard = new SipShard(new ShardOptions { Listen = [Point(listen)] }, handler, TimeProvider.System, NullLogger.Instance);
        shard.Start();
        return shard;
    }

    private static ListenPoint Point(string text) => ListenPoint.TryParse(text, out var point) ? point! : throw new ArgumentException(text);

    // Looks at the handler's log on the shard's own thread, again and again.
    private static async Task Until(SipShard shard, Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            var seen = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            shard.Post(new Work(() => seen.SetResult(condition())));
            if (await seen.Task.WaitAsync(patience.Token))
                return;
            await Task.Delay(10, patience.Token);
        }
    }

    private sealed class Work(Action action) : ShardWork
    {
        protected internal override void Run() => action();
    }
}
