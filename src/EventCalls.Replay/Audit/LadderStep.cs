using System.Text.Json.Serialization;

namespace EventCalls.Replay.Audit;

/// <summary>One event on the ladder: the SIP messages it shows, and what it says in words.</summary>
public sealed record LadderStep
{
    /// <summary>The message between the caller and us; null when there is none.</summary>
    public LadderArrow? Caller { get; init; }

    /// <summary>A message between the caller and us that had to wait for <see cref="Caller"/>; null when there is none.</summary>
    public LadderArrow? CallerThen { get; init; }

    /// <summary>The message between us and the target; null when there is none.</summary>
    public LadderArrow? Target { get; init; }

    /// <summary>What happened, in lines; the first one says it, the others add to it.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>How it went.</summary>
    public LadderTone Tone { get; init; }
}

/// <summary>A SIP message on the ladder.</summary>
/// <param name="Label">The method or the status.</param>
/// <param name="ToTheRight">From the caller towards the target.</param>
public sealed record LadderArrow(string Label, bool ToTheRight);

/// <summary>How an event of a call went.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LadderTone>))]
public enum LadderTone
{
    /// <summary>Neither well nor badly.</summary>
    [JsonStringEnumMemberName("plain")]
    Plain,

    /// <summary>Well.</summary>
    [JsonStringEnumMemberName("good")]
    Good,

    /// <summary>Badly, or not at all.</summary>
    [JsonStringEnumMemberName("bad")]
    Bad,
}
