namespace EventCalls.Media.Srtp;

/// <summary>How one suite changes packets whose number is known. Nothing is allocated and nothing thrown for what a packet holds.</summary>
internal abstract class SrtpCipher : IDisposable
{
    /// <summary>The bit before the index of an RTCP packet that says it is encrypted (RFC 3711 §3.4).</summary>
    public const uint Encrypted = 0x8000_0000;

    /// <summary>How many bytes are added to an RTP packet.</summary>
    public abstract int Overhead { get; }

    /// <summary>How many bytes are added to an RTCP packet.</summary>
    public abstract int RtcpOverhead { get; }

    /// <summary>The cipher of the key's suite.</summary>
    public static SrtpCipher For(SrtpMasterKey master)
    {
        var rtp = SrtpSessionKeys.From(master, rtcp: false);
        var rtcp = SrtpSessionKeys.From(master, rtcp: true);
        return master.Suite.IsAead
            ? new AesGcmCipher(rtp, rtcp, master.Identifier)
            : new AesCounterCipher(rtp, rtcp, master.Suite, master.Identifier);
    }

    /// <summary>Protects the packet at the beginning of the buffer, which has room; returns the new length.</summary>
    public abstract int Protect(Span<byte> buffer, int length, int header, uint ssrc, ulong number);

    /// <summary>Takes the protection off a packet of at least header and overhead; returns the new length, or why not, the packet then as it was.</summary>
    public abstract int Unprotect(Span<byte> packet, int header, uint ssrc, ulong number);

    /// <summary>Protects the RTCP packet at the beginning of the buffer, which has room; returns the new length.</summary>
    public abstract int ProtectRtcp(Span<byte> buffer, int length, uint ssrc, uint index);

    /// <summary>The index, and the bit before it, of an RTCP packet of at least header and overhead.</summary>
    public abstract uint RtcpIndex(ReadOnlySpan<byte> packet);

    /// <summary>Takes the protection off an RTCP packet of at least header and overhead; returns the new length, or why not, the packet then as it was.</summary>
    public abstract int UnprotectRtcp(Span<byte> packet, uint ssrc);

    /// <inheritdoc/>
    public abstract void Dispose();
}
