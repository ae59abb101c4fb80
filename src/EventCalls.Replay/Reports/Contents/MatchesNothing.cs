namespace EventCalls.Replay.Reports;

/// <summary>Calls for which the configured default was taken because the logic gave nothing usable, or nothing in time.</summary>
/// <param name="Was">How many calls as recorded, of all replayed ones.</param>
/// <param name="Now">How many calls as the candidate decides, of the same and the changed ones; errors are counted apart, though they would take the default too.</param>
/// <param name="NoLonger">Of those that did, how many do not any more.</param>
/// <param name="Newly">How many do that did not.</param>
/// <param name="Callees">The numbers dialled by the calls that match nothing now.</param>
/// <param name="Examples">The first few calls that match nothing now.</param>
public sealed record MatchesNothing(long Was, long Now, long NoLonger, long Newly, Listing<NumberCount> Callees, IReadOnlyList<Guid> Examples);
