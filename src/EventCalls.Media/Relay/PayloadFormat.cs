using EventCalls.Media.Audio;
using EventCalls.Media.Rtp;

namespace EventCalls.Media.Relay;

/// <summary>What one payload type of a stream is, by its rtpmap or by its number alone (RFC 3551 §6).</summary>
/// <param name="Name">The encoding's name.</param>
/// <param name="ClockRate">Units of a timestamp per second.</param>
internal sealed record PayloadFormat(string Name, int ClockRate)
{
    /// <summary>The name of digits (RFC 4733 §7.1.1).</summary>
    public const string Events = "telephone-event";

    /// <summary>The codec, where it is one that is decoded here.</summary>
    public AudioCodec? Codec { get; } = AudioCodec.Find(Name, ClockRate);

    /// <summary>Whether it is digits (RFC 4733).</summary>
    public bool IsEvents { get; } = Name.Equals(Events, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether its timestamps say when it was sent: those of digits say when they began, those of comfort noise come with pauses.</summary>
    public bool IsTimed => !IsEvents && !Name.Equals("CN", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is the same encoding; names know no case (RFC 4855 §3).</summary>
    public bool IsSame(PayloadFormat other) => ClockRate == other.ClockRate && Name.Equals(other.Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>What it does to speech; null where nobody has measured.</summary>
    public CodecImpairment? Impairment => Name.ToUpperInvariant() switch
    {
        "PCMU" or "PCMA" or "G722" or "OPUS" => CodecImpairment.G711,
        "G729" => CodecImpairment.G729,
        "G723" => CodecImpairment.G723,
        _ => null,
    };

    /// <summary>The format of a number that needs no rtpmap; null for others.</summary>
    public static PayloadFormat? OfStaticType(int payloadType) => payloadType switch
    {
        0 => new("PCMU", 8000),
        3 => new("GSM", 8000),
        4 => new("G723", 8000),
        8 => new("PCMA", 8000),
        9 => new("G722", 8000),
        13 => new("CN", 8000),
        15 => new("G728", 8000),
        18 => new("G729", 8000),
        _ => null,
    };
}
