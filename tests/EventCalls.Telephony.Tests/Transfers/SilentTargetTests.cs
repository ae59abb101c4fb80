using System.Net;
using System.Net.Sockets;
using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Ingress;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Telephony.Tests.Transfers;

/// <summary>Targets that say nothing at all, which is not the same as ringing without an answer.</summary>
public sealed class SilentTargetTests : EdgeTest
{
    private static readonly string[] s_second = ["transfer_started 2 invite sip:+12222222@10.0.0.4:5060", "transfer_progressed response 180"];

    public SilentTargetTests() => Network.Lose = sent => sent.To.Equals(Target.Host.EndPoint);

    [Fact]
    [Trait("RFC", "3263 §4.3")]
    public void The_next_address_is_tried_when_the_first_says_nothing_in_its_own_time()
    {
        CallIn();
        Decide(Invite(endpoint: "both") with { RingTimeoutSeconds = 8 });
        Run(3_900);
        Assert.Equal("transfer_started 1 invite sip:+12222222@10.0.0.3:5060", Story()[^1]);
        Run(300);
        Assert.Equal(["transfer_failed unreachable", .. s_second], Story()[^3..]);
        Assert.Equal("nothing heard: udp:10.0.0.3:5060 said nothing in 4000 ms", Single<TransferFailed>().Evidence.ReasonPhrase);
        // The second one has the whole ring timeout.
        Run(7_000);
        Assert.Equal(s_second, Story()[^2..]);
        ((IncomingLeg)Second.Leg!).Answer(Second.Session());
        Run(100);
        Assert.Equal("transfer_completed answered", Story()[^1]);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();
    }

    [Fact]
    public void The_time_is_a_setting_and_holds_for_the_next_step_too()
    {
        Options = Options with { NoResponseTimeoutMs = 500 };
        CallIn();
        Decide(Invite(), Invite(endpoint: "second"));
        Run(600);
        Assert.Equal(["transfer_failed unreachable", .. s_second], Story()[^3..]);
    }

    [Fact]
    public void A_ring_timeout_before_anything_was_heard_says_unreachable_and_goes_on_to_the_next_address()
    {
        CallIn();
        Decide(Invite(endpoint: "both") with { RingTimeoutSeconds = 2 });
        Run(2_100);
        Assert.Equal(["transfer_failed unreachable", .. s_second], Story()[^3..]);
    }

    [Fact]
    public void Where_nothing_is_left_to_try_silence_is_waited_for_until_the_ring_timeout()
    {
        CallIn();
        Decide(Invite() with { RingTimeoutSeconds = 8 });
        Run(7_900);
        Assert.Equal("transfer_started 1 invite sip:+12222222@10.0.0.3:5060", Story()[^1]);
        Run(200);
        Assert.Equal("transfer_failed unreachable final", Story()[^1]);
        Network.Lose = null;
        Decide(Reject());
        Run(100);
        AssertOver();
    }

    [Fact]
    public void A_target_that_was_heard_of_rings_until_the_ring_timeout_and_no_other_address_is_tried()
    {
        // A 100 alone is enough: the INVITE arrived.
        Network.Lose = null;
        Target.OnCall = static (_, _) => { };
        CallIn();
        Decide(Invite(endpoint: "both") with { RingTimeoutSeconds = 8 });
        Run(7_900);
        Assert.Equal("transfer_started 1 invite sip:+12222222@10.0.0.3:5060", Story()[^1]);
        Run(200);
        Assert.Equal("transfer_failed no_answer final", Story()[^1]);
    }

    [Fact]
    public void A_target_that_wakes_up_after_it_was_given_up_is_cancelled()
    {
        CallIn();
        Decide(Invite(endpoint: "both"));
        Run(5_000);
        Network.Lose = null;
        Run(5_000);
        Assert.Equal(["invite", "cancel"], Target.Log);
        Assert.Equal(s_second, Story()[^2..]);
    }

    [Fact]
    [Trait("RFC", "3263 §4.3")]
    public async Task The_addresses_of_one_name_are_tried_one_after_another()
    {
        Hosts["carrier.example"] = [IPAddress.Parse("10.0.0.3"), IPAddress.Parse("10.0.0.4")];
        Options = Options with { Trunks = [Options.Trunks[0], new TrunkOptions { Name = "named", To = ["sip:carrier.example"] }] };
        CallIn();
        Decide(Invite(endpoint: "named"), Reject(486));
        await RunUntilAsync(() => Second.Invite is not null);
        Run(20);
        Assert.Equal(
            [
                "transfer_started 1 invite sip:+12222222@carrier.example",
                "transfer_failed unreachable",
                "transfer_started 2 invite sip:+12222222@carrier.example",
                "transfer_progressed response 180",
            ],
            Story()[1..]);
        ((IncomingLeg)Second.Leg!).Reject(503);
        Run(100);
        Assert.Equal("call_ended system rejected 486", Story()[^1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task On_the_wire_a_closed_port_and_a_silent_one_are_left_for_the_next_address(bool isClosed)
    {
        var journal = new FakeJournal();
        using var trunk = new LoopbackTrunk(journal);
        using var silent = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var second = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        if (isClosed)
            silent.Client.Dispose();
        var options = new TelephonyOptions
        {
            Node = "edge-1",
            Listen = ["udp:127.0.0.1:0"],
            Trunks =
            [
                new TrunkOptions { Name = "carrier", From = ["127.0.0.0/8"] },
                new TrunkOptions { Name = "pstn", To = [$"sip:127.0.0.1:{(isClosed ? ClosedPort() : ((IPEndPoint)silent.Client.LocalEndPoint!).Port)}", $"sip:{second.Client.LocalEndPoint}"] },
            ],
            DeadlineMs = 600_000,
            NoResponseTimeoutMs = 300,
        };
        await using var service = new IngressService(options, journal, new FakeMessages(), TimeProvider.System, NullLogger<IngressService>.Instance);
        await service.StartAsync(CancellationToken.None);
        var started = await trunk.CallAsync(service, 1);
        service.Take(LoopbackTrunk.Reject(started, 404) with { Steps = [Invite() with { RingTimeoutSeconds = 600 }] });

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        string invite = System.Text.Encoding.ASCII.GetString((await second.ReceiveAsync(limit.Token)).Buffer);
        Assert.StartsWith($"INVITE sip:+12222222@{second.Client.LocalEndPoint} ", invite, StringComparison.Ordinal);
        var failed = Assert.Single(journal.Events.OfType<TransferFailed>());
        Assert.Equal(TransferOutcome.Unreachable, failed.Outcome);
        if (OperatingSystem.IsLinux())
            Assert.Equal(isClosed, failed.Evidence.ReasonPhrase!.EndsWith("is unreachable (ICMP)", StringComparison.Ordinal));
        await service.DrainAsync(TimeSpan.Zero, CancellationToken.None);
    }

    private static int ClosedPort()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
    }
}
