using System.Text.Json;
using System.Text.Json.Serialization;
using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Replay.Audit;

/// <summary>What is known of a call as of one of its events, and nothing of what came later.</summary>
public sealed record CallMoment
{
    /// <summary>The call as the projection had it then.</summary>
    public required CallRow Row { get; init; }

    /// <summary>The number of the last event that has happened, from 1.</summary>
    public required int At { get; init; }

    /// <summary>How many events the stream has in all.</summary>
    public required int Of { get; init; }

    /// <summary>When that event happened, UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When the call's first event happened, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>What the call is doing.</summary>
    public required CallPhase Phase { get; init; }

    /// <summary>The conversation's state.</summary>
    public required IReadOnlyDictionary<string, JsonElement> State { get; init; }

    /// <summary>When the caller's leg was answered, UTC; null when it is not.</summary>
    public DateTimeOffset? CallerAnsweredAt { get; init; }

    /// <summary>When the present target's leg was answered, UTC; null when there is none.</summary>
    public DateTimeOffset? TargetAnsweredAt { get; init; }

    /// <summary>The target the caller is connected to; null when there is none.</summary>
    public string? ConnectedTo { get; init; }

    /// <summary>The handoff asked for last; null when none was.</summary>
    public HandoffRequested? Handoff { get; init; }

    /// <summary>All attempts so far, of all handoffs.</summary>
    public IReadOnlyList<AttemptMoment> Attempts { get; init; } = [];

    /// <summary>The end; null while the call is open.</summary>
    public CallEnded? Ended { get; init; }

    /// <summary>The attempt that is under way; null when none is.</summary>
    public AttemptMoment? UnderWay => Attempts is [.., { Outcome: null } last] ? last : null;

    /// <summary>The call as of its event number <paramref name="at"/>.</summary>
    /// <param name="events">The whole stream, in order.</param>
    /// <param name="at">From 1 to the number of events.</param>
    public static CallMoment AsOf(IReadOnlyList<StoredEvent> events, int at)
    {
        var fold = new CallMomentFold();
        for (int i = 0; i < at; i++)
            fold.Add(events[i]);
        return fold.ToMoment(events, at);
    }
}

/// <summary>One attempt of a handoff as far as it has come.</summary>
public sealed record AttemptMoment
{
    /// <summary>The handoff.</summary>
    public required Guid HandoffId { get; init; }

    /// <summary>Its number within the handoff, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>How it is tried.</summary>
    public required HandoffMethod Method { get; init; }

    /// <summary>Where it goes; empty for bye and reject.</summary>
    public required string Target { get; init; }

    /// <summary>The outbound endpoint; null where none is.</summary>
    public string? Trunk { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The last status heard, as SIP says it (<c>180 Ringing</c>); null as long as nothing was.</summary>
    public string? Heard { get; init; }

    /// <summary>What came of it; null while it is under way.</summary>
    public TransferOutcome? Outcome { get; init; }
}

/// <summary>What a call is doing at a moment.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CallPhase>))]
public enum CallPhase
{
    /// <summary>It waits for a decision.</summary>
    [JsonStringEnumMemberName("deciding")]
    Deciding,

    /// <summary>A handoff is asked for or under way.</summary>
    [JsonStringEnumMemberName("handing_off")]
    HandingOff,

    /// <summary>The caller is connected to a target.</summary>
    [JsonStringEnumMemberName("connected")]
    Connected,

    /// <summary>It was given away, or refused, and only its end is missing.</summary>
    [JsonStringEnumMemberName("ending")]
    Ending,

    /// <summary>It is over.</summary>
    [JsonStringEnumMemberName("ended")]
    Ended,
}
