using System.Net;
using EventCalls.Contracts;
using EventCalls.Sip.Resolving;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Ingress;
using EventCalls.Telephony.Trunks;
using EventCalls.Testing.Logging;

namespace EventCalls.Telephony.Tests.Ingress;

public sealed class TrunkHealthTests : EdgeTest
{
    private readonly RecordingLogger _log = new();
    private readonly TrunkEvents _events = new();
    private TrunkHealth _health = null!;

    public TrunkHealthTests() => Logger = _log;

    [Fact]
    [Trait("RFC", "3261 §11.1")]
    public void A_server_that_is_silent_twice_is_down_and_up_again_when_it_has_answered_twice()
    {
        Begin("sip:10.0.0.3:5060", "sip:10.0.0.4:5060");
        Run(1_000);
        Assert.Equal(2, _health.Asked);
        Assert.Equal(["10.0.0.3", "10.0.0.4"], Network.Log.Where(s => s.Kind == "OPTIONS").Select(s => s.To.Address.ToString()));
        Network.Lose = sent => sent.To.Equals(Target.Host.EndPoint);
        Run(10_000 + 4_000);
        Assert.Empty(_health.Down);
        Run(10_000);
        Assert.Equal(("watched", new ServerAddress(TransportProtocol.Udp, Target.Host.EndPoint)), (_health.Down.Single().Trunk, _health.Down.Single().Server));
        Assert.Equal("The server udp:10.0.0.3:5060 of the trunk watched is down: it does not answer OPTIONS; it is tried last", Assert.Single(_log.Warnings));
        CallIn();
        Decide(Invite(endpoint: "watched"));
        Assert.Equal("transfer_started 1 invite sip:+12222222@10.0.0.4:5060", Story()[^1]);
        Network.Lose = null;
        Run(10_000);
        Assert.Single(_health.Down);
        Run(10_000);
        Assert.Empty(_health.Down);
        Assert.False(Shard.Servers.States.IsAny);
        Assert.Single(_log.Warnings);
    }

    [Fact]
    public async Task That_a_server_is_up_goes_down_and_comes_up_again_is_an_event_each_and_told_of_once()
    {
        Begin("sip:10.0.0.3:5060", "sip:10.0.0.4:5060");
        Run(1_000);
        Assert.Equal(["trunk_up udp:10.0.0.3:5060 2/2", "trunk_up udp:10.0.0.4:5060 2/2"], _events.Carried.Select(Line));
        Network.Lose = sent => sent.To.Equals(Target.Host.EndPoint);
        Run(30_000);
        Network.Lose = null;
        Run(30_000);
        Assert.Equal(["trunk_down udp:10.0.0.3:5060 1/2", "trunk_up udp:10.0.0.3:5060 2/2"], _events.Carried.Skip(2).Select(Line));
        var down = Assert.IsType<TrunkDown>(_events.Carried[2]);
        var up = Assert.IsType<TrunkUp>(_events.Carried[3]);
        Assert.Equal(("it does not answer OPTIONS", "watched", Options.Node), (down.Reason, down.Trunk, down.Node));
        Assert.Equal((DateTimeOffset?)down.OccurredAt, up.DownSince);
        Assert.All(_events.Carried.Take(2), e => Assert.Null(((TrunkUp)e).DownSince));

        // What the bus does not take stays, and is told of once.
        Messages.Throws = new IOException("away");
        await Assert.ThrowsAsync<IOException>(() => _events.TellAsync(Messages, default));
        Messages.Throws = null;
        await _events.TellAsync(Messages, default);
        await _events.TellAsync(Messages, default);
        Assert.Equal(_events.Carried, Messages.Told);
    }

    [Fact]
    public void A_server_that_is_down_from_the_beginning_is_said_to_be_down_and_not_up_before()
    {
        Network.Lose = sent => sent.To.Equals(Target.Host.EndPoint);
        Begin("sip:10.0.0.3:5060");
        Run(60_000);
        Assert.Equal(["trunk_down udp:10.0.0.3:5060 0/1"], _events.Carried.Select(Line));
    }

    [Fact]
    public void Only_the_newest_events_are_carried()
    {
        var first = new TrunkDown { EventId = Guid.NewGuid(), Node = "n", Trunk = "t", Server = "s", OccurredAt = DateTimeOffset.UnixEpoch, ServersUp = 0, Servers = 1, Reason = "it does not answer OPTIONS" };
        var added = _events.Added;
        for (int i = 0; i <= TrunkEvents.MostCarried; i++)
            _events.Add(first with { Server = $"{i}" });
        Assert.True(added.IsCompleted);
        Assert.False(_events.Added.IsCompleted);
        Assert.Equal((TrunkEvents.MostCarried, "1"), (_events.Carried.Count, _events.Carried[0].Server));
    }

    [Fact]
    public void The_servers_of_a_domain_are_asked_and_one_that_has_left_it_no_more()
    {
        Hosts["carrier.example"] = [IPAddress.Parse("10.0.0.3"), IPAddress.Parse("10.0.0.9")];
        Begin("sip:carrier.example");
        Run(30_000);
        Assert.Equal(2, _health.Asked);
        Assert.Equal("udp:10.0.0.9:5060", Assert.Single(_health.Down).Server.ToString());
        Hosts["carrier.example"] = [IPAddress.Parse("10.0.0.3")];
        Run(60_000);
        Assert.Equal(1, _health.Asked);
        Assert.Empty(_health.Down);
        Assert.False(Shard.Servers.States.IsAny);
    }

    [Theory]
    [InlineData(3_601, "sip:10.0.0.3")]
    [InlineData(10, null)]
    public void How_often_must_be_sensible(int seconds, string? to) =>
        Assert.Equal("Trunks:x:HealthSeconds", Assert.Throws<TelephonyOptionsException>(() => new TrunkTable(
            [new TrunkOptions { Name = "x", From = ["10.0.0.1"], To = to is null ? [] : [to], HealthSeconds = seconds }])).Key);

    private static string Line(TrunkEvent e) => $"{e.TypeName} {e.Server} {e.ServersUp}/{e.Servers}";

    private void Begin(params string[] to)
    {
        // Whom the node asks must take it for a trunk's.
        Options = Options with { Trunks = [Options.Trunks[0], Options.Trunks[1], new TrunkOptions { Name = "watched", To = to, HealthSeconds = 10 }] };
        _health = new TrunkHealth(Shard, _events);
        _health.Start();
        Run(1);
    }
}
