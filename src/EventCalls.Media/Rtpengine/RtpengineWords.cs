using EventCalls.Media.Sessions;

namespace EventCalls.Media.Rtpengine;

/// <summary>What stands between a side and its engine.</summary>
/// <param name="Described">What the side described last.</param>
/// <param name="Told">What it was told last.</param>
public readonly record struct RtpengineWords(ReadOnlyMemory<byte> Described, ReadOnlyMemory<byte> Told)
{
    /// <summary>Whether there is audio between them; a fax has none.</summary>
    public bool HaveAudio => HasAudio(Described.Span) && HasAudio(Told.Span);

    private static bool HasAudio(ReadOnlySpan<byte> description) => DescribedStream.ReadAll(description).Exists(static s => s is { IsAudio: true, Port: > 0 });
}
