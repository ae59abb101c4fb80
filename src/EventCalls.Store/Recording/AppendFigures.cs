using System.Diagnostics.Metrics;
using EventCalls.Contracts;

namespace EventCalls.Store.Recording;

/// <summary>Says of what was stored how late it was, and adds it to the traces of the calls.</summary>
internal sealed class AppendFigures : IDisposable
{
    private static readonly double[] s_boundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600];

    private readonly Meter _meter;
    private readonly Histogram<double> _lag;

    /// <summary>Figures whose scope says whose they are, for a process that has several recorders.</summary>
    public AppendFigures(object scope)
    {
        _meter = new Meter(new MeterOptions("EventCalls") { Scope = scope });
        _lag = _meter.CreateHistogram("eventcalls.recorder.lag", "s", "From the oldest event of an append to the end of that.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = s_boundaries });
    }

    /// <summary>Events are stored; it costs next to nothing when nobody listens.</summary>
    public void Stored(IReadOnlyList<EventToAppend> events, DateTimeOffset began, DateTimeOffset now)
    {
        if (events.Count == 0)
            return;
        if (_lag.Enabled)
            _lag.Record(Math.Max(0, (now - events.Min(e => e.Event.OccurredAt)).TotalSeconds));
        foreach (var call in events.Where(e => CallTrace.IsTraced(e.Event.CallId)).GroupBy(e => e.Event.CallId))
            CallTrace.Add(call.Key, "append", began, now, [("eventcalls.events", call.Count())]);
    }

    /// <inheritdoc />
    public void Dispose() => _meter.Dispose();
}
