using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;
using EventCalls.Store;
using EventCalls.Testing.Calls;

namespace EventCalls.Benchmarks.Replay;

/// <summary>Past calls of six events each, decided by the sample logic, in the order they came.</summary>
internal sealed class ReplayCalls(CompiledLogic logic)
{
    public const string Sample = """
        public sealed class SupportLine : RoutingLogic
        {
            public override Decision Start(Conversation conv)
            {
                conv.State["caller_id"] = conv.SipHeaders["From"] ?? "Unknown";
                conv.State["branch"] = conv.CalleeNumber == "+15557654321" ? "North Branch" : "South Branch";
                return conv.CallerNumber.EndsWith("7") ? conv.GotoFlow("vip_support") : conv.GotoFlow("general_support");
            }

            [Flow("vip_support")]
            public Decision VipSupport(Conversation conv) =>
                Handoff.Invite("+12222222", outboundEndpoint: "pstn", outboundCallerId: conv.CallerNumber)
                    .WithHeader("X-Customer-ID", conv.State["customer_id"])
                    .OrElse(Handoff.Refer("sip:support@example.com"));

            [Flow("general_support")]
            public Decision GeneralSupport(Conversation conv) => Handoff.Refer("sip:support@example.com");
        }
        """;

    private static readonly DateTimeOffset s_begin = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);
    private readonly Random _random = new(7);
    private long _made;

    /// <summary>The next call's events.</summary>
    public List<CallEvent> Next()
    {
        // So many a second that a million calls are a month of them.
        var at = s_begin.AddMilliseconds(2_400 * _made++);
        var started = Started(at);
        var result = Decider.Decide(logic, DecisionRequest.For(started), new DecideOptions());
        if (result.Failure is { } failure)
            throw new InvalidOperationException(failure.Message);
        var selected = (Draft.Selected(result.Flow) with
        {
            State = result.State,
            LogicVersion = result.LogicVersion,
            DecidedBy = result.DecidedBy,
            Inputs = result.Inputs,
        }).After(started, Guid.CreateVersion7(at), 2);
        var requested = Draft.Requested(Guid.CreateVersion7(at), Requester.Router, result.Steps).After(selected, Guid.CreateVersion7(at));
        var transfer = Draft.Attempt(requested.HandoffId, 1, result.Steps[0].Method, "sip:support@example.com").After(requested, Guid.CreateVersion7(at), 2);
        var evidence = new SipEvidence { Source = "notify", Status = 200, ReasonPhrase = "OK", SubscriptionState = "terminated;reason=noresource" };
        var completed = Draft.Completed(requested.HandoffId, 1, transfer.Method, evidence).After(transfer, Guid.CreateVersion7(at), 4_000);
        var ended = Draft.Ended(CallParty.System, CallEndCause.Transferred, 90_000, 86_000).After(completed, Guid.CreateVersion7(at), 86_000);
        return [started, selected, requested, transfer, completed, ended];
    }

    /// <summary>The call as the store gives it for a replay.</summary>
    public static CallHistory History(List<CallEvent> events)
    {
        CallRow? row = null;
        var stored = new List<StoredEvent>(events.Count);
        foreach (var e in events)
        {
            row = CallProjection.Apply(row, e, stored.Count + 1);
            if (e is CallEnded)
                break;
            var data = EventToAppend.Of(e);
            stored.Add(new StoredEvent { Position = 0, CallId = e.CallId, Version = stored.Count + 1, EventId = e.EventId, Type = data.Type, Data = data.Data });
        }
        return new CallHistory(row!, stored);
    }

    private CallStarted Started(DateTimeOffset at)
    {
        string caller = string.Create(CultureInfo.InvariantCulture, $"+1555{_random.Next(10_000_000):0000000}");
        string callee = _random.Next(4) == 0 ? "+15557654321" : "+15551112222";
        return Draft.Started(Guid.CreateVersion7(at), Guid.CreateVersion7(at), at, caller, callee) with
        {
            RemoteEndPoint = "192.0.2.10:5060",
            SipCallId = $"{_random.NextInt64():x}@192.0.2.10",
            RequestUri = $"sip:{callee}@198.51.100.7:5060",
            // Written out and not taken from the tests' sample, so that figures of two builds are for the same calls.
            Headers =
            [
                new SipHeader("Via", $"SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK{_random.NextInt64():x};rport"),
                new SipHeader("Max-Forwards", "69"),
                new SipHeader("From", $"\"Caller\" <sip:{caller}@192.0.2.10>;tag={_random.Next():x}"),
                new SipHeader("To", $"<sip:{callee}@198.51.100.7>"),
                new SipHeader("Call-ID", $"{_random.NextInt64():x}@192.0.2.10"),
                new SipHeader("CSeq", "1 INVITE"),
                new SipHeader("Contact", "<sip:192.0.2.10:5060;transport=udp>"),
                new SipHeader("P-Asserted-Identity", $"<sip:{caller}@carrier.example>"),
                new SipHeader("Content-Type", "application/sdp"),
            ],
            OfferedMedia = "v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n",
        };
    }
}
