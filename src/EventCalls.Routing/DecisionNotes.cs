using System.Buffers;
using EventCalls.Contracts;

namespace EventCalls.Routing;

/// <summary>What logic notes on its way: lines and figures, kept with the decision.</summary>
internal sealed class DecisionNotes
{
    private const int MostLines = 100;
    private const int LongestLine = 500;
    private const int MostMetrics = 50;
    private const int LongestName = 64;

    private static readonly SearchValues<char> s_inName = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_.-");

    private List<string>? _log;
    private List<LogicMetric>? _metrics;

    public IReadOnlyList<string>? Log => _log;

    public IReadOnlyList<LogicMetric>? Metrics => _metrics;

    public void Add(string text)
    {
        _log ??= [];
        if (_log.Count < MostLines)
            _log.Add(PlainText.Of(text.Length <= LongestLine ? text : string.Concat(text.AsSpan(0, LongestLine - 1), "…")));
        else if (_log.Count == MostLines)
            _log.Add($"(More than {MostLines} lines are not kept.)");
    }

    /// <exception cref="ArgumentException">The name cannot be one of a figure.</exception>
    public void Add(string name, double value)
    {
        if (name.Length is 0 or > LongestName || name.AsSpan().ContainsAnyExcept(s_inName))
            throw new ArgumentException($"'{name}' is no name of a figure: 1 to {LongestName} of a-z, 0-9, '_', '.' and '-'.");
        // JSON has no such number; a call is worth more than a figure.
        if (!double.IsFinite(value))
            Add($"The figure {name} was no number.");
        else if ((_metrics ??= []).Count < MostMetrics)
            _metrics.Add(new LogicMetric(name, value));
        else if (_metrics.Count == MostMetrics)
            Add($"(More than {MostMetrics} figures are not kept.)");
    }
}
