using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EventCalls.Media.Ice;

/// <summary>A STUN binding request taken apart where it lies, as ICE sends them to find out whether a path is open (RFC 8489 §5, RFC 8445 §7.1).</summary>
internal readonly ref struct StunRequest
{
    /// <summary>How long a header is, bytes.</summary>
    public const int HeaderLength = 20;

    /// <summary>The magic cookie.</summary>
    public const uint Cookie = 0x2112A442;

    private const ushort Binding = 0x0001;
    private const ushort UserNameType = 0x0006;
    private const ushort IntegrityType = 0x0008;
    private const ushort PriorityType = 0x0024;
    private const ushort UseCandidateType = 0x0025;
    private const int IntegrityLength = 20;

    // Checks are of some 100 bytes; more has no place in a datagram that is not to be fragmented.
    private const int MostBytes = 1500;

    private readonly ReadOnlySpan<byte> _message;
    private readonly int _integrityAt;

    private StunRequest(ReadOnlySpan<byte> message, ReadOnlySpan<byte> userName, int integrityAt, uint priority, bool isNominated)
    {
        _message = message;
        UserName = userName;
        _integrityAt = integrityAt;
        Priority = priority;
        IsNominated = isNominated;
    }

    /// <summary>Whom it is for, a colon, and whom it is of.</summary>
    public ReadOnlySpan<byte> UserName { get; }

    /// <summary>How much its sender likes the path.</summary>
    public uint Priority { get; }

    /// <summary>Whether its sender wants to use the path.</summary>
    public bool IsNominated { get; }

    /// <summary>The transaction's number.</summary>
    public ReadOnlySpan<byte> Transaction => _message[8..HeaderLength];

    /// <summary>Whether a datagram on a port that carries RTP too is STUN (RFC 7983 §7).</summary>
    public static bool IsStun(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= HeaderLength && datagram[0] < 4 && BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) == Cookie;

    /// <summary>Reads a request; false when it is none, or nobody vouches for it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out StunRequest request)
    {
        request = default;
        if (!IsStun(datagram) || datagram.Length > MostBytes || BinaryPrimitives.ReadUInt16BigEndian(datagram) != Binding || HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]) != datagram.Length)
            return false;
        ReadOnlySpan<byte> userName = default;
        uint priority = 0;
        bool isNominated = false;
        for (int at = HeaderLength; at + 4 <= datagram.Length;)
        {
            ushort type = BinaryPrimitives.ReadUInt16BigEndian(datagram[at..]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[(at + 2)..]);
            if (at + 4 + length > datagram.Length)
                return false;
            var value = datagram.Slice(at + 4, length);
            if (type == UserNameType)
                userName = value;
            else if (type == PriorityType && length == 4)
                priority = BinaryPrimitives.ReadUInt32BigEndian(value);
            else if (type == UseCandidateType)
                isNominated = true;
            else if (type == IntegrityType && length == IntegrityLength)
            {
                // What stands behind it nobody vouches for (RFC 8489 §14.5).
                request = new StunRequest(datagram, userName, at, priority, isNominated);
                return !userName.IsEmpty;
            }
            at += 4 + ((length + 3) & ~3);
        }
        return false;
    }

    /// <summary>Whether its sender knows the password.</summary>
    public bool IsOf(ReadOnlySpan<byte> password)
    {
        Span<byte> signed = stackalloc byte[_integrityAt];
        _message[.._integrityAt].CopyTo(signed);
        // As if the message ended with its integrity.
        BinaryPrimitives.WriteUInt16BigEndian(signed[2..], (ushort)(_integrityAt + 4 + IntegrityLength - HeaderLength));
        Span<byte> hash = stackalloc byte[IntegrityLength];
        HMACSHA1.HashData(password, signed, hash);
        return CryptographicOperations.FixedTimeEquals(hash, _message.Slice(_integrityAt + 4, IntegrityLength));
    }
}
