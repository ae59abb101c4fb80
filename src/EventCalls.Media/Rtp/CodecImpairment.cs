namespace EventCalls.Media.Rtp;

/// <summary>What a codec does to speech in the E-model: Ie without loss, Bpl as how well it bears loss (ITU-T G.113 appendix I).</summary>
internal readonly record struct CodecImpairment(double Ie, double Bpl)
{
    /// <summary>G.711 with concealment of lost packets: 0 and 25.1. There are no figures of ITU-T for Opus, which is taken as this.</summary>
    public static readonly CodecImpairment G711 = new(0, 25.1);
}
