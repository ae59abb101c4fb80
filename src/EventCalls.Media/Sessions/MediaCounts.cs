namespace EventCalls.Media.Sessions;

/// <summary>What moved between here and the peer of a leg, of its audio; counts of another thread, a moment old.</summary>
/// <param name="Received">Packets from the peer.</param>
/// <param name="Lost">Packets of the peer's that did not come (RFC 3550 A.3).</param>
/// <param name="Sent">Packets to the peer.</param>
/// <param name="Ignored">Datagrams of others than the peer, which were ignored.</param>
public sealed record MediaCounts(long Received, long Lost, long Sent, long Ignored)
{
    /// <summary>The name of the codec that the peer sent last; null when nobody has said which it is.</summary>
    public string? Codec { get; init; }

    /// <summary>How uneven packets come, milliseconds (RFC 3550 A.8); null when none came.</summary>
    public double? JitterMs { get; init; }

    /// <summary>How well the peer can be heard, 1–4.5 (RFC 3611 §4.7.5); null when nothing came, or nobody knows what the codec does to speech.</summary>
    public double? Mos { get; init; }
}
