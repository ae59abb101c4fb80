using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace EventCalls.Media.Audio;

/// <summary>Which code encodes and decodes Opus in this process: the program's own, or a native libopus, which takes less than half of the processor and allocates nothing.</summary>
public static class OpusLibrary
{
    private static LibOpus? s_native;

    /// <summary>Has what is begun from now on use a native library; null goes back to the program's own code. False where that cannot be, which then changes nothing.</summary>
    /// <param name="name">Its name or path, such as <c>libopus.so.0</c>.</param>
    /// <param name="whyNot">Why not, for the one who configured it.</param>
    public static bool TryUse(string? name, [NotNullWhen(false)] out string? whyNot)
    {
        whyNot = null;
        if (name is null)
            s_native = null;
        else if (name != s_native?.Name)
        {
            if (!LibOpus.TryLoad(name, out var native, out whyNot))
                return false;
            s_native = native;
        }
        return true;
    }

    /// <summary>A decoder with state of its own, for so many channels.</summary>
    internal static OpusDecoder NewDecoder(int channels) => s_native is { } native ? new NativeOpusDecoder(native, channels) : NewManagedDecoder(channels);

    /// <summary>An encoder with state of its own.</summary>
    /// <param name="channels">1 or 2.</param>
    /// <param name="bitrate">Bits a second.</param>
    /// <param name="complexity">From 0, the cheapest, to 10.</param>
    internal static OpusEncoder NewEncoder(int channels, int bitrate, int complexity) =>
        s_native is { } native ? new NativeOpusEncoder(native, channels, bitrate, complexity) : NewManagedEncoder(channels, bitrate, complexity);

    // Apart, so that a process without Opus does not load the package.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ManagedOpusDecoder NewManagedDecoder(int channels) => new(channels);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ManagedOpusEncoder NewManagedEncoder(int channels, int bitrate, int complexity) => new(channels, bitrate, complexity);
}
