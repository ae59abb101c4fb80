namespace EventCalls.Contracts;

/// <summary>Finds the word that was perhaps meant by a misspelt one.</summary>
public static class Spelling
{
    /// <summary>The known word nearest to what was written; null when none is near.</summary>
    public static string? Nearest(string written, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(written);
        var near = known.Select(word => (Word: word, Distance: Distance(word, written))).DefaultIfEmpty((Word: "", Distance: int.MaxValue)).MinBy(k => k.Distance);
        // What resembles nothing is not helped by the least unlike word.
        return near.Distance <= Math.Max(Math.Min(2, written.Length / 2), written.Length / 3) ? near.Word : null;
    }

    /// <summary>What there is instead of something that there is not: <c>there is a</c>, <c>there are a, b</c>.</summary>
    public static string Known(IReadOnlyCollection<string> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        return $"there {(known.Count == 1 ? "is" : "are")} {string.Join(", ", known)}";
    }

    /// <summary>How many letters have to be put in, taken out or changed (Levenshtein), capitals being no other letters.</summary>
    public static int Distance(string a, string b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + cost));
            }
        }
        return row[b.Length];
    }
}
