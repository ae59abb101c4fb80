using EventCalls.Media.Sessions;

namespace EventCalls.Telephony.Calls;

/// <summary>What moved of one side through engines, over all that it was connected with one after another.</summary>
internal sealed class EngineTotals(LegSession session, string name)
{
    /// <summary>Whose session it is.</summary>
    public LegSession Session { get; } = session;

    /// <summary>Whose it is, as events say it.</summary>
    public string Name { get; } = name;

    /// <summary>All of it. How it sounded is that of the worst one.</summary>
    public MediaCounts Sum { get; private set; } = new(0, 0, 0, 0);

    /// <summary>Adds what moved with one of them; null where that is not known.</summary>
    public void Add(MediaCounts? counts)
    {
        if (counts is null)
            return;
        Sum = new MediaCounts(Sum.Received + counts.Received, Sum.Lost + counts.Lost, Sum.Sent + counts.Sent, 0)
        {
            Codec = counts.Codec ?? Sum.Codec,
            JitterMs = counts.JitterMs ?? Sum.JitterMs,
            Mos = Sum.Mos is { } before && counts.Mos is { } now ? Math.Min(before, now) : counts.Mos ?? Sum.Mos,
        };
    }
}
