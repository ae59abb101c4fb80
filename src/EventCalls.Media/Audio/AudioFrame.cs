namespace EventCalls.Media.Audio;

/// <summary>The measure of all audio here: 8 kHz, one channel, 16 bit, 20 ms at a time.</summary>
internal static class AudioFrame
{
    /// <summary>Samples per second.</summary>
    public const int SampleRate = 8000;

    /// <summary>How long a frame is.</summary>
    public const int Milliseconds = 20;

    /// <summary>Samples of a frame.</summary>
    public const int Samples = SampleRate / 1000 * Milliseconds;

    /// <summary>As long as an encoded frame of any of our codecs may get, bytes.</summary>
    public const int MostPayload = 400;

    /// <summary>As many samples as a packet may hold: 120 ms, the most that Opus packs into one (RFC 6716 §3.2.5); a longer payload of G.711 is no packet of a telephone.</summary>
    public const int MostSamplesOfAPacket = SampleRate / 1000 * 120;
}
