using EventCalls.Replay.Calls;

namespace EventCalls.Replay.Deciding;

/// <summary>Decides blocks of past calls twice.</summary>
internal interface IPastDeciding : IDisposable
{
    /// <summary>How many blocks are worth being decided at the same time.</summary>
    int AtOnce { get; }

    /// <summary>The processes that decide now; empty when this one does.</summary>
    IEnumerable<int> Processes { get; }

    /// <summary>Decides a block.</summary>
    /// <param name="calls">The calls.</param>
    /// <param name="all">Whether those are decided as well that were not chosen.</param>
    Task<DecidedBlock> DecideAsync(PastBlock calls, bool all);
}

/// <summary>What came of a block.</summary>
/// <param name="Calls">In the order given; null for one that was not chosen.</param>
/// <param name="Unsteady">A call that came out otherwise under the very same conditions: then no verdict on this logic can be trusted. Less than 0 for none.</param>
internal sealed record DecidedBlock(ReplayedCall?[] Calls, int Unsteady);
