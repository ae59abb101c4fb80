using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Extensions.DigestServer;

/// <summary>Makes nonces that carry their own proof: when they were made, for what, and an HMAC of both. Nothing is kept of one until it is answered rightly.</summary>
internal sealed class NonceSource(byte[] secret)
{
    private const int IdLength = 16;
    private const int ProofLength = 16;
    private const int Length = IdLength + ProofLength;

    /// <summary>A nonce for the request; its repetition within the same second gets the same one (RFC 3261 §8.2.7).</summary>
    /// <param name="request">The request that is challenged.</param>
    /// <param name="now">The time, milliseconds of the Unix epoch.</param>
    public string New(SipMessage request, long now)
    {
        Span<byte> nonce = stackalloc byte[Length];
        BinaryPrimitives.WriteUInt32BigEndian(nonce, (uint)(now / 1000));
        using (var about = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret))
        {
            about.AppendData("for"u8);
            about.AppendData(request.CallId);
            about.AppendData("\n"u8);
            about.AppendData(request.FromTag);
            about.AppendData("\n"u8);
            about.AppendData(request.ViaBranch);
            Span<byte> hash = stackalloc byte[32];
            about.GetHashAndReset(hash);
            hash[..(IdLength - 4)].CopyTo(nonce[4..]);
        }
        Prove(nonce[..IdLength], nonce[IdLength..]);
        return Convert.ToHexStringLower(nonce);
    }

    /// <summary>Whether the nonce is of this source; when it was made, seconds of the Unix epoch, and what tells it from others.</summary>
    public bool TryRead(string nonce, out uint madeAt, out UInt128 id)
    {
        Span<byte> bytes = stackalloc byte[Length];
        Span<byte> proof = stackalloc byte[ProofLength];
        madeAt = 0;
        id = default;
        if (nonce.Length != 2 * Length || Convert.FromHexString(nonce, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        Prove(bytes[..IdLength], proof);
        if (!CryptographicOperations.FixedTimeEquals(proof, bytes[IdLength..]))
            return false;
        madeAt = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        id = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return true;
    }

    /// <summary>An opaque value of the source; challenges carry it, and nothing depends on it.</summary>
    public string Opaque { get; } = Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes("opaque")).AsSpan(0, 8));

    private void Prove(ReadOnlySpan<byte> id, Span<byte> proof)
    {
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(secret, id, hash);
        hash[..ProofLength].CopyTo(proof);
    }
}
