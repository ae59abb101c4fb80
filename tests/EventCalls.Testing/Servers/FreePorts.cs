using System.Globalization;

namespace EventCalls.Testing;

/// <summary>Ports on 127.0.0.1 that nobody uses, for UDP and TCP alike.</summary>
/// <remarks>
/// They are taken from below the range the system gives to outgoing sockets, so that no such socket sits on one before its server binds it.
/// They are looked up, not tried: a socket bound for a trial may live on for a moment in a process that is just being started.
/// </remarks>
public static class FreePorts
{
    private const int First = 20_000;
    private const int Last = 32_000;
    private static readonly Lock s_gate = new();

    // Several test processes run at once: each starts somewhere else.
    private static int s_next = Random.Shared.Next(First, Last);

    /// <summary>The next free port. The same process never gets one twice before the range is used up.</summary>
    /// <exception cref="InvalidOperationException">No port of the range is free.</exception>
    public static int Next() => Range(1);

    /// <summary>The first of <paramref name="count"/> free ports in a row, the first one even (as RTP wants it).</summary>
    /// <exception cref="InvalidOperationException">There is no such row.</exception>
    public static int Range(int count)
    {
        lock (s_gate)
        {
            var used = Used();
            for (int tries = First; tries < Last; tries += 2)
            {
                int first = s_next + (s_next & 1);
                if (first + count > Last)
                    first = First;
                s_next = first + 2;
                if (Enumerable.Range(first, count).Any(used.Contains))
                    continue;
                s_next = first + count;
                return first;
            }
        }

        throw new InvalidOperationException($"No {count} free ports in a row between {First} and {Last}.");
    }

    // The second column is the local address and port, both hexadecimal.
    private static HashSet<int> Used() =>
    [
        .. from file in new[] { "udp", "udp6", "tcp", "tcp6" }
           let path = "/proc/net/" + file
           where File.Exists(path)
           from line in File.ReadLines(path).Skip(1)
           let local = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]
           select int.Parse(local.AsSpan(local.IndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
    ];
}
