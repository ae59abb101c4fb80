namespace EventCalls.Media.Rtp;

/// <summary>What a codec does to speech in the E-model: Ie without loss, Bpl as how well it bears loss (ITU-T G.113 appendix I).</summary>
internal readonly record struct CodecImpairment(double Ie, double Bpl)
{
    /// <summary>G.711 with concealment of lost packets: 0 and 25.1. There are no figures of ITU-T for Opus, which is taken as this.</summary>
    public static readonly CodecImpairment G711 = new(0, 25.1);

    /// <summary>G.729 with annex A.</summary>
    public static readonly CodecImpairment G729 = new(11, 19);

    /// <summary>G.723.1 at 6.3 kbit/s.</summary>
    public static readonly CodecImpairment G723 = new(15, 16.1);
}
