using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using EventCalls.Bus.Journal;
using EventCalls.Contracts;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Bus.Tests.Journal;

/// <summary>What a journal counts, and the spans it makes of a call's events.</summary>
public sealed class EventFiguresTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Each_event_that_comes_to_something_is_counted_with_what_it_came_to()
    {
        await using var journal = Journal();
        var seen = new ConcurrentQueue<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, me) =>
            {
                if (instrument.Meter.Name == "EventCalls" && instrument.Meter.Scope == journal)
                    me.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen.Enqueue($"{instrument.Name} {value} {string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}"))}"));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => seen.Enqueue($"{instrument.Name} {value} {tags.Length}"));
        listener.Start();
        var started = Events.Started();

        await journal.AppendAsync([started, Events.Selected(started) with { DecisionMicroseconds = 1500 }, Failed(started)], default).WaitAsync(s_patience);
        await journal.AppendAsync([TimedOut(started), Events.Failed(started) with { PostDialDelayMs = 250 }, Events.Ended(started)], default).WaitAsync(s_patience);

        Assert.Equal(
            [
                $"eventcalls.invites 1 trunk={started.Trunk}", "eventcalls.decision.duration 0.0015 0", "eventcalls.defaults 1 cause=logic_threw", "eventcalls.defaults 1 cause=deadline",
                "eventcalls.transfers 1 method=refer outcome=not_allowed", "eventcalls.post_dial_delay 0.25 0", "eventcalls.calls.ended 1 cause=hung_up",
            ],
            seen);
    }

    [Fact]
    public async Task The_spans_of_a_call_are_one_trace_with_the_call_s_id_below_one_first_span()
    {
        var started = Events.Started();
        using var spans = new Spans(started.CallId);
        await using var journal = Journal();
        var attempt = Events.Attempt(started);

        await journal.AppendAsync([started], default).WaitAsync(s_patience);
        await journal.AppendAsync([Events.Selected(started) with { DecisionMicroseconds = 1500 }, Events.Requested(started)], default).WaitAsync(s_patience);
        await journal.AppendAsync([attempt, Events.Failed(started) with { CausationId = attempt.EventId, OccurredAt = DateTimeOffset.UtcNow.AddSeconds(1) }, TimedOut(started), Events.Ended(started)], default).WaitAsync(s_patience);

        var all = spans.Seen.ToList();
        Assert.Equal(["call", "confirm", "confirm", "confirm", "decide", "decide", "transfer"], all.Select(s => s.OperationName).Order());
        Assert.All(all, s => Assert.Equal(started.CallId.ToString("N"), s.TraceId.ToHexString()));
        var first = all.Single(s => s.OperationName == "call");
        Assert.Equal(default, first.ParentSpanId);
        // The platform has no supported way to choose it: it is set where Activity keeps it, and a version that keeps it elsewhere is seen here.
        Assert.True(
            started.CallId.ToString("N")[16..] == first.SpanId.ToHexString(),
            "CallTrace cannot give the first span its id any more (Activity._spanId): in every trace, what other processes add hangs below a span that nobody exports. Find where Activity keeps the id now.");
        Assert.Equal(TimeSpan.FromMilliseconds(10), first.Duration);
        Assert.All(all.Where(s => s != first), s => Assert.Equal((first.SpanId, true), (s.ParentSpanId, s.HasRemoteParent)));
        Assert.Equal(all.Count, all.Select(s => s.SpanId).Distinct().Count());
        var decided = all.First(s => s.OperationName == "decide");
        Assert.Equal((TimeSpan.FromMilliseconds(1.5), ActivityStatusCode.Unset, "vip"), (decided.Duration, decided.Status, decided.GetTagItem("eventcalls.flow")));
        Assert.Equal("deadline", all.Last(s => s.OperationName == "decide").StatusDescription);
        var transfer = all.Single(s => s.OperationName == "transfer");
        Assert.InRange(transfer.Duration, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(20));
        Assert.Equal((ActivityKind.Client, "not_allowed", "refer"), (transfer.Kind, transfer.StatusDescription, transfer.GetTagItem("eventcalls.method")));
    }

    [Fact]
    public async Task An_append_under_another_span_stays_in_the_trace_of_its_call()
    {
        var started = Events.Started();
        using var spans = new Spans(started.CallId);
        await using var journal = Journal();
        using var around = new Activity("around").Start();
        await journal.AppendAsync([started, Events.Ended(started)], default).WaitAsync(s_patience);

        Assert.Equal(around, Activity.Current);
        var first = Assert.Single(spans.Seen, s => s.OperationName == "call");
        Assert.Equal(default, first.ParentSpanId);
        Assert.Equal(started.CallId.ToString("N"), first.TraceId.ToHexString());
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.25, 4_600, 5_400)]
    [InlineData(1, 20_000, 20_000)]
    public void The_share_that_is_asked_for_is_traced_and_the_same_calls_everywhere(double ratio, int least, int most)
    {
        // As many ids as make six standard deviations of chance narrower than the range.
        var ids = Enumerable.Range(0, 20_000).Select(_ => Guid.CreateVersion7()).ToList();
        var traced = ids.Where(id => CallTrace.IsSampled(id, ratio)).ToList();
        Assert.InRange(traced.Count, least, most);
        Assert.Equal(traced, ids.Where(id => CallTrace.IsSampled(id, ratio)));
    }

    private static RoutingFailed Failed(CallStarted started) =>
        new RoutingFailed { Cause = RoutingFailureCause.LogicThrew, Message = "no", LogicVersion = "none", DefaultTaken = "reject 480" }.After(started, Guid.CreateVersion7());

    private static RoutingTimedOut TimedOut(CallStarted started) => new RoutingTimedOut { DeadlineMs = 2000, DefaultTaken = "reject 480" }.After(started, Guid.CreateVersion7());

    private static CallJournal Journal() => new(new HeldBus(), new JournalOptions { Source = "n1", GatherMs = 0 }, TimeProvider.System, NullLogger<CallJournal>.Instance);

    /// <summary>The spans of one call; those of tests beside are left out.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly ActivityListener _listener;

        public Spans(Guid callId)
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == CallTrace.SourceName,
                Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity =>
                {
                    if ((string?)activity.GetTagItem("eventcalls.call.id") == callId.ToString())
                        Seen.Enqueue(activity);
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public ConcurrentQueue<Activity> Seen { get; } = new();

        public void Dispose() => _listener.Dispose();
    }
}
