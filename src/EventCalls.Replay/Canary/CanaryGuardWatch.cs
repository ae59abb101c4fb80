using EventCalls.Contracts;

namespace EventCalls.Replay.Canary;

/// <summary>Sees when a target of the challenger's calls is not there, or its decisions fail.</summary>
/// <param name="guard">When that is.</param>
internal sealed class CanaryGuardWatch(CanaryGuard guard)
{
    private readonly Dictionary<string, Series> _targets = new(StringComparer.Ordinal);
    private int _failedDecisions;

    /// <summary>What was seen first; null for nothing.</summary>
    public string? Tripped { get; private set; }

    public void Decided() => _failedDecisions = 0;

    public void DecisionFailed()
    {
        if (++_failedDecisions >= guard.InARow && guard.InARow > 0)
            Tripped ??= $"{_failedDecisions} of its decisions in a row failed";
    }

    public void Reached(TransferStarted attempt, DateTimeOffset at) => Add(attempt, at, isReached: true);

    public void NotReached(TransferStarted attempt, DateTimeOffset at) => Add(attempt, at, isReached: false);

    // A target that is gone fails alone, a trunk that is gone with all its targets.
    private void Add(TransferStarted attempt, DateTimeOffset at, bool isReached)
    {
        if (attempt.Target.Length > 0)
            Add(attempt.Target, at, isReached);
        if (attempt.Trunk is { } trunk)
            Add($"trunk {trunk}", at, isReached);
    }

    private void Add(string target, DateTimeOffset at, bool isReached)
    {
        if (!_targets.TryGetValue(target, out var series))
            _targets[target] = series = new Series();
        series.InARow = isReached ? 0 : series.InARow + 1;
        series.Window.Enqueue((at, isReached));
        series.Missed += isReached ? 0 : 1;
        while (series.Window.TryPeek(out var oldest) && at - oldest.At > TimeSpan.FromSeconds(guard.Seconds))
        {
            series.Window.Dequeue();
            series.Missed -= oldest.IsReached ? 0 : 1;
        }
        if (guard.InARow > 0 && series.InARow >= guard.InARow)
            Tripped ??= $"{PlainText.Of(target)} was not reached {series.InARow} times in a row";
        else if (guard.Percent > 0 && series.Window.Count >= guard.Attempts && series.Missed * 100L >= (long)guard.Percent * series.Window.Count)
            Tripped ??= $"{PlainText.Of(target)} was not reached {series.Missed} of {series.Window.Count} times within {guard.Seconds} s";
    }

    private sealed class Series
    {
        public int InARow { get; set; }

        public int Missed { get; set; }

        public Queue<(DateTimeOffset At, bool IsReached)> Window { get; } = new();
    }
}
