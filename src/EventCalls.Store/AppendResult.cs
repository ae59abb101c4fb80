namespace EventCalls.Store;

/// <summary>What became of the events of one append.</summary>
public sealed record AppendResult
{
    /// <summary>How many were put into their streams.</summary>
    public required int Stored { get; init; }

    /// <summary>How many were there already.</summary>
    public required int Duplicates { get; init; }

    /// <summary>Those not stored because their cause, or the event they come after, is not there yet, in the order given.</summary>
    public required IReadOnlyList<EventToAppend> Waiting { get; init; }

    /// <summary>Those kept beside their stream because it had ended.</summary>
    public required IReadOnlyList<EventToAppend> Late { get; init; }
}
