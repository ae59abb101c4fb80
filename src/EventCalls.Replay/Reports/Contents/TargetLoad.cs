using EventCalls.Contracts;

namespace EventCalls.Replay.Reports.Contents;

/// <summary>A target that would get more calls within an hour of the clock than it was ever measured with.</summary>
/// <param name="Target">As <see cref="HandoffWords.Of(Handoff)"/> names it.</param>
/// <param name="Measured">The most attempts within an hour that it had; 0 when it was never tried.</param>
/// <param name="Expected">The most it would have: those it keeps, and the first attempts of the calls that move there. What fallbacks would add is not in it.</param>
/// <param name="Hour">When that hour began, UTC.</param>
public sealed record TargetLoad(string Target, long Measured, long Expected, DateTime Hour);
