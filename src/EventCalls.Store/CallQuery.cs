using EventCalls.Contracts;

namespace EventCalls.Store;

/// <summary>Which calls to find; what is null does not matter.</summary>
public sealed record CallQuery
{
    /// <summary>At most this many, 1 or more; null: 100 for a search, all when streams are read.</summary>
    public int? Limit { get; init; }

    /// <summary>Calls that started at or after this time, UTC.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Calls that started before this time, UTC.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The caller's number, as stored.</summary>
    public string? Caller { get; init; }

    /// <summary>The dialled number, as stored.</summary>
    public string? Callee { get; init; }

    /// <summary>How the caller's number begins, as stored.</summary>
    public string? CallerPrefix { get; init; }

    /// <summary>How the dialled number begins, as stored.</summary>
    public string? CalleePrefix { get; init; }

    /// <summary>The flow that was chosen last.</summary>
    public string? Flow { get; init; }

    /// <summary>What came of the last transfer.</summary>
    public TransferOutcome? Outcome { get; init; }

    /// <summary>The reason that was given for the last handoff.</summary>
    public string? Reason { get; init; }

    /// <summary>The calls to which a handoff of this id can belong (<see cref="EventIds.Handoff"/>).</summary>
    public Guid? OfHandoff { get; init; }

    /// <summary>The trunk the call came in on.</summary>
    public string? Trunk { get; init; }

    /// <summary>Where the last attempt went, as stored.</summary>
    public string? Target { get; init; }

    /// <summary>How the call was handed off last.</summary>
    public HandoffMethod? Handoff { get; init; }

    /// <summary>The version of the logic that decided last.</summary>
    public string? LogicVersion { get; init; }

    /// <summary>What the headers of the caller's INVITE must hold, all of it. Not in an index: the first event of every call that the rest leaves is read, so give a time range.</summary>
    public IReadOnlyList<HeaderCondition> Headers { get; init; } = [];

    /// <summary>Whether calls are archived: false for those that are not, null for all.</summary>
    public bool? Archived { get; init; } = false;

    /// <summary>Whether the caller's data are masked.</summary>
    public bool? Masked { get; init; }

    /// <summary>Whether calls have ended.</summary>
    public bool? Ended { get; init; }

    /// <summary>Go on behind this call: older ones in a search, newer ones when streams are read.</summary>
    public CallCursor? Behind { get; init; }

    /// <summary>Down to this call and with it; older ones are not wanted.</summary>
    public CallCursor? Until { get; init; }

    /// <summary>The stored names of the events wanted when streams are read; null for whole streams.</summary>
    public IReadOnlyList<string>? EventTypes { get; init; }

    /// <summary>The limit of a search.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 1.</exception>
    public int SearchLimit => Limit is < 1 ? throw new ArgumentOutOfRangeException(nameof(Limit), Limit, "A limit is 1 or more.") : Limit ?? 100;
}

/// <summary>A header that a call's INVITE must have had.</summary>
/// <param name="Names">Its name, with all its spellings; capitals are no difference.</param>
/// <param name="Value">Its whole value, as received; one of several is enough.</param>
public sealed record HeaderCondition(IReadOnlyList<string> Names, string Value);
