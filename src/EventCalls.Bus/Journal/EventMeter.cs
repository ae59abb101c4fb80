using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using EventCalls.Contracts;

namespace EventCalls.Bus.Journal;

/// <summary>Counts what the events of one journal say; <see cref="Name"/> is what a listener asks for.</summary>
internal sealed class EventMeter : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "EventCalls";

    // What decides in time is below the deadline, two seconds by default.
    private static readonly double[] s_decisions = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];
    private static readonly double[] s_rings = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60];

    private static readonly double[] s_metrics = [0, 0.1, 0.5, 1, 2, 5, 10, 50, 100, 500, 1_000, 10_000];
    private const int MostNames = 100;

    private readonly Meter _meter;
    private readonly Counter<long> _invites;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _transfers;
    private readonly Counter<long> _defaults;
    private readonly Histogram<double> _decisions;
    private readonly Histogram<double> _rings;
    private readonly Counter<long> _fetches;
    private readonly Histogram<double> _waits;
    private readonly Histogram<double> _metrics;
    private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.Ordinal);

    /// <summary>A meter whose scope says whose it is, for a process that has several.</summary>
    public EventMeter(object scope)
    {
        _meter = new Meter(new MeterOptions(Name) { Scope = scope });
        _invites = _meter.CreateCounter<long>("eventcalls.invites", null, "INVITEs of trunks that became calls.");
        _ended = _meter.CreateCounter<long>("eventcalls.calls.ended", null, "Calls that ended, by why.");
        _transfers = _meter.CreateCounter<long>("eventcalls.transfers", null, "Attempts to hand a call off, by how and what came of it.");
        _defaults = _meter.CreateCounter<long>("eventcalls.defaults", null, "Times that the configured default was taken, by why.");
        _decisions = _meter.CreateHistogram("eventcalls.decision.duration", "s", "How long routing logic took to decide.", tags: null, Buckets(s_decisions));
        _rings = _meter.CreateHistogram("eventcalls.post_dial_delay", "s", "From our request to the target's first ringing or answer.", tags: null, Buckets(s_rings));
        _fetches = _meter.CreateCounter<long>("eventcalls.fetches", null, "What routing logic fetched, by source and what came of it.");
        _waits = _meter.CreateHistogram("eventcalls.fetch.duration", "s", "How long decisions waited for a source.", tags: null, Buckets(s_decisions));
        _metrics = _meter.CreateHistogram("eventcalls.logic.metric", null, "Figures that routing logic gave, by name.", tags: null, Buckets(s_metrics));
    }

    /// <summary>Counts what an event says; next to nothing when nobody listens.</summary>
    public void Count(CallEvent e)
    {
        switch (e)
        {
            case CallStarted started when _invites.Enabled:
                _invites.Add(1, new KeyValuePair<string, object?>("trunk", started.Trunk));
                break;
            case CallEnded ended when _ended.Enabled:
                _ended.Add(1, new KeyValuePair<string, object?>("cause", WireName.Of(ended.Cause)));
                break;
            case FlowSelected selected when _decisions.Enabled:
                Decision(selected);
                break;
            case RoutingFailed failed when _defaults.Enabled:
                _defaults.Add(1, new KeyValuePair<string, object?>("cause", WireName.Of(failed.Cause)));
                break;
            case RoutingTimedOut when _defaults.Enabled:
                _defaults.Add(1, new KeyValuePair<string, object?>("cause", "deadline"));
                break;
            case TransferCompleted completed when _transfers.Enabled:
                Transfer(completed.Method, completed.Outcome, completed.PostDialDelayMs);
                break;
            case TransferFailed failed when _transfers.Enabled:
                Transfer(failed.Method, failed.Outcome, failed.PostDialDelayMs);
                break;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _meter.Dispose();

    private void Transfer(HandoffMethod method, TransferOutcome outcome, long? delay)
    {
        _transfers.Add(1, new("method", WireName.Of(method)), new("outcome", WireName.Of(outcome)));
        if (delay is { } milliseconds)
            _rings.Record(milliseconds / 1e3);
    }

    private void Decision(FlowSelected selected)
    {
        _decisions.Record(selected.DecisionMicroseconds / 1e6);
        foreach (var lookup in selected.Inputs?.Lookups ?? [])
        {
            if (FetchAnswer.IsFetch(lookup.Name))
                Fetch(lookup.Name[FetchAnswer.Prefix.Length..], FetchAnswer.Of(lookup));
        }

        foreach (var metric in selected.Metrics ?? [])
            _metrics.Record(metric.Value, new KeyValuePair<string, object?>("name", NameOf(metric.Name)));
    }

    private void Fetch(string source, FetchAnswer answer)
    {
        string outcome = answer.Failure is { } failure ? WireName.Of(failure) : answer.Json is null ? "not_found" : "found";
        _fetches.Add(1, new("source", source), new("outcome", answer.Cached ? "cached" : outcome));
        if (!answer.Cached)
            _waits.Record(answer.Milliseconds / 1e3, new KeyValuePair<string, object?>("source", source));
    }

    // Each name is a series that is kept: one made of a caller's number must not use up the memory of who listens.
    private string NameOf(string metric) => _names.ContainsKey(metric) || (_names.Count < MostNames && _names.TryAdd(metric, true)) ? metric : "other";

    private static InstrumentAdvice<double> Buckets(double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };
}
