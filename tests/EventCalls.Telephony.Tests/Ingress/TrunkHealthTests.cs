using System.Net;
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

    private void Begin(params string[] to)
    {
        // Whom the node asks must take it for a trunk's.
        Options = Options with { Trunks = [Options.Trunks[0], Options.Trunks[1], new TrunkOptions { Name = "watched", To = to, HealthSeconds = 10 }] };
        _health = new TrunkHealth(Shard);
        _health.Start();
        Run(1);
    }
}
