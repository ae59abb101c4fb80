using Concentus;

namespace EventCalls.Media.Audio;

/// <summary>How the Opus library is used: its own code, so that a machine that happens to have a native one gives the same audio.</summary>
internal static class OpusLibrary
{
    /// <summary>Sets it; to call before a codec is made.</summary>
    public static void Use() => OpusCodecFactory.AttemptToUseNativeLibrary = false;
}
