using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EventCalls.Media.Srtp;

/// <summary>AES in Galois counter mode (RFC 7714).</summary>
internal sealed class AesGcmCipher : SrtpCipher
{
    private const int RtcpHeader = 8;
    private const int IndexLength = 4;
    private const int TagLength = 16;
    private const int NonceLength = 12;

    // What RTCP authenticates but does not encrypt has to lie in one piece (RFC 7714 §9.3); the longest is a whole packet.
    private readonly byte[] _open = new byte[2048];
    private readonly Keys _rtp;
    private readonly Keys _rtcp;
    private readonly byte[] _identifier;

    public AesGcmCipher(SrtpSessionKeys rtp, SrtpSessionKeys rtcp, byte[] identifier)
    {
        _rtp = new Keys(rtp);
        _rtcp = new Keys(rtcp);
        _identifier = identifier;
    }

    /// <inheritdoc/>
    public override int Overhead => TagLength + _identifier.Length;

    /// <inheritdoc/>
    public override int RtcpOverhead => TagLength + IndexLength + _identifier.Length;

    /// <inheritdoc/>
    public override int Protect(Span<byte> buffer, int length, int header, uint ssrc, ulong number)
    {
        _rtp.Seal(buffer[header..length], buffer.Slice(length, TagLength), buffer[..header], ssrc, number);
        _identifier.CopyTo(buffer[(length + TagLength)..]);
        return length + Overhead;
    }

    /// <inheritdoc/>
    public override int Unprotect(Span<byte> packet, int header, uint ssrc, ulong number)
    {
        int length = packet.Length - Overhead;
        if (!packet.EndsWith(_identifier) || !_rtp.Open(packet[header..length], packet.Slice(length, TagLength), packet[..header], ssrc, number))
            return SrtpResult.BadTag;
        return length;
    }

    /// <inheritdoc/>
    public override int ProtectRtcp(Span<byte> buffer, int length, uint ssrc, uint index)
    {
        Span<byte> open = _open.AsSpan(0, RtcpHeader + IndexLength);
        buffer[..RtcpHeader].CopyTo(open);
        BinaryPrimitives.WriteUInt32BigEndian(open[RtcpHeader..], Encrypted | index);
        _rtcp.Seal(buffer[RtcpHeader..length], buffer.Slice(length, TagLength), open, ssrc, index);
        open[RtcpHeader..].CopyTo(buffer[(length + TagLength)..]);
        _identifier.CopyTo(buffer[(length + TagLength + IndexLength)..]);
        return length + RtcpOverhead;
    }

    /// <inheritdoc/>
    public override uint RtcpIndex(ReadOnlySpan<byte> packet) =>
        BinaryPrimitives.ReadUInt32BigEndian(packet[(packet.Length - IndexLength - _identifier.Length)..]);

    /// <inheritdoc/>
    public override int UnprotectRtcp(Span<byte> packet, uint ssrc)
    {
        int length = packet.Length - RtcpOverhead;
        uint index = RtcpIndex(packet);
        int header = (index & Encrypted) != 0 ? RtcpHeader : length;
        if (!packet.EndsWith(_identifier) || header + IndexLength > _open.Length)
            return SrtpResult.BadTag;
        packet[..header].CopyTo(_open);
        BinaryPrimitives.WriteUInt32BigEndian(_open.AsSpan(header), index);
        ReadOnlySpan<byte> open = _open.AsSpan(0, header + IndexLength);
        return _rtcp.Open(packet[header..length], packet.Slice(length, TagLength), open, ssrc, index & ~Encrypted) ? length : SrtpResult.BadTag;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    /// <summary>The keys of RTP or those of RTCP, at work.</summary>
    private sealed class Keys(SrtpSessionKeys keys) : IDisposable
    {
        private readonly AesGcm _gcm = new(keys.Encryption, TagLength);
        private readonly AesKeystream _stream = new(keys.Encryption);
        private readonly ulong _saltHigh = BinaryPrimitives.ReadUInt64BigEndian(keys.Salt);
        private readonly uint _saltLow = BinaryPrimitives.ReadUInt32BigEndian(keys.Salt.AsSpan(8));

        public void Seal(Span<byte> bytes, Span<byte> tag, ReadOnlySpan<byte> open, uint ssrc, ulong number)
        {
            Span<byte> nonce = stackalloc byte[NonceLength];
            WriteNonce(nonce, ssrc, number);
            _gcm.Encrypt(nonce, bytes, bytes, tag, open);
        }

        /// <summary>
        /// Decrypts where the tag fits. The library throws for a tag that does not, which a stranger could make it do for each packet:
        /// so the bytes are decrypted without a look at the tag, encrypted again for the tag they should have, and decrypted when it is theirs.
        /// </summary>
        public bool Open(Span<byte> bytes, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> open, uint ssrc, ulong number)
        {
            Span<byte> nonce = stackalloc byte[NonceLength];
            Span<byte> right = stackalloc byte[TagLength];
            WriteNonce(nonce, ssrc, number);
            ulong high = BinaryPrimitives.ReadUInt64BigEndian(nonce);
            // The counter of the first block is 2: 1 is the tag's (NIST SP 800-38D §7.1).
            ulong low = (ulong)BinaryPrimitives.ReadUInt32BigEndian(nonce[8..]) << 32 | 2;
            _stream.Apply(bytes, high, low);
            _gcm.Encrypt(nonce, bytes, bytes, right, open);
            if (!CryptographicOperations.FixedTimeEquals(right, tag))
                return false;
            _stream.Apply(bytes, high, low);
            return true;
        }

        public void Dispose()
        {
            _gcm.Dispose();
            _stream.Dispose();
        }

        /// <summary>The salt over two zeros, the SSRC and the packet's number of 48 bits (RFC 7714 §8.1; §9.1 with 31 bits for RTCP).</summary>
        private void WriteNonce(Span<byte> nonce, uint ssrc, ulong number)
        {
            BinaryPrimitives.WriteUInt64BigEndian(nonce, _saltHigh ^ ((ulong)ssrc << 16 | number >> 32));
            BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], _saltLow ^ (uint)number);
        }
    }
}
