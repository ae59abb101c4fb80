using EventCalls.Media.Sessions;

namespace EventCalls.Media.Rtpengine;

/// <summary>What an engine says of a session.</summary>
/// <param name="IsKnown">Whether it has it; one that was started anew, or has timed it out, has not.</param>
/// <param name="First">The first audio stream of the one side; null when nothing is known of it.</param>
/// <param name="Second">That of the other.</param>
public sealed record RtpengineFigures(bool IsKnown, MediaCounts? First, MediaCounts? Second);
