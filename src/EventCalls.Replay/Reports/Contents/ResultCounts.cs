namespace EventCalls.Replay.Reports;

/// <summary>How many attempts, or calls, came to what.</summary>
/// <param name="Answered">Somebody answered.</param>
/// <param name="Accepted">The other side took the call over and reported no more (REFER without a report, redirect, BYE): whether anybody answered is not known.</param>
/// <param name="Busy">Busy.</param>
/// <param name="NoAnswer">Rang, or was tried, in vain.</param>
/// <param name="Failed">Declined, not found, not allowed, unauthorized, unreachable, timed out, no final report, invalid target, or an error.</param>
/// <param name="TurnedAway">Rejected by the logic itself.</param>
/// <param name="CallerHungUp">The caller gave up first; says nothing about the target and is in no rate.</param>
/// <param name="Unknown">The stream does not say; in no rate.</param>
public sealed record ResultCounts(long Answered, long Accepted, long Busy, long NoAnswer, long Failed, long TurnedAway, long CallerHungUp, long Unknown)
{
    /// <summary>How many have a result that counts: all but those in which the caller gave up and the unknown ones.</summary>
    public long Counted => Answered + Accepted + Busy + NoAnswer + Failed + TurnedAway;
}
