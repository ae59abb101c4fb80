namespace EventCalls.Media.Rtp;

/// <summary>
/// An estimate of how good a stream sounds: the R factor, 0–93.2, and what listeners would say, 1–4.4 (RFC 3611 §4.7.5; ITU-T G.107 with the default
/// values of all that is not measured here). <paramref name="MosConversational"/> has the delay in it where it is known.
/// </summary>
internal readonly record struct VoiceQuality(double R, double MosListening, double MosConversational)
{
    // R0 − Is of a connection with nothing but default values.
    private const double Best = 93.2;

    /// <summary>Of the share of packets lost (0–1), how they clump (1 is by chance), and the delay one way, ms.</summary>
    public static VoiceQuality Of(CodecImpairment codec, double lossRate, double burstRatio, double? delay)
    {
        double percent = 100 * lossRate;
        double equipment = codec.Ie + (95 - codec.Ie) * percent / (percent / Math.Max(1, burstRatio) + codec.Bpl);
        double listening = Math.Clamp(Best - equipment, 0, 100);
        double all = Math.Clamp(Best - equipment - DelayImpairment(delay ?? 0), 0, 100);
        return new VoiceQuality(all, Mos(listening), Mos(all));
    }

    /// <summary>The opinion score of an R factor (G.107 annex B).</summary>
    public static double Mos(double r) => r <= 0 ? 1 : r >= 100 ? 4.5 : Math.Max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);

    // Idd of G.107 §7.4: nothing up to 100 ms.
    private static double DelayImpairment(double milliseconds)
    {
        if (milliseconds <= 100)
            return 0;
        double x = Math.Log2(milliseconds / 100);
        return 25 * (Math.Pow(1 + Math.Pow(x, 6), 1 / 6.0) - 3 * Math.Pow(1 + Math.Pow(x / 3, 6), 1 / 6.0) + 2);
    }
}
