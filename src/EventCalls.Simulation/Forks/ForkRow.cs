using EventCalls.Contracts;

namespace EventCalls.Simulation.Forks;

/// <summary>One line of two ladders side by side: what happened, and what would happen; null where the other has no such event.</summary>
/// <param name="Left">The number of the recorded event; null when it would be new.</param>
/// <param name="Right">The number of the event in the play; null when it would not happen.</param>
public sealed record ForkRow(int? Left, int? Right)
{
    /// <summary>Puts events that tell of the same on one line; the others stand alone, what happened first.</summary>
    public static IReadOnlyList<ForkRow> Align(IReadOnlyList<CallEvent> recorded, IReadOnlyList<CallEvent> played)
    {
        string[] left = [.. recorded.Select(ForkWords.Of)];
        string[] right = [.. played.Select(ForkWords.Of)];
        var longest = new int[left.Length + 1, right.Length + 1];
        for (int i = left.Length - 1; i >= 0; i--)
        {
            for (int j = right.Length - 1; j >= 0; j--)
                longest[i, j] = left[i] == right[j] ? longest[i + 1, j + 1] + 1 : Math.Max(longest[i + 1, j], longest[i, j + 1]);
        }
        var rows = new List<ForkRow>();
        for (int i = 0, j = 0; i < left.Length || j < right.Length;)
        {
            if (i < left.Length && j < right.Length && left[i] == right[j])
                rows.Add(new ForkRow(++i, ++j));
            else if (j >= right.Length || (i < left.Length && longest[i + 1, j] >= longest[i, j + 1]))
                rows.Add(new ForkRow(++i, null));
            else
                rows.Add(new ForkRow(null, ++j));
        }
        return rows;
    }
}
