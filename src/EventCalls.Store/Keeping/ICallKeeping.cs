using EventCalls.Contracts;

namespace EventCalls.Store.Keeping;

/// <summary>What becomes of calls that ended long ago; a role of the store. Streams and the <c>calls</c> projection change in one transaction.</summary>
/// <remarks>
/// A call that has not ended, or that is not there, is passed over. What was counted of a call stays counted.
/// Events of an erased call that a broker delivers once more come to a stream that has no beginning, and are not stored.
/// Every member throws <see cref="StoreUnreachableException"/> when the store cannot be used now.
/// </remarks>
public interface ICallKeeping
{
    /// <summary>Takes the calls out of lists, searches and replays; who names one, or asks for archived ones, still gets them.</summary>
    /// <returns>How many were archived now; one that is archived already does not count.</returns>
    Task<int> ArchiveAsync(IReadOnlyList<Guid> calls, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Takes out of the calls' events who called and what was said about them: see <see cref="CallMask"/>.</summary>
    /// <returns>How many were masked now; one that is masked already does not count.</returns>
    Task<int> MaskAsync(IReadOnlyList<Guid> calls, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Deletes the calls with all their events, for ever.</summary>
    /// <returns>How many were erased.</returns>
    Task<int> EraseAsync(IReadOnlyList<Guid> calls, CancellationToken cancellationToken);
}

/// <summary>What is done with a call that is kept no longer as it is.</summary>
public enum KeepingAction
{
    /// <summary>It is taken out of lists and replays.</summary>
    Archive,

    /// <summary>Who called is taken out of it.</summary>
    Mask,

    /// <summary>It is deleted.</summary>
    Erase,
}

/// <summary>A rule of how long calls are kept.</summary>
/// <param name="Age">How long after its start a call is kept as it is.</param>
/// <param name="Action">What is done then.</param>
/// <param name="Trunk">Only calls of this trunk; null for all.</param>
/// <param name="Outcome">Only calls whose last transfer came to this; null for all.</param>
public sealed record RetentionRule(TimeSpan Age, KeepingAction Action, string? Trunk = null, TransferOutcome? Outcome = null)
{
    /// <summary>The calls that are due.</summary>
    public CallQuery Due(DateTimeOffset now) => new()
    {
        To = now - Age,
        Trunk = Trunk,
        Outcome = Outcome,
        Ended = true,
        Archived = Action == KeepingAction.Archive ? false : null,
        Masked = Action == KeepingAction.Mask ? false : null,
    };
}
