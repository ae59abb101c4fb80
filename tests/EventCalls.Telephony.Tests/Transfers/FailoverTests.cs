using System.Net;
using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Resolving;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Tests.Transfers;

/// <summary>Which of several servers a call tries first, and what it remembers of those that failed.</summary>
public sealed class FailoverTests : EdgeTest
{
    private const string First = "transfer_started 1 invite sip:+12222222@10.0.0.3:5060";
    private const string Next = "transfer_started 1 invite sip:+12222222@10.0.0.4:5060";

    private static readonly string[] s_both = ["10.0.0.3", "10.0.0.4"];

    private int _before;

    [Fact]
    [Trait("RFC", "3263 §4.3")]
    public void The_next_call_goes_first_to_the_server_that_is_left_and_after_a_while_to_the_first_again()
    {
        Network.Lose = sent => sent.To.Equals(Target.Host.EndPoint);
        Call("both");
        Run(5_000);
        Assert.Equal([First, "transfer_failed unreachable"], Transfers()[..2]);
        EndCall();
        Assert.Equal(Next, Call("both")[0]);
        EndCall();
        Run(ServerStates.FailedMs);
        Assert.Equal(First, Call("both")[0]);
    }

    [Fact]
    [Trait("RFC", "3261 §21.5.4")]
    public void A_503_goes_on_to_the_next_server_and_its_Retry_After_is_heeded()
    {
        Target.OnCall = (_, leg) => leg.Reject(503, null, [new HeaderLine("Retry-After", "120 (maintenance)")]);
        Call("both");
        Run(100);
        Assert.Equal([First, "transfer_failed unreachable", "transfer_started 2 invite sip:+12222222@10.0.0.4:5060"], Transfers()[..3]);
        EndCall();
        // That it answers others meanwhile changes nothing.
        TargetRefuses(486);
        Call("pstn");
        Run(100);
        EndCall();
        Run(60_000);
        Assert.Equal(Next, Call("both")[0]);
        EndCall();
        Run(61_000);
        Assert.Equal(First, Call("both")[0]);
    }

    [Fact]
    public void A_server_that_failed_is_still_tried_when_it_is_the_only_one_and_whatever_it_answers_makes_it_the_first_again()
    {
        TargetRefuses(503);
        Call("both");
        Run(100);
        EndCall();
        TargetRefuses(486);
        Call("pstn");
        Run(100);
        Assert.Equal([First, "transfer_failed busy final"], Transfers());
        EndCall();
        Assert.Equal(First, Call("both")[0]);
    }

    [Fact]
    [Trait("RFC", "2782")]
    public void Calls_go_to_the_servers_of_a_domain_by_priority_and_by_weight()
    {
        Services["_sip._udp.carrier.example"] = [new SrvRecord(20, 0, 5060, "c.carrier.example"), new SrvRecord(10, 30, 5060, "b.carrier.example"), new SrvRecord(10, 70, 5060, "a.carrier.example")];
        Hosts["a.carrier.example"] = [IPAddress.Parse("10.0.0.3")];
        Hosts["b.carrier.example"] = [IPAddress.Parse("10.0.0.4")];
        Hosts["c.carrier.example"] = [IPAddress.Parse("10.0.0.9")];
        Trunk("sip:carrier.example");
        Assert.InRange(CountFirst(), 58, 82);
        Assert.DoesNotContain(Network.Log, s => s.To.Address.ToString() == "10.0.0.9");
    }

    [Fact]
    public void Calls_are_shared_among_the_places_of_an_endpoint_by_their_weights_and_the_next_priority_is_for_when_all_fail()
    {
        Trunk("sip:10.0.0.4:5060;priority=10;weight=30", "sip:10.0.0.9:5060;priority=20", "sip:10.0.0.3:5060;priority=10;weight=70");
        Assert.InRange(CountFirst(), 58, 82);
        Assert.DoesNotContain(Network.Log, s => s.To.Address.ToString() == "10.0.0.9");
        TargetRefuses(503);
        Second.OnCall = static (_, leg) => leg.Reject(503);
        Call("named");
        Run(100);
        Assert.Equal("transfer_started 3 invite sip:+12222222@10.0.0.9:5060", Transfers()[4]);
    }

    [Theory]
    [InlineData("sip:10.0.0.3;priority=1", "sip:10.0.0.4", 1, ";priority= on every entry")]
    [InlineData("sip:10.0.0.3;weight=many", "sip:10.0.0.4", 0, "numbers from 0 to 65535")]
    [InlineData("sip:10.0.0.3", "sip:10.0.0.4;priority=65536", 1, "numbers from 0 to 65535")]
    public void Shares_that_cannot_be_used_are_said_by_their_key(string first, string second, int at, string expected)
    {
        var e = Assert.Throws<TelephonyOptionsException>(() => new TrunkTable([new TrunkOptions { Name = "x", To = [first, second] }]));
        Assert.Equal($"Trunks:x:To:{at}", e.Key);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_domain_whose_servers_have_all_failed_is_tried_behind_the_endpoints_next_place()
    {
        Hosts["carrier.example"] = [IPAddress.Parse("10.0.0.3")];
        Trunk("sip:carrier.example", "sip:10.0.0.4:5060");
        TargetRefuses(503);
        Call("named");
        Run(100);
        EndCall();
        Assert.Equal(Next, Call("named")[0]);
    }

    [Fact]
    [Trait("RFC", "2308 §5")]
    public void A_domain_without_servers_is_unreachable_and_the_evidence_says_what_the_name_servers_said()
    {
        Trunk("sip:nowhere.example");
        Call("named");
        var failed = Single<TransferFailed>();
        Assert.Equal(TransferOutcome.Unreachable, failed.Outcome);
        Assert.StartsWith("host not found: nowhere.example: NAPTR: no such name, SRV of _sip._udp.nowhere.example: no such name, ", failed.Evidence.ReasonPhrase, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("RFC", "3261 §18.4")]
    public void An_ICMP_error_before_anything_was_heard_goes_on_to_the_next_server_at_once()
    {
        Network.Lose = sent => sent.To.Equals(Target.Host.EndPoint);
        Call("both");
        Run(10);
        Shard.Agent.Unreachable([Target.Host.EndPoint]);
        Run(100);
        Assert.Equal([First, "transfer_failed unreachable", "transfer_started 2 invite sip:+12222222@10.0.0.4:5060"], Transfers()[..3]);
        Assert.Equal("transport error: udp:10.0.0.3:5060 is unreachable (ICMP)", Single<TransferFailed>().Evidence.ReasonPhrase);
    }

    [Fact]
    [Trait("RFC", "3261 §18.4")]
    public void An_ICMP_error_after_a_provisional_response_or_within_a_dialog_changes_nothing()
    {
        Call("both");
        Run(100);
        Shard.Agent.Unreachable([Target.Host.EndPoint]);
        Run(100);
        Assert.Single(Transfers());
        ((IncomingLeg)Target.Leg!).Answer(Target.Session());
        Run(100);
        Network.Lose = sent => sent.To.Equals(Target.Host.EndPoint);
        Caller.Leg!.Bye();
        Run(10);
        Shard.Agent.Unreachable([Target.Host.EndPoint]);
        Network.Lose = null;
        // The BYE is repeated.
        Run(1_000);
        Assert.Equal("bye", Target.Log[^1]);
    }

    private void Trunk(params string[] to) => Options = Options with { Trunks = [Options.Trunks[0], Options.Trunks[1], new TrunkOptions { Name = "named", To = to }] };

    /// <summary>Of 100 calls, those that the first server gets.</summary>
    private int CountFirst()
    {
        for (int i = 0; i < 100; i++)
        {
            TargetRefuses(486);
            Second.OnCall = static (_, leg) => leg.Reject(486);
            Call("named");
            Run(50);
            EndCall();
        }
        int[] counts = [.. s_both.Select(a => Network.Log.Count(s => s.To.Address.ToString() == a && s.Kind == "INVITE"))];
        Assert.Equal(100, counts.Sum());
        return counts[0];
    }

    private List<string> Call(string endpoint)
    {
        _before = Journal.Events.Count;
        CallIn();
        Decide(Invite(endpoint: endpoint));
        Run(20);
        return Transfers();
    }

    private List<string> Transfers() => [.. Story().Skip(_before).Where(l => l.StartsWith("transfer_started", StringComparison.Ordinal) || l.StartsWith("transfer_failed", StringComparison.Ordinal))];

    private void EndCall()
    {
        Shard.EndAll();
        Run(500);
    }
}
