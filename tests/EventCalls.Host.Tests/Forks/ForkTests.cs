using EventCalls.Contracts;
using EventCalls.Routing.Lookups;
using EventCalls.Simulation.Forks;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Host.Tests.Forks;

/// <summary>Real recorded calls, played on by the real call state machine.</summary>
// Here and not with the tests of the room that forks: what is shown is that a call which the whole program recorded, over sockets and by the settings it was started with, plays in virtual time as it went. The demo
// plays such calls, and no other room may know it. What forks do by themselves is in tests/EventCalls.Simulation.Tests/Forks.
public class ForkTests(DemoStore demo) : IClassFixture<DemoStore>
{
    [Fact]
    public async Task Played_on_with_nothing_otherwise_every_call_goes_as_it_went_from_each_of_its_events_on()
    {
        await using var router = await RouterAsync();
        var otherwise = new List<string>();
        foreach (var call in demo.Calls)
        {
            for (int at = 1; at < call.Events.Count; at++)
            {
                var result = await Fork.PlayAsync(call, at, null, demo.Settings.Fork, router, default);
                if (result.Mismatch is not null || !result.IsSame || result.Unknown.Count > 0)
                    otherwise.Add($"{call.Events.OfType<FlowSelected>().First().Flow} at {at}: {result.Mismatch}\n  {string.Join("\n  ", call.Events.Select(EventSignature.Of))}\nplayed\n  {string.Join("\n  ", result.Events.Select(EventSignature.Of))}");
            }
        }
        Assert.True(otherwise.Count == 0, string.Join("\n", otherwise.Take(3)) + $"\n{otherwise.Count} forks");
    }

    [Fact]
    public async Task A_stream_whose_batches_overtook_each_other_plays_as_it_happened()
    {
        await using var router = await RouterAsync();
        int forks = 0;
        foreach (var call in demo.Calls)
        {
            int progressed = call.Events.ToList().FindLastIndex(e => e is TransferProgressed);
            if (progressed < 0 || call.Events[progressed + 1] is not (TransferCompleted or TransferFailed))
                continue;
            var overtaken = call.Events.ToList();
            (overtaken[progressed], overtaken[progressed + 1]) = (overtaken[progressed + 1], overtaken[progressed]);
            var recording = Recording.Of(overtaken);
            Assert.Equal(call.Events.Select(e => e.EventId), recording.Events.Select(e => e.EventId));
            Assert.Equal(progressed + 2, recording.NumberOf(overtaken[progressed].EventId));
            var result = await Fork.PlayAsync(recording, progressed + 2, null, demo.Settings.Fork, router, default);
            Assert.Null(result.Mismatch);
            Assert.True(result.IsSame);
            forks++;
        }
        Assert.True(forks > 3, $"{forks} forks");
    }

    [Theory]
    [InlineData("486")]
    [InlineData("ring")]
    [InlineData("silence")]
    [InlineData("no-notify")]
    [InlineData("hangup")]
    [InlineData("target-hangup")]
    [InlineData("no-decision")]
    public async Task What_a_fork_comes_to_is_a_stream_that_can_be_forked_itself(string what)
    {
        await using var router = await RouterAsync();
        Assert.True(Injection.TryParse(what, out var injection));
        var otherwise = new List<string>();
        int forks = 0;
        foreach (var call in demo.Calls)
        {
            for (int at = 1; at < call.Events.Count; at += 2)
            {
                var result = await Fork.PlayAsync(call, at, injection, demo.Settings.Fork, router, default);
                Assert.Null(result.Mismatch);
                AssertWhole(result.Events);
                var again = Recording.Of(result.Events);
                // A caller who gave up before anything was decided left nothing that could be the same.
                if (!again.Events.Any(e => e is FlowSelected or RoutingTimedOut))
                    continue;
                for (int n = 1; n < again.Events.Count; n += 3)
                {
                    forks++;
                    // Only a decision can come out anew where there was none.
                    int from = what == "no-decision" ? Math.Max(n, again.Events.ToList().FindIndex(e => e is RoutingTimedOut) + 1) : n;
                    var repeated = await Fork.PlayAsync(again, from, null, demo.Settings.Fork, router, default);
                    if (repeated.Mismatch is not null || !repeated.IsSame)
                        otherwise.Add($"{call.Events.OfType<FlowSelected>().First().Flow} {what} at {at}, again at {from}: {repeated.Mismatch}\n  {string.Join("\n  ", again.Events.Select(EventSignature.Of))}\nplayed\n  {string.Join("\n  ", repeated.Events.Select(EventSignature.Of))}");
                }
            }
        }
        Assert.True(forks > 100);
        Assert.True(otherwise.Count == 0, string.Join("\n", otherwise.Take(2)) + $"\n{otherwise.Count} of {forks} forks");
    }

    [Fact]
    public async Task What_a_trunk_asks_of_its_callers_today_is_not_asked_of_one_that_was_taken()
    {
        await using var router = await RouterAsync();
        var call = demo.CallOf("support", 1);
        var asking = new TrunkOptions
        {
            Name = call.Started.Trunk,
            From = ["192.0.2.0/24"],
            To = ["sip:192.0.2.77:5060"],
            Digest = new DigestOptions { Realm = "example.com", Users = new Dictionary<string, string> { ["pbx"] = "a long password" } },
            TokenHeader = "X-Trunk-Token",
            Token = "a long token",
            RequiresIdentity = true,
        };
        var telephony = demo.Settings.Fork.Telephony;
        var settings = demo.Settings.Fork with { Telephony = telephony with { Trunks = [asking, .. telephony.Trunks.Where(t => t.Name != asking.Name)] } };
        var recorded = Recording.Of([call.Started with { Identity = [new IdentityCheck { Kind = "shaken", Verdict = IdentityVerdict.Invalid, Problem = IdentityProblem.Stale }] }, .. call.Events.Skip(1)]);

        var result = await Fork.PlayAsync(recorded, 1, null, settings, router, default);

        Assert.Null(result.Mismatch);
        Assert.Equal(CourseOf(call.Events), CourseOf(result.Events));
        Assert.Equal("shaken invalid (stale)", string.Join(", ", ((CallStarted)result.Events[0]).Identity!));
    }

    [Theory]
    [InlineData("tcp", "192.0.2.33:5070", true)]
    [InlineData("udp", "[2001:db8::9]:5060", true)]
    [InlineData("udp", "192.0.2.33:5070", false)]
    [InlineData("udp", "not an end point", true)]
    public async Task A_call_over_any_transport_with_or_without_an_offer_can_be_played(string transport, string from, bool hasOffer)
    {
        await using var router = await RouterAsync();
        foreach (var call in (Recording[])[demo.CallOf("support", 1), demo.CallOf("claims", 2), demo.CallOf("billing", 1), demo.CallOf("blocked", 1)])
        {
            var started = call.Started with { Transport = transport, RemoteEndPoint = from, OfferedMedia = hasOffer ? call.Started.OfferedMedia : null };
            var changed = Recording.Of([started, .. call.Events.Skip(1)]);

            var result = await Fork.PlayAsync(changed, 1, null, demo.Settings.Fork, router, default);

            Assert.Equal(CourseOf(call.Events), CourseOf(result.Events));
        }
    }

    [Theory]
    [InlineData("claims", 2, typeof(TransferStarted), "no-notify", "refer no_notify, invite answered: caller hung_up")]
    [InlineData("claims", 2, typeof(TransferStarted), "603", "refer declined, invite answered: caller hung_up")]
    [InlineData("claims", 2, typeof(TransferStarted), "answer", "refer answered: caller transferred")]
    [InlineData("claims", 2, typeof(TransferStarted), "silence", "refer timed_out, invite answered: caller hung_up")]
    [InlineData("claims", 2, typeof(TransferStarted), "hangup", "refer caller_hung_up: caller hung_up")]
    [InlineData("support", 1, typeof(CallStarted), "486", "invite busy, invite answered: caller hung_up")]
    [InlineData("support", 1, typeof(TransferProgressed), "404", "invite not_found, reject accepted: system rejected 404")]
    [InlineData("support", 1, typeof(TransferProgressed), "ring", "invite no_answer, invite answered: caller hung_up")]
    [InlineData("support", 1, typeof(TransferStarted), "silence", "invite timed_out, reject accepted: system rejected 504")]
    [InlineData("support", 1, typeof(TransferProgressed), "hangup", "invite caller_hung_up: caller cancelled 487")]
    [InlineData("support", 1, typeof(TransferCompleted), "target-hangup", "invite answered: target hung_up")]
    [InlineData("support", 1, typeof(CallStarted), "no-decision", "reject accepted: system rejected 480")]
    [InlineData("billing", 1, typeof(TransferStarted), "405", "refer not_allowed, reject accepted: system rejected")]
    public async Task What_is_injected_happens_and_the_call_goes_on_from_there(string flow, int attempts, Type after, string what, string course)
    {
        await using var router = await RouterAsync();
        var call = demo.CallOf(flow, attempts);
        int at = call.Events.ToList().FindIndex(e => e.GetType() == after) + 1;
        Assert.True(Injection.TryParse(what, out var injection));

        var result = await Fork.PlayAsync(call, at, injection, demo.Settings.Fork, router, default);

        Assert.Null(result.Mismatch);
        Assert.True(result.IsInjected);
        Assert.Equal(call.Events.Take(at), result.Events.Take(at));
        Assert.Equal(course, CourseOf(result.Events));
        Assert.Equal(result.Events.OrderBy(e => e.OccurredAt).Select(e => e.OccurredAt), result.Events.Select(e => e.OccurredAt));
    }

    [Fact]
    public async Task What_was_recorded_of_a_target_holds_for_it_in_the_fork_too_and_what_was_not_is_said_to_be_assumed()
    {
        await using var router = await RouterAsync();
        var call = demo.Calls.First(c => c.Attempts.Count == 2 && c.Events.OfType<FlowSelected>().First().Flow == "account" && c.Events.OfType<FlowSelected>().Last().Flow == "voicemail");

        // The account manager does not answer instead of being busy; voicemail, which comes next again, hangs up as it did.
        var kept = await Fork.PlayAsync(call, 4, new Injection(InjectionKind.Ring), demo.Settings.Fork, router, default);
        Assert.Equal("invite no_answer, invite answered: target hung_up", CourseOf(kept.Events));
        Assert.Empty(kept.Unknown);

        // Sales, where a declined call goes, was not part of this call.
        var assumed = await Fork.PlayAsync(call, 4, new Injection(InjectionKind.Status, 603), demo.Settings.Fork, router, default);
        Assert.Equal("invite declined, invite answered: caller hung_up", CourseOf(assumed.Events));
        Assert.Contains("4200", Assert.Single(assumed.Unknown).Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_of_minutes_takes_its_time_in_the_call_and_none_here()
    {
        await using var router = await RouterAsync();
        var call = demo.CallOf("queue", 1);
        int at = call.Events.ToList().FindIndex(e => e is TransferStarted) + 1;
        var patient = Recording.Of([.. call.Events.Where(e => e is not CallEnded and not TransferFailed)]);

        var result = await Fork.PlayAsync(patient, at, new Injection(InjectionKind.Ring), demo.Settings.Fork, router, default);

        // The queue's own ring timeout is ten minutes.
        var failed = result.Events.OfType<TransferFailed>().First();
        Assert.Equal(TransferOutcome.NoAnswer, failed.Outcome);
        Assert.Equal(600, (failed.OccurredAt - result.Events.OfType<TransferStarted>().First().OccurredAt).TotalSeconds, 1);
    }

    [Fact]
    public async Task Numbers_that_could_be_called_then_can_be_called_in_the_fork_and_those_that_could_not_cannot()
    {
        await using var router = await RouterAsync();
        var call = demo.CallOf("support", 1);
        var now = demo.Settings.Fork;
        var strict = now with { Telephony = now.Telephony with { Targets = ["!tel:+", "!tel:0"], Trunks = [.. now.Telephony.Trunks.Select(t => t with { Targets = ["tel:999"] })] } };

        var result = await Fork.PlayAsync(call, 1, null, strict, router, default);

        Assert.Null(result.Mismatch);
        Assert.True(result.IsSame);
        // The record of a node that refused the number.
        var events = call.Events.Select(e => e is TransferCompleted x
            ? new TransferFailed
            {
                EventId = x.EventId,
                CallId = x.CallId,
                CausationId = x.CausationId,
                OccurredAt = x.OccurredAt,
                HandoffId = x.HandoffId,
                Attempt = 1,
                Method = HandoffMethod.Invite,
                Outcome = TransferOutcome.NotAllowed,
                Final = true,
                Evidence = SipEvidence.Local(LocalEvidence.TargetNotAllowed, "the number '+1900' is not among those of Trunks:pstn:Targets"),
            }
            : e);
        Assert.Contains("!tel:+1900", ForkOptions.For(Recording.Of([.. events]), now, []).Targets);
    }

    [Fact]
    public async Task A_record_that_does_not_play_as_it_says_is_found_out()
    {
        await using var router = await RouterAsync();
        var call = demo.CallOf("support", 1);
        var events = call.Events.ToList();
        int at = events.FindIndex(e => e is TransferCompleted);
        var completed = (TransferCompleted)events[at];
        events[at] = new TransferFailed
        {
            EventId = completed.EventId,
            CallId = completed.CallId,
            CausationId = completed.CausationId,
            OccurredAt = completed.OccurredAt,
            HandoffId = completed.HandoffId,
            Attempt = 1,
            Method = HandoffMethod.Invite,
            Outcome = TransferOutcome.Busy,
            Evidence = completed.Evidence,
            Final = true,
        };

        var result = await Fork.PlayAsync(Recording.Of(events), at + 1, null, demo.Settings.Fork, router, default);

        Assert.StartsWith($"event {at + 1} is 'transfer_failed 1 busy", result.Mismatch, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_injection_that_nothing_fits_is_said_not_to_have_come_to_bear()
    {
        await using var router = await RouterAsync();
        var call = demo.CallOf("support", 1);

        var result = await Fork.PlayAsync(call, call.Events.Count - 1, new Injection(InjectionKind.NoNotify), demo.Settings.Fork, router, default);

        Assert.False(result.IsInjected);
    }

    /// <summary>What every stream must be: in causal order, with one outcome for each attempt, and one end.</summary>
    private static void AssertWhole(IReadOnlyList<CallEvent> events)
    {
        Assert.IsType<CallStarted>(events[0]);
        Assert.IsType<CallEnded>(events[^1]);
        var known = new HashSet<Guid> { Guid.Empty };
        foreach (var e in events)
        {
            Assert.True(known.Contains(e.CausationId), $"{EventSignature.Of(e)} has a cause that is not before it");
            Assert.True(known.Add(e.EventId));
            Assert.Equal(events[0].CallId, e.CallId);
        }
        var begun = events.OfType<TransferStarted>().Select(e => (e.HandoffId, e.Attempt)).Order();
        var over = events.Select(e => e switch { TransferCompleted x => (x.HandoffId, x.Attempt), TransferFailed x => (x.HandoffId, x.Attempt), _ => default }).Where(k => k != default).Order();
        Assert.Equal(begun, over);
    }

    private static string CourseOf(IReadOnlyList<CallEvent> events)
    {
        var outcomes = events.Select(e => e switch
        {
            TransferCompleted x => $"{Name(x.Method)} {Name(x.Outcome)}",
            TransferFailed x => $"{Name(x.Method)} {Name(x.Outcome)}",
            _ => null,
        }).OfType<string>();
        var ended = (CallEnded)events[^1];
        return $"{string.Join(", ", outcomes)}: {Name(ended.EndedBy)} {Name(ended.Cause)} {ended.Status}".TrimEnd();
    }

    private static string Name<T>(T value)
        where T : struct, Enum => WireName.Of(value);

    private async Task<ForkRouter> RouterAsync(string? folder = null)
    {
        var router = Fork.RouterFor(demo.Calls[0], demo.Settings.Fork, folder ?? DemoStore.LogicFolder, new RecordedThenLiveLookups([], LookupTables.None), TimeProvider.System);
        await router.StartAsync(default);
        Assert.NotNull(router.Logic);
        return router;
    }
}
