using System.Net;
using EventCalls.Contracts;
using EventCalls.Media.Rtpengine;
using EventCalls.Media.Sessions;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Resolving;
using EventCalls.Sip.Transport;
using EventCalls.Telephony.Calls;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Ingress;
using EventCalls.Telephony.Transfers;
using EventCalls.Telephony.Trunks;
using EventCalls.Testing.Sip;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Telephony.Tests;

/// <summary>A node between a calling trunk and two targets, on a network in virtual time.</summary>
public abstract class EdgeTest
{
    private readonly HashSet<Guid> _handed = [];

    private protected EdgeTest(string node = "10.0.0.1:5060")
    {
        Time = new VirtualTime(Network);
        NodeHost = Network.AddHost(node);
        Caller = new Phone(Network, "10.0.0.2:5060", "caller");
        Target = new Phone(Network, "10.0.0.3:5060", "target");
        Second = new Phone(Network, "10.0.0.4:5060", "second");
        Network.Turn = Inbox.Run;
    }

    private protected VirtualNetwork Network { get; } = new();

    private protected VirtualInbox Inbox { get; } = new();

    private protected VirtualTime Time { get; }

    private protected FakeJournal Journal { get; } = new();

    private protected FakeMessages Messages { get; } = new();

    private protected VirtualHost NodeHost { get; }

    private protected Phone Caller { get; }

    private protected Phone Target { get; }

    private protected Phone Second { get; }

    /// <summary>Addresses of host names.</summary>
    private protected Dictionary<string, IPAddress[]> Hosts { get; } = [];

    /// <summary>What finds servers; known when there is a shard.</summary>
    private protected ServerFinder? Finder { get; private set; }

    /// <summary>Servers of services.</summary>
    private protected Dictionary<string, SrvRecord[]> Services { get; } = [];

    private protected TelephonyOptions Options { get; set; } = new()
    {
        Node = "edge-1",
        Listen = ["udp:10.0.0.1:5060"],
        Trunks =
        [
            new TrunkOptions { Name = "carrier", From = ["10.0.0.2"] },
            new TrunkOptions { Name = "pstn", To = ["sip:10.0.0.3:5060"] },
            new TrunkOptions { Name = "second", To = ["sip:10.0.0.4:5060"] },
            new TrunkOptions { Name = "both", To = ["sip:10.0.0.3:5060", "sip:10.0.0.4:5060"] },
        ],
    };

    /// <summary>After how many quiet milliseconds a leg is asked whether it is still there; 0: never.</summary>
    private protected int Pings { get; set; }

    /// <summary>What moves media; null where none goes through the node.</summary>
    private protected MediaRelay? Relay { get; set; }

    /// <summary>The engines that media may go through instead; null for none.</summary>
    private protected Rtpengines? Engines { get; set; }

    /// <summary>What writes recordings; null for none.</summary>
    private protected MediaRecorder? Recorder { get; set; }

    /// <summary>What both hear when their recording begins; null for nothing.</summary>
    private protected Sound? Announcement { get; set; }

    private protected ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>The shard; of several the first.</summary>
    private protected CallShard Shard => Shards[0];

    /// <summary>How many shards the node has.</summary>
    private protected int ShardCount { get; init; } = 1;

    /// <summary>The shards, by their numbers.</summary>
    private protected IReadOnlyList<CallShard> Shards
    {
        get
        {
            if (field is null)
            {
                Finder = new ServerFinder(question => Task.FromResult(Answer(question)), LocalTransports.All, Time, Logger);
                var shards = new List<CallShard>();
                for (int i = 0; i < ShardCount; i++)
                    shards.Add(NewShard(i));
                foreach (var shard in shards)
                    shard.OfNode = shards;
                field = shards;
            }
            return field;
        }
    }

    private CallShard NewShard(int number)
    {
        var shard = new CallShard(Options, new TrunkTable(Options.Trunks), Journal, Messages, TransferMethods.Of, Time, Logger, number, callers: IdentitySetup.Of(Options, Time, Logger)) { Media = Relay, Recorder = Recorder, Announcement = Announcement, Engines = Engines };
        var host = number == 0 ? NodeHost : NodeHost.AddShard();
        host.Post = Inbox.Post;
        shard.Attach(host.Start(shard, new UserAgentOptions { Shard = number, PingAfterMs = Pings, Extensions = CallShard.Extensions }), host, Inbox.Post, Finder!);
        return shard;
    }

    private protected CallStarted Started => Journal.Events.OfType<CallStarted>().Last();

    private protected FlowSelected? Selected { get; private set; }

    /// <summary>A step to the target through the endpoint <c>pstn</c>.</summary>
    private protected static Handoff Invite(string number = "+12222222", string? endpoint = "pstn") =>
        new() { Method = HandoffMethod.Invite, PhoneNumber = number, OutboundEndpoint = endpoint };

    private protected static Handoff Refer(string target = "sip:support@example.com") => new() { Method = HandoffMethod.Refer, ReferTo = target };

    private protected static Handoff Reject(int status = 480) => new() { Method = HandoffMethod.Reject, Status = status };

    private protected void Run(long milliseconds) => Network.Run(milliseconds);

    /// <summary>Lets time pass until something that other threads have a part in has happened.</summary>
    private protected async Task RunUntilAsync(Func<bool> happened)
    {
        for (int i = 0; i < 5_000 && !happened(); i++)
        {
            await Task.Delay(1);
            Run(1);
        }
        Assert.True(happened());
    }

    /// <summary>The caller's INVITE arrives and is recorded.</summary>
    private protected OutgoingLeg CallIn(bool withOffer = true, params HeaderLine[] headers) => CallIn("+15557654321", withOffer ? Caller.Session() : null, headers);

    /// <summary>The caller's INVITE to a user part as written, with an offer of its own, arrives and is recorded.</summary>
    private protected OutgoingLeg CallIn(string dialled, Content? offer, params HeaderLine[] headers)
    {
        _ = Shard;
        var leg = Caller.Call(NodeHost, offer, dialled: dialled, headers: headers);
        Run(20);
        return leg;
    }

    /// <summary>The caller, who has heard ringing, asks something before its call is answered; what it is answered.</summary>
    private protected Sent AskEarly(string method, string? type, string body)
    {
        var ringing = Network.Log.Last(s => s.Kind == "180" && s.To.Equals(Caller.Host.EndPoint));
        Caller.Host.Send(NodeHost, $"""
            {method} sip:10.0.0.1:5060 SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKearly{Network.Log.Count}
            Max-Forwards: 70
            From: {ringing.Header("From")}
            To: {ringing.Header("To")}
            Call-ID: {ringing.Header("Call-ID")}
            CSeq: 2 {method}
            {(type is null ? "X-Type: none" : $"Content-Type: {type}")}

            {body}
            """);
        Run(50);
        return Network.Log.Last(s => s.From.Equals(NodeHost.EndPoint) && s.CSeqMethod == method);
    }

    /// <summary>The router's decision arrives.</summary>
    private protected HandoffRequested Decide(params Handoff[] steps) => Hand(Requester.Router, steps);

    /// <summary>The router's decision on something that came later than the call arrives.</summary>
    private protected HandoffRequested Decide(CallEvent cause, params Handoff[] steps) => Hand(Requester.Router, steps, cause);

    /// <summary>The router's word arrives that it could not decide about two who talk.</summary>
    private protected HandoffRequested DecideNothing(CallEvent cause) => Hand(Requester.Default, [], cause);

    /// <summary>Whether the logic wants to be asked about REFERs.</summary>
    private protected bool DecidesRefers { get; set; }

    /// <summary>A handoff arrives.</summary>
    private protected HandoffRequested Hand(Requester by, params Handoff[] steps) => Hand(by, steps, null);

    private HandoffRequested Hand(Requester by, Handoff[] steps, CallEvent? cause)
    {
        var started = Started;
        bool isDecided = by == Requester.Router || cause is not null;
        if (isDecided)
        {
            Selected = new FlowSelected
            {
                EventId = Guid.CreateVersion7(),
                CallId = started.CallId,
                CausationId = (cause ?? started).EventId,
                OccurredAt = Time.GetUtcNow(),
                DecidesRefers = DecidesRefers ? true : null,
                Flow = "support",
                State = new Dictionary<string, System.Text.Json.JsonElement>(),
                LogicVersion = "none",
                DecisionMicroseconds = 1,
                DecidedBy = "test",
            };
        }
        var handoff = new HandoffRequested
        {
            EventId = Guid.CreateVersion7(),
            CallId = started.CallId,
            CausationId = Selected?.EventId ?? started.EventId,
            OccurredAt = Time.GetUtcNow(),
            Node = "edge-1",
            HandoffId = Guid.CreateVersion7(),
            Steps = steps,
            RequestedBy = by,
            Selected = isDecided ? Selected : null,
        };
        _handed.Add(handoff.EventId);
        Shards[CallIds.ShardOf(handoff.CallId)].Take(handoff);
        Run(1);
        return handoff;
    }

    /// <summary>The target answers at once.</summary>
    private protected void TargetAnswers() => Target.OnCall = static (phone, leg) => leg.Answer(phone.Session());

    /// <summary>The target refuses at once.</summary>
    private protected void TargetRefuses(int status) => Target.OnCall = (_, leg) => leg.Reject(status);

    /// <summary>The caller is connected to the target.</summary>
    private protected void Bridge()
    {
        TargetAnswers();
        CallIn();
        Decide(Invite());
        Run(100);
        Assert.Equal("call_started, call_answered target, call_answered caller", StoryOf(typeof(CallStarted), typeof(CallAnswered)));
    }

    /// <summary>The call's events, one short line each.</summary>
    private protected List<string> Story() => [.. Journal.Events.Select(Line)];

    private protected T Single<T>()
        where T : CallEvent => Assert.Single(Journal.Events.OfType<T>());

    private protected T Last<T>()
        where T : CallEvent => Journal.Events.OfType<T>().Last();

    private protected string StoryOf(params Type[] types) => string.Join(", ", Journal.Events.Where(e => types.Contains(e.GetType())).Select(Line));

    /// <summary>What every call must leave behind: a stream in causal order that ends in one CallEnded, and nothing else.</summary>
    private protected void AssertOver()
    {
        foreach (var call in Journal.Events.GroupBy(e => e.CallId))
        {
            var events = call.ToList();
            Assert.IsType<CallStarted>(events[0]);
            Assert.IsType<CallEnded>(events[^1]);
            Assert.Single(events.OfType<CallEnded>());
            Assert.Equal(events.Count, events.Select(e => e.EventId).Distinct().Count());
            var known = new HashSet<Guid> { Guid.Empty };
            foreach (var e in events)
            {
                // A handoff of the router's is recorded by the router.
                Assert.True(known.Contains(e.CausationId) || _handed.Contains(e.CausationId), $"{Line(e)} has a cause that is not in the stream before it");
                known.Add(e.EventId);
            }
            var started = events.OfType<TransferStarted>().Select(e => e.EventId).ToList();
            var finished = events.Where(e => e is TransferCompleted or TransferFailed).Select(e => e.CausationId).Where(started.Contains).ToList();
            Assert.Equal(started.Order(), finished.Order());
        }
        Assert.All(Shards, static s => Assert.Equal(0, s.Calls.Count));
        Run(200_000);
        Assert.All(Shards, static s =>
        {
            Assert.Equal(0, s.Agent.OpenLegs);
            Assert.Equal(0, s.Agent.OpenTransactions);
            Assert.Equal(0, s.Agent.FinishedTransactions);
            Assert.Equal(0, s.Agent.Wheel.Count);
        });
    }

    private DnsAnswer Answer(DnsQuestion question) => question.Kind switch
    {
        DnsKind.A when Hosts.TryGetValue(question.Name, out var found) => new DnsAnswer { Status = DnsStatus.Found, Addresses = found },
        DnsKind.Srv when Services.TryGetValue(question.Name, out var found) => new DnsAnswer { Status = DnsStatus.Found, Servers = found },
        _ => DnsAnswer.None("no such name"),
    };

    private static string Line(CallEvent e) => e switch
    {
        CallAnswered answered => $"call_answered {answered.Leg}",
        ReferReceived refer => $"refer_received {refer.Leg} {refer.Status}",
        HandoffRequested requested => $"handoff_requested {WireName.Of(requested.RequestedBy)}",
        TransferStarted started => $"transfer_started {started.Attempt} {Snake(started.Method)} {started.Target}".TrimEnd(),
        TransferProgressed progressed => $"transfer_progressed {progressed.Source} {progressed.Status}".TrimEnd(),
        TransferCompleted completed => $"transfer_completed {Snake(completed.Outcome)}",
        TransferFailed failed => $"transfer_failed {Snake(failed.Outcome)}{(failed.Final ? " final" : "")}",
        CallEnded ended => $"call_ended {Snake(ended.EndedBy)} {Snake(ended.Cause)}{(ended.Status is { } status ? $" {status}" : "")}",
        _ => CallEventNames.Of(e),
    };

    private static string Snake<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonSerializer.Serialize(value).Trim('"');
}
