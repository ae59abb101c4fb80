using EventCalls.Contracts;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Counting;

namespace EventCalls.Replay.Reports.Outcomes;

/// <summary>A place that calls are handed off to, and what attempts to reach it came to.</summary>
internal sealed class Target(int id, string name, HandoffMethod method)
{
    private readonly long[] _results = new long[CallResults.Count];

    /// <summary>Its number in the table, from 0.</summary>
    public int Id => id;

    /// <summary>As <see cref="HandoffWords.Of(Handoff)"/> has it, cut when very long.</summary>
    public string Name => name;

    /// <summary>How calls are handed to it.</summary>
    public HandoffMethod Method => method;

    /// <summary>How many attempts came to a result.</summary>
    public long CountOf(CallResult result) => _results[(int)result];

    /// <summary>How many attempts count.</summary>
    public long Counted => _results[0] + _results[1] + _results[2] + _results[3] + _results[4] + _results[5];

    /// <summary>What comes of it without anybody having a say: turned away, or given over; null where it depends on the target.</summary>
    public CallResult? Certain => method switch
    {
        HandoffMethod.Reject => CallResult.TurnedAway,
        HandoffMethod.Bye or HandoffMethod.Redirect => CallResult.Accepted,
        _ => null,
    };

    /// <summary>Whether anything can be said about it.</summary>
    public bool HasHistory => Certain is not null || Counted > 0;

    /// <summary>Whether what can be said rests on few attempts.</summary>
    public bool IsSmall => Certain is null && Counted < WhatIf.SmallHistory;

    /// <summary>The attempts' results.</summary>
    public TargetHistory History => new(name, CallResults.Record(_results), HasHistory ? Rates.Of(this) : null);

    public void Add(CallResult result) => _results[(int)result]++;

    /// <summary>The rate of a result and its interval; certain for what depends on nobody.</summary>
    public Estimate Rate(CallResult result)
    {
        if (Certain is { } certain)
            return result == certain ? new Estimate(1, 1, 1) : new Estimate(0, 0, 0);
        return Wilson.Of(_results[(int)result], Counted);
    }

    public void Save(BinaryWriter writer)
    {
        writer.WriteText(name);
        writer.Write((int)method);
        foreach (long count in _results)
            writer.Write(count);
    }

    public static Target Load(int id, BinaryReader reader)
    {
        var target = new Target(id, reader.ReadText() ?? "", (HandoffMethod)reader.ReadInt32());
        for (int i = 0; i < CallResults.Count; i++)
            target._results[i] = reader.ReadInt64();
        return target;
    }
}
