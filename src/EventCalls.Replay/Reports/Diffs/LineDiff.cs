namespace EventCalls.Replay.Reports.Diffs;

/// <summary>What differs between two texts, line by line.</summary>
public static class LineDiff
{
    // Longer texts are shown as removed and added: comparing takes the product of the lines.
    private const int MostLines = 4000;

    /// <summary>The lines of both, in order.</summary>
    /// <param name="was">The older text's lines.</param>
    /// <param name="now">The newer text's lines.</param>
    public static IReadOnlyList<DiffLine> Of(string[] was, string[] now)
    {
        ArgumentNullException.ThrowIfNull(was);
        ArgumentNullException.ThrowIfNull(now);
        int head = 0;
        while (head < was.Length && head < now.Length && was[head] == now[head])
            head++;
        int tail = 0;
        while (tail < was.Length - head && tail < now.Length - head && was[^(tail + 1)] == now[^(tail + 1)])
            tail++;
        var lines = new List<DiffLine>(was[..head].Select(Same));
        lines.AddRange(Middle(was[head..^tail], now[head..^tail]));
        lines.AddRange(was[(was.Length - tail)..].Select(Same));
        return lines;
    }

    // The longest common subsequence; its table is filled from the end, so that the lines come out in order.
    private static IEnumerable<DiffLine> Middle(string[] was, string[] now)
    {
        if (was.Length > MostLines || now.Length > MostLines)
            return [.. was.Select(Removed), .. now.Select(Added)];
        int[,] common = new int[was.Length + 1, now.Length + 1];
        for (int i = was.Length - 1; i >= 0; i--)
        {
            for (int j = now.Length - 1; j >= 0; j--)
                common[i, j] = was[i] == now[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }
        var lines = new List<DiffLine>();
        int o = 0, n = 0;
        while (o < was.Length || n < now.Length)
        {
            if (o < was.Length && n < now.Length && was[o] == now[n])
            {
                lines.Add(Same(was[o++]));
                n++;
            }
            else if (o < was.Length && (n == now.Length || common[o + 1, n] >= common[o, n + 1]))
            {
                lines.Add(Removed(was[o++]));
            }
            else
            {
                lines.Add(Added(now[n++]));
            }
        }
        return lines;
    }

    private static DiffLine Same(string text) => new(' ', text);

    private static DiffLine Added(string text) => new('+', text);

    private static DiffLine Removed(string text) => new('-', text);
}
