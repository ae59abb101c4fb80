using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Replay.Audit;

/// <summary>Says in a few words what the projection knows of a call; what peers sent in it is not made safe to show yet.</summary>
public static class CallWords
{
    /// <summary>The flow and what came of it: <c>support: answered</c>, <c>sales: busy, attempt 2</c>, <c>no flow: cancelled</c>.</summary>
    public static string Outcome(CallRow call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var flow = call.Flow ?? "no flow";
        if (call.Outcome is { } outcome)
            return call.Attempts > 1 ? string.Create(CultureInfo.InvariantCulture, $"{flow}: {WireName.Of(outcome)}, attempt {call.Attempts}") : $"{flow}: {WireName.Of(outcome)}";
        return call.EndCause is { } cause ? $"{flow}: {WireName.Of(cause)}" : flow;
    }

    /// <summary>The last handoff: <c>invite +12222222@192.0.2.7</c>; <c>none</c> when there was none.</summary>
    public static string Handoff(CallRow call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.Handoff is { } method ? $"{WireName.Of(method)} {Short(call.Target)}".TrimEnd() : "none";
    }

    /// <summary>How long it lasted; <c>open</c> while it does.</summary>
    public static string Lasted(CallRow call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.EndedAt - call.StartedAt is not { } time)
            return "open";
        return time.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00} h")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
    }

    // Nearly every target is a sip: URI; what follows is what tells them apart.
    private static string? Short(string? target) => target?.StartsWith("sip:", StringComparison.Ordinal) == true ? target[4..] : target;
}
