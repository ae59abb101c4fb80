using System.Collections.Concurrent;

namespace EventCalls.Replay.Deciding;

/// <summary>An order for taking calls a second time that has nothing to do with the first one, and is the same in every run.</summary>
/// <remarks>Not the reverse order: there a counter that is looked at modulo two can agree in every single call.</remarks>
internal static class MixedOrder
{
    private const int Seed = 20261;

    private static readonly ConcurrentDictionary<int, int[]> s_known = new();

    /// <summary>The numbers from 0, each once; not to be changed.</summary>
    public static int[] Of(int count) => s_known.GetOrAdd(count, Make);

    private static int[] Make(int count)
    {
        var order = new int[count];
        for (int i = 0; i < count; i++)
            order[i] = i;
        new Random(Seed + count).Shuffle(order);
        // What the first of all calls leaves behind for ever must be another one's.
        if (count > 1 && order[0] == 0)
            (order[0], order[^1]) = (order[^1], order[0]);
        return order;
    }
}
