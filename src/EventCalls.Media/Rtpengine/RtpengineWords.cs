namespace EventCalls.Media.Rtpengine;

/// <summary>What stands between a side and its engine.</summary>
/// <param name="Described">What the side described last.</param>
/// <param name="Told">What it was told last.</param>
public readonly record struct RtpengineWords(ReadOnlyMemory<byte> Described, ReadOnlyMemory<byte> Told);
