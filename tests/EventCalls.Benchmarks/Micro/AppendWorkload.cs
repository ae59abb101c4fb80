using EventCalls.Contracts;
using EventCalls.Store;
using EventCalls.Testing.Calls;

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
        var evidence = new SipEvidence { Source = "notify", Status = 200, ReasonPhrase = "OK", SubscriptionState = "terminated;reason=noresource" };
        CallEvent draft = index switch
        {
            1 => Draft.Selected(),
            2 => Draft.Requested(handoff, Requester.Router, new Handoff { Method = HandoffMethod.Refer, ReferTo = "sip:support@example.com" }),
            3 => Draft.Attempt(handoff, 1, HandoffMethod.Refer, "sip:support@example.com"),
            4 => Draft.Completed(handoff, 1, HandoffMethod.Refer, evidence),
            _ => Draft.Ended(CallParty.System, CallEndCause.Transferred, 120, 80),
        };
        return draft.After(cause, Guid.CreateVersion7(cause.OccurredAt), 20);
    }

    private static CallStarted Started(Random random, Guid call, DateTimeOffset at)
    {
        var caller = $"+1555{random.Next(10_000_000):0000000}";
        return Draft.Started(Guid.CreateVersion7(at), call, at, caller) with
        {
            SipCallId = $"{random.NextInt64():x}@192.0.2.10",
            Headers = Draft.Headers(caller, distinct: $"{random.NextInt64():x}"),
            OfferedMedia = Draft.Offer,
        };
    }
}
