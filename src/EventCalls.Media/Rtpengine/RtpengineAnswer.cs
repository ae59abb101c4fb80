namespace EventCalls.Media.Rtpengine;

/// <summary>What became of a description that was to be written for the other side.</summary>
/// <param name="Description">As the other side is told it; null when there is none.</param>
/// <param name="WhyNot">Why there is none, in words.</param>
public readonly record struct RtpengineAnswer(byte[]? Description, string? WhyNot);
