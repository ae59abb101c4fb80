namespace EventCalls.Media.Srtp;

/// <summary>What comes back instead of a length when a packet is not protected or not let through: always below zero.</summary>
internal static class SrtpResult
{
    /// <summary>It is no RTP or RTCP packet, or too short to have been protected.</summary>
    public const int Malformed = -1;

    /// <summary>Its tag, or the identifier of its key, is not that of our key: forged, changed on its way, or of another key.</summary>
    public const int BadTag = -2;

    /// <summary>Its number was seen before, or is so old that nobody knows (RFC 3711 §3.3.2).</summary>
    public const int Replayed = -3;

    /// <summary>More senders in one direction than are kept apart.</summary>
    public const int TooManyStreams = -4;

    /// <summary>All numbers under this key are used up (RFC 3711 §9.2): it takes a new key.</summary>
    public const int KeyUsedUp = -5;

    /// <summary>The buffer has no room for what is added to the packet.</summary>
    public const int NoRoom = -6;
}
