namespace EventCalls.Sip.Resolving;

/// <summary>Puts servers in the order in which one request tries them (RFC 2782): by priority, and among those of one priority by chance, in proportion to their weights.</summary>
public static class WeightedOrder
{
    /// <summary>One order; over many requests each server is first in proportion to its weight.</summary>
    /// <param name="items">The servers.</param>
    /// <param name="priority">A server's priority; the lowest first.</param>
    /// <param name="weight">A server's weight; one of 0 has a small chance.</param>
    /// <param name="random">Where chance comes from.</param>
    public static List<T> Of<T>(IReadOnlyList<T> items, Func<T, int> priority, Func<T, int> weight, RandomSource random)
    {
        var ordered = new List<T>(items.Count);
        foreach (var group in items.GroupBy(priority).OrderBy(g => g.Key))
        {
            // Those of weight 0 first, which is what gives them their chance.
            var left = group.OrderBy(i => weight(i) > 0).ToList();
            while (left.Count > 1)
            {
                int drawn = random.Next(left.Sum(weight) + 1);
                int at = 0;
                for (int sum = weight(left[0]); sum < drawn; sum += weight(left[at]))
                    at++;
                // What falls to those of weight 0 they share alike: in many zones all have it.
                int without = left.FindIndex(i => weight(i) > 0);
                if (at == 0 && without != 0)
                    at = random.Next(without < 0 ? left.Count : without);
                ordered.Add(left[at]);
                left.RemoveAt(at);
            }
            ordered.AddRange(left);
        }
        return ordered;
    }
}
