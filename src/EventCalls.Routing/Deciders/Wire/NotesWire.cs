using EventCalls.Contracts;

namespace EventCalls.Routing.Deciders.Wire;

/// <summary>What logic noted with a decision.</summary>
internal static class NotesWire
{
    // What there is none of is mostly what there is: one byte each.
    public static void Write(WireWriter to, IReadOnlyList<string>? log, IReadOnlyList<LogicMetric>? metrics)
    {
        to.Count(log is null ? 0 : log.Count + 1);
        foreach (string line in log ?? [])
            to.Text(line);
        to.Count(metrics is null ? 0 : metrics.Count + 1);
        foreach (var metric in metrics ?? [])
        {
            to.Text(metric.Name);
            to.Int(BitConverter.DoubleToInt64Bits(metric.Value));
        }
    }

    public static IReadOnlyList<string>? ReadLog(ref WireReader from)
    {
        int count = from.Count();
        if (count == 0)
            return null;
        var log = new string[count - 1];
        for (int i = 0; i < log.Length; i++)
            log[i] = from.Text();
        return log;
    }

    public static IReadOnlyList<LogicMetric>? ReadMetrics(ref WireReader from)
    {
        int count = from.Count();
        if (count == 0)
            return null;
        var metrics = new LogicMetric[count - 1];
        for (int i = 0; i < metrics.Length; i++)
            metrics[i] = new LogicMetric(from.Name(), BitConverter.Int64BitsToDouble(from.Int()));
        return metrics;
    }
}
