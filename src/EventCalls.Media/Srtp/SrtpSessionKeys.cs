using System.Buffers.Binary;

namespace EventCalls.Media.Srtp;

/// <summary>The keys of a session, made from the master key (RFC 3711 §4.3, RFC 6188 §3, RFC 7714 §11), without re-keying by rate.</summary>
internal readonly struct SrtpSessionKeys
{
    private const int RtcpLabels = 3;
    private const int AuthenticationLength = 20;

    public SrtpSessionKeys(byte[] encryption, byte[] authentication, byte[] salt)
    {
        Encryption = encryption;
        Authentication = authentication;
        Salt = salt;
    }

    /// <summary>The key of the cipher.</summary>
    public byte[] Encryption { get; }

    /// <summary>The key of the HMAC: 20 bytes; empty where the cipher authenticates.</summary>
    public byte[] Authentication { get; }

    /// <summary>The salt of the cipher.</summary>
    public byte[] Salt { get; }

    /// <summary>Makes the keys of RTP or those of RTCP.</summary>
    public static SrtpSessionKeys From(SrtpMasterKey master, bool rtcp)
    {
        int first = rtcp ? RtcpLabels : 0;
        return new SrtpSessionKeys(
            Derive(master, first, master.Suite.KeyLength),
            master.Suite.IsAead ? [] : Derive(master, first + 1, AuthenticationLength),
            Derive(master, first + 2, master.Suite.SaltLength));
    }

    /// <summary>The first bytes of the keystream that the label chooses.</summary>
    public static byte[] Derive(SrtpMasterKey master, int label, int length)
    {
        // A salt of 96 bits is filled up with zeros behind, to the 112 that the key derivation takes.
        Span<byte> counter = stackalloc byte[16];
        counter.Clear();
        master.Salt.CopyTo(counter);
        counter[7] ^= (byte)label;
        byte[] derived = new byte[length];
        using var stream = new AesKeystream(master.Key);
        stream.Apply(derived, BinaryPrimitives.ReadUInt64BigEndian(counter), BinaryPrimitives.ReadUInt64BigEndian(counter[8..]));
        return derived;
    }
}
