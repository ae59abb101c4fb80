using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Calls;
using EventCalls.Telephony.Configuration;
using EventCalls.Testing.Logging;
using EventCalls.Testing.Sip;

namespace EventCalls.Telephony.Tests.Ingress;

public sealed class AdmissionTests : EdgeTest
{
    private Sent Refusal(string status)
    {
        var sent = Network.Log.Last(s => s.Kind == status && s.From.Equals(NodeHost.EndPoint));
        Assert.Empty(Journal.Events);
        Assert.Equal(0, Shard.Calls.Count);
        return sent;
    }

    [Fact]
    public void A_stranger_is_refused_with_403()
    {
        _ = Shard;
        Second.Call(NodeHost, Second.Session());
        Run(50);
        Refusal("403");
    }

    [Fact]
    public void Who_was_refused_and_what_to_configure_is_said_once_a_minute()
    {
        var log = new RecordingLogger();
        Logger = log;
        _ = Shard;
        for (int i = 0; i < 20; i++)
        {
            Second.Call(NodeHost, Second.Session());
            Run(100);
        }
        // Second is an outbound endpoint: it may answer what it is asked, and not call.
        Assert.Equal(
            ["INVITE over udp from 10.0.0.4 is refused: no trunk calls from there; if one does, add the address to Trunks:NAME:From"], log.Warnings);
    }

    [Fact]
    public void A_bridged_call_is_ended_by_its_sides_or_another_address_of_a_trunk_only()
    {
        var stranger = Network.AddHost("10.0.0.66:5060");
        Bridge();
        var invite = Network.Log.Last(s => s.Kind == "INVITE");
        var answer = Network.Log.Last(s => s.Kind == "200" && s.CSeqMethod == "INVITE" && s.From.Equals(Target.Host.EndPoint));
        void Bye(VirtualHost from) => from.Send(NodeHost, $"""
            BYE sip:10.0.0.1 SIP/2.0
            Via: SIP/2.0/UDP {from.EndPoint};branch=z9hG4bKforged{from.EndPoint.Port}
            From: {answer.Header("To")}
            To: {invite.Header("From")}
            Call-ID: {invite.Header("Call-ID")}
            CSeq: 77 BYE
            """);
        Bye(stranger);
        Run(100);
        Assert.Equal("481", stranger.Received.Single().Kind);
        Assert.Equal(1, Shard.Calls.Count);
        // The endpoint "second" has that address.
        var other = Network.AddHost("10.0.0.4:5099");
        Bye(other);
        Run(100);
        Assert.Equal("200", other.Received.Single().Kind);
        AssertOver();
    }

    [Fact]
    public void A_node_that_drains_refuses_with_503_and_Retry_After_and_keeps_its_calls()
    {
        Bridge();
        Shard.IsDraining = true;
        int before = Journal.Events.Count;
        Caller.Call(NodeHost, Caller.Session());
        Run(50);
        var refusal = Network.Log.Last(s => s.Kind == "503");
        Assert.Equal("5", refusal.Header("Retry-After"));
        Assert.Equal(before, Journal.Events.Count);
        Assert.Equal(1, Shard.Calls.Count);
    }

    [Fact]
    public void A_backlog_of_the_journal_refuses_new_calls()
    {
        Options = Options with { MaxBacklog = 10 };
        Journal.Backlog = 10;
        CallIn();
        Assert.Equal("5", Refusal("503").Header("Retry-After"));
        Journal.Backlog = 9;
        CallIn();
        Assert.Equal(["call_started"], Story());
    }

    [Fact]
    public void A_journal_that_is_full_refuses_new_calls_until_it_has_room()
    {
        Journal.IsFull = true;
        CallIn();
        Assert.Equal("5", Refusal("503").Header("Retry-After"));
        Journal.IsFull = false;
        CallIn();
        Assert.Equal(["call_started"], Story());
    }

    [Fact]
    public void Calls_that_would_be_decided_too_late_are_refused_at_once_until_recording_is_quick_again()
    {
        Options = Options with { DeadlineMs = 2000 };
        Journal.ConfirmsAtOnce = false;
        for (int i = 0; i < 3; i++)
            CallIn();
        Run(1600);
        // Everything that is confirmed in this tenth of a second has waited for longer than three quarters of the deadline.
        Journal.Confirm(2);
        CallIn();
        Assert.Equal("5", Network.Log.Last(s => s.Kind == "503").Header("Retry-After"));
        Assert.Equal(3, Journal.Events.OfType<CallStarted>().Count());

        Run(250);
        CallIn();
        Assert.Equal(4, Journal.Events.OfType<CallStarted>().Count());
    }

    [Fact]
    public void One_call_that_was_recorded_late_among_others_that_were_not_refuses_nobody()
    {
        Options = Options with { DeadlineMs = 2000 };
        Journal.ConfirmsAtOnce = false;
        CallIn();
        Run(1600);
        CallIn();
        Journal.Confirm();

        CallIn();

        Assert.Equal(3, Journal.Events.OfType<CallStarted>().Count());
    }

    [Fact]
    public void More_open_calls_than_allowed_are_refused_until_one_ends()
    {
        Options = Options with { MaxCalls = 2 };
        var first = CallIn();
        CallIn();
        CallIn();
        Assert.Equal("503", Caller.Log[^1]);
        first.Cancel();
        Run(50);
        CallIn();
        Assert.Equal(3, Journal.Events.OfType<CallStarted>().Count());
    }

    [Fact]
    [Trait("RFC", "3261 §16.3")]
    public void A_call_that_went_too_far_is_refused_with_483()
    {
        _ = Shard;
        Caller.Call(NodeHost, Caller.Session(), maxForwards: 0);
        Run(50);
        Refusal("483");
    }

    [Fact]
    [Trait("RFC", "3261 §8.2.2.3")]
    public void An_extension_we_do_not_know_is_refused_with_420()
    {
        CallIn(headers: new HeaderLine("Require", "precondition"));
        Assert.Equal("precondition", Refusal("420").Header("Unsupported"));
    }

    [Fact]
    public void A_call_that_comes_back_to_us_ends_when_its_forwards_are_used_up()
    {
        Options = Options with
        {
            Trunks =
            [
                .. Options.Trunks,
                new TrunkOptions { Name = "ourselves", From = ["10.0.0.1"], To = ["sip:10.0.0.1:5060"] },
            ],
            DefaultSteps = [Invite(endpoint: "ourselves")],
            DeadlineMs = 1,
        };
        _ = Shard;
        Caller.Call(NodeHost, Caller.Session(), maxForwards: 5);
        Run(5_000);
        Assert.Equal(5, Journal.Events.OfType<CallStarted>().Count());
        Assert.Contains(Network.Log, s => s.Kind == "483");
        AssertOver();
    }

    [Fact]
    public void The_first_event_says_where_the_call_came_from_and_all_it_carried()
    {
        CallIn(headers: [new("X-Branch", "north"), new("X-Branch", "south")]);
        var started = Started;
        Assert.Equal("edge-1", started.Node);
        Assert.Equal("carrier", started.Trunk);
        Assert.Equal("udp", started.Transport);
        Assert.Equal("10.0.0.2:5060", started.RemoteEndPoint);
        Assert.Equal(Caller.Leg!.CallId, started.SipCallId);
        Assert.Equal("sip:+15557654321@10.0.0.1:5060", started.RequestUri);
        Assert.Equal("+15551234567", started.CallerNumber);
        Assert.Equal("+15557654321", started.CalleeNumber);
        Assert.Equal(["north", "south"], started.Headers.Where(h => h.Name == "X-Branch").Select(h => h.Value));
        Assert.StartsWith("v=0\r\no=caller", started.OfferedMedia, StringComparison.Ordinal);
        Assert.Equal(Time.GetUtcNow().AddMilliseconds(-15), started.OccurredAt);
        Assert.Equal(7, started.CallId.Version);
        Assert.Equal(0, CallIds.ShardOf(started.CallId));
    }

    [Fact]
    public void A_retransmitted_INVITE_is_one_call()
    {
        Network.Duplicate = sent => sent.Kind == "INVITE";
        CallIn();
        Run(500);
        Assert.Single(Journal.Events.OfType<CallStarted>());
    }
}
