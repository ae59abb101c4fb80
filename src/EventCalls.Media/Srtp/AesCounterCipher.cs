using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EventCalls.Media.Srtp;

/// <summary>AES in counter mode and HMAC-SHA1 (RFC 3711 §4.1.1 and §4.2.1; RFC 6188 for keys of 256 bits).</summary>
internal sealed class AesCounterCipher : SrtpCipher
{
    private const int RtcpHeader = 8;
    private const int IndexLength = 4;
    private const int HashLength = 20;
    private readonly Keys _rtp;
    private readonly Keys _rtcp;
    private readonly byte[] _identifier;
    private readonly int _tag;
    private readonly int _rtcpTag;

    public AesCounterCipher(SrtpSessionKeys rtp, SrtpSessionKeys rtcp, SrtpSuite suite, byte[] identifier)
    {
        _rtp = new Keys(rtp);
        _rtcp = new Keys(rtcp);
        _identifier = identifier;
        _tag = suite.TagLength;
        _rtcpTag = suite.RtcpTagLength;
    }

    /// <inheritdoc/>
    public override int Overhead => _identifier.Length + _tag;

    /// <inheritdoc/>
    public override int RtcpOverhead => IndexLength + _identifier.Length + _rtcpTag;

    /// <inheritdoc/>
    public override int Protect(Span<byte> buffer, int length, int header, uint ssrc, ulong number)
    {
        _rtp.Encrypt(buffer[header..length], ssrc, number);
        Span<byte> hash = stackalloc byte[HashLength];
        // The tag covers the roll-over counter behind the packet (RFC 3711 §4.2): it lies for a moment where the tag comes to lie.
        BinaryPrimitives.WriteUInt32BigEndian(buffer[length..], (uint)(number >> 16));
        _rtp.Hash(buffer[..(length + IndexLength)], hash);
        _identifier.CopyTo(buffer[length..]);
        hash[.._tag].CopyTo(buffer[(length + _identifier.Length)..]);
        return length + Overhead;
    }

    /// <inheritdoc/>
    public override int Unprotect(Span<byte> packet, int header, uint ssrc, ulong number)
    {
        int length = packet.Length - Overhead;
        if (!IsOurs(packet[length..]))
            return SrtpResult.BadTag;
        Span<byte> hash = stackalloc byte[HashLength];
        Span<byte> counter = packet.Slice(length, IndexLength);
        uint covered = BinaryPrimitives.ReadUInt32BigEndian(counter);
        BinaryPrimitives.WriteUInt32BigEndian(counter, (uint)(number >> 16));
        _rtp.Hash(packet[..(length + IndexLength)], hash);
        BinaryPrimitives.WriteUInt32BigEndian(counter, covered);
        if (!CryptographicOperations.FixedTimeEquals(hash[.._tag], packet[^_tag..]))
            return SrtpResult.BadTag;
        _rtp.Encrypt(packet[header..length], ssrc, number);
        return length;
    }

    /// <inheritdoc/>
    public override int ProtectRtcp(Span<byte> buffer, int length, uint ssrc, uint index)
    {
        _rtcp.Encrypt(buffer[RtcpHeader..length], ssrc, index);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[length..], Encrypted | index);
        Span<byte> hash = stackalloc byte[HashLength];
        _rtcp.Hash(buffer[..(length + IndexLength)], hash);
        _identifier.CopyTo(buffer[(length + IndexLength)..]);
        hash[.._rtcpTag].CopyTo(buffer[(length + IndexLength + _identifier.Length)..]);
        return length + RtcpOverhead;
    }

    /// <inheritdoc/>
    public override uint RtcpIndex(ReadOnlySpan<byte> packet) =>
        BinaryPrimitives.ReadUInt32BigEndian(packet[(packet.Length - RtcpOverhead)..]);

    /// <inheritdoc/>
    public override int UnprotectRtcp(Span<byte> packet, uint ssrc)
    {
        int length = packet.Length - RtcpOverhead;
        if (!IsOurs(packet[(length + IndexLength)..]))
            return SrtpResult.BadTag;
        Span<byte> hash = stackalloc byte[HashLength];
        _rtcp.Hash(packet[..(length + IndexLength)], hash);
        if (!CryptographicOperations.FixedTimeEquals(hash[.._rtcpTag], packet[^_rtcpTag..]))
            return SrtpResult.BadTag;
        uint index = RtcpIndex(packet);
        if ((index & Encrypted) != 0)
            _rtcp.Encrypt(packet[RtcpHeader..length], ssrc, index & ~Encrypted);
        return length;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    private bool IsOurs(ReadOnlySpan<byte> behind) => _identifier.Length == 0 || behind.StartsWith(_identifier);

    /// <summary>The keys of RTP or those of RTCP, at work.</summary>
    private sealed class Keys : IDisposable
    {
        private readonly AesKeystream _stream;
        private readonly IncrementalHash _hash;
        private readonly ulong _saltHigh;
        private readonly ulong _saltLow;

        public Keys(SrtpSessionKeys keys)
        {
            _stream = new AesKeystream(keys.Encryption);
            _hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, keys.Authentication);
            _saltHigh = BinaryPrimitives.ReadUInt64BigEndian(keys.Salt);
            _saltLow = (ulong)BinaryPrimitives.ReadUInt32BigEndian(keys.Salt.AsSpan(8)) << 32
                | (ulong)BinaryPrimitives.ReadUInt16BigEndian(keys.Salt.AsSpan(12)) << 16;
        }

        /// <summary>Encrypts or decrypts: the counter begins with the salt over the SSRC and the packet's number (RFC 3711 §4.1.1).</summary>
        public void Encrypt(Span<byte> bytes, uint ssrc, ulong number) => _stream.Apply(bytes, _saltHigh ^ ssrc, _saltLow ^ number << 16);

        public void Hash(ReadOnlySpan<byte> bytes, Span<byte> hash)
        {
            _hash.AppendData(bytes);
            _hash.GetHashAndReset(hash);
        }

        public void Dispose()
        {
            _stream.Dispose();
            _hash.Dispose();
        }
    }
}
