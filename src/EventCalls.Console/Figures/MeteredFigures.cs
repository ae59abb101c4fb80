using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace EventCalls.Console.Figures;

/// <summary>What the meters named EventCalls of this process have measured since the console began, in Prometheus' text form.</summary>
internal sealed class MeteredFigures : IDisposable
{
    private const string MeterName = "EventCalls";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MeteredFamily> _families = new(StringComparer.Ordinal);

    /// <summary>Begins to listen.</summary>
    public MeteredFigures()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == MeterName)
                listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(MeteredFamily.NameOf(instrument), static (name, i) => new MeteredFamily(name, i), instrument));
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((MeteredFamily)family!).Add(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((MeteredFamily)family!).Add(value, tags));
        _listener.Start();
    }

    /// <summary>Writes what was measured; what never was is left out.</summary>
    public void WriteTo(StringBuilder text)
    {
        foreach (var (_, family) in _families.OrderBy(f => f.Key, StringComparer.Ordinal))
            family.WriteTo(text);
    }

    /// <inheritdoc />
    public void Dispose() => _listener.Dispose();
}

/// <summary>One figure with its labels; safe from any thread.</summary>
internal sealed class MeteredFamily(string name, Instrument instrument)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly string _help = instrument.Description ?? "";
    private readonly double[]? _boundaries = instrument is Histogram<double> histogram ? [.. histogram.Advice?.HistogramBucketBoundaries ?? []] : null;

    /// <summary>An instrument's name as Prometheus has it: with its unit, and <c>_total</c> where it only grows.</summary>
    public static string NameOf(Instrument instrument) =>
        instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "") + (instrument is Counter<long> ? "_total" : "");

    public void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = Labels(tags);
        lock (_lock)
        {
            if (!_series.TryGetValue(labels, out var series))
                _series.Add(labels, series = new Series(new long[_boundaries?.Length ?? 0]));
            series.Sum += value;
            series.Count++;
            for (int i = 0; i < series.Buckets.Length; i++)
            {
                if (value <= _boundaries![i])
                    series.Buckets[i]++;
            }
        }
    }

    public void WriteTo(StringBuilder text)
    {
        lock (_lock)
        {
            if (_series.Count == 0)
                return;
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {_help}\n# TYPE {name} {(_boundaries is null ? "counter" : "histogram")}\n");
            foreach (var (labels, series) in _series.OrderBy(s => s.Key, StringComparer.Ordinal))
            {
                if (_boundaries is null)
                    text.Append(CultureInfo.InvariantCulture, $"{name}{Braced(labels)} {series.Sum}\n");
                else
                    WriteTo(text, labels, series);
            }
        }
    }

    private void WriteTo(StringBuilder text, string labels, Series series)
    {
        string before = labels.Length == 0 ? "" : labels + ",";
        for (int i = 0; i < _boundaries!.Length; i++)
            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{before}le=\"{_boundaries[i]}\"}} {series.Buckets[i]}\n");
        text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{before}le=\"+Inf\"}} {series.Count}\n{name}_sum{Braced(labels)} {series.Sum}\n{name}_count{Braced(labels)} {series.Count}\n");
    }

    private static string Braced(string labels) => labels.Length == 0 ? "" : $"{{{labels}}}";

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return "";
        var text = new StringBuilder();
        foreach (var (label, value) in tags)
            text.Append(text.Length == 0 ? "" : ",").Append(MetricsEndpoint.Label(label, value?.ToString() ?? ""));
        return text.ToString();
    }

    private sealed class Series(long[] buckets)
    {
        public double Sum { get; set; }

        public long Count { get; set; }

        /// <summary>How many were at most as large as each boundary.</summary>
        public long[] Buckets { get; } = buckets;
    }
}
