using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Benchmarks.Micro;

/// <summary>Events of calls, cut into batches, as a recorder gets them: a first event of about 1.2 kB, the others of about 0.3 to 0.5 kB.</summary>
internal static class AppendWorkload
{
    private const int EventsPerCall = 6;

    private static readonly DateTimeOffset s_start = new(2025, 3, 1, 8, 0, 0, TimeSpan.Zero);

    /// <summary>Batches of the size given.</summary>
    /// <param name="shape"><c>whole</c>: calls of 6 events, each whole in its batch; <c>spread</c>: the same calls, the events of each one in six
    /// batches; <c>single</c>: calls of one event.</param>
    /// <param name="events">How many events in all.</param>
    /// <param name="batch">How many in a batch.</param>
    /// <param name="seed">Another seed makes other calls.</param>
    public static List<List<EventToAppend>> Make(string shape, int events, int batch, int seed)
    {
        var random = new Random(seed);
        var clock = s_start.AddDays(seed);
        var batches = new List<List<EventToAppend>>();
        for (int made = 0; made < events;)
        {
            if (shape == "spread")
            {
                var calls = Enumerable.Range(0, batch).Select(_ => Call(random, ref clock, EventsPerCall)).ToList();
                for (int i = 0; i < EventsPerCall; i++)
                    batches.Add(calls.ConvertAll(call => call[i]));
                made += batch * EventsPerCall;
            }
            else
            {
                int perCall = shape == "single" ? 1 : EventsPerCall;
                batches.Add([.. Enumerable.Range(0, batch / perCall).SelectMany(_ => Call(random, ref clock, perCall))]);
                made += batches[^1].Count;
            }
        }

        return batches;
    }

    private static List<EventToAppend> Call(Random random, ref DateTimeOffset clock, int count)
    {
        // Calls come in the order of time: what is sorted by it grows at its end.
        var at = clock = clock.AddMilliseconds(1);
        var call = Guid.CreateVersion7(at);
        var started = Started(random, call, at);
        var events = new List<EventToAppend> { EventToAppend.Of(started) };
        CallEvent last = started;
        var handoff = Guid.CreateVersion7(at);
        for (int i = 1; i < count; i++)
            events.Add(EventToAppend.Of(last = Next(last, i, handoff)));
        return events;
    }

    private static CallEvent Next(CallEvent cause, int index, Guid handoff)
    {
        var id = Guid.CreateVersion7(cause.OccurredAt);
        var (call, causation, at) = (cause.CallId, cause.EventId, cause.OccurredAt.AddMilliseconds(20));
        return index switch
        {
            1 => new FlowSelected
            {
                EventId = id,
                CallId = call,
                CausationId = causation,
                OccurredAt = at,
                Flow = "support",
                LogicVersion = "sha256:" + new string('a', 64),
                State = new Dictionary<string, JsonElement> { ["branch"] = JsonSerializer.SerializeToElement("North Branch") },
                DecisionMicroseconds = 40,
                DecidedBy = "SupportLine.Start",
            },
            2 => new HandoffRequested
            {
                EventId = id,
                CallId = call,
                CausationId = causation,
                OccurredAt = at,
                Node = "edge-1",
                HandoffId = handoff,
                RequestedBy = Requester.Router,
                Steps = [new Handoff { Method = HandoffMethod.Refer, ReferTo = "sip:support@example.com" }],
            },
            3 => new TransferStarted
            {
                EventId = id,
                CallId = call,
                CausationId = causation,
                OccurredAt = at,
                HandoffId = handoff,
                Attempt = 1,
                Method = HandoffMethod.Refer,
                Target = "sip:support@example.com",
            },
            4 => new TransferCompleted
            {
                EventId = id,
                CallId = call,
                CausationId = causation,
                OccurredAt = at,
                HandoffId = handoff,
                Attempt = 1,
                Method = HandoffMethod.Refer,
                Outcome = TransferOutcome.Answered,
                Evidence = new SipEvidence { Source = "notify", Status = 200, ReasonPhrase = "OK", SubscriptionState = "terminated;reason=noresource" },
            },
            _ => new CallEnded
            {
                EventId = id,
                CallId = call,
                CausationId = causation,
                OccurredAt = at,
                EndedBy = CallParty.System,
                Cause = CallEndCause.Transferred,
                DurationMs = 120,
                AnsweredMs = 80,
            },
        };
    }

    private static CallStarted Started(Random random, Guid call, DateTimeOffset at)
    {
        var caller = $"+1555{random.Next(10_000_000):0000000}";
        return new CallStarted
        {
            EventId = Guid.CreateVersion7(at),
            CallId = call,
            CausationId = Guid.Empty,
            OccurredAt = at,
            Node = "edge-1",
            Trunk = "carrier",
            Transport = "udp",
            RemoteEndPoint = "192.0.2.10:5060",
            SipCallId = $"{random.NextInt64():x}@192.0.2.10",
            RequestUri = "sip:+15557654321@198.51.100.7:5060",
            CallerNumber = caller,
            CalleeNumber = "+15557654321",
            Headers =
            [
                new SipHeader("Via", $"SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK{random.NextInt64():x};rport"),
                new SipHeader("Max-Forwards", "69"),
                new SipHeader("From", $"\"Caller\" <sip:{caller}@192.0.2.10>;tag={random.Next():x}"),
                new SipHeader("To", "<sip:+15557654321@198.51.100.7>"),
                new SipHeader("Call-ID", $"{random.NextInt64():x}@192.0.2.10"),
                new SipHeader("CSeq", "1 INVITE"),
                new SipHeader("Contact", "<sip:192.0.2.10:5060;transport=udp>"),
                new SipHeader("P-Asserted-Identity", $"<sip:{caller}@carrier.example>"),
                new SipHeader("Content-Type", "application/sdp"),
            ],
            OfferedMedia = "v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n",
        };
    }
}
