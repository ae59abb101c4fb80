using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace EventCalls.Media.Relay;

/// <summary>Where datagrams go to or come from, in the form the kernel takes. It never changes, so any thread may read one while another is put in its place.</summary>
internal sealed class PeerAddress
{
    private readonly byte[] _bytes;

    private PeerAddress(byte[] bytes) => _bytes = bytes;

    /// <summary>As the kernel takes it.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>An address and port as a socket of the given family takes it; null for an address that such a socket cannot reach.</summary>
    public static PeerAddress? Of(IPAddress address, int port, AddressFamily family)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != family || port == 0)
            return null;
        var made = new IPEndPoint(address, port).Serialize();
        return new PeerAddress(made.Buffer[..made.Size].ToArray());
    }

    /// <summary>Where a datagram came from.</summary>
    public static PeerAddress Of(ReadOnlySpan<byte> received) => new(received.ToArray());

    /// <summary>Whether it is the same address and port; what else the kernel writes beside them does not count.</summary>
    public bool Is(ReadOnlySpan<byte> other) => IsAt(other) && Span[2..4].SequenceEqual(other[2..4]);

    /// <summary>Whether it is the same address, whatever the port.</summary>
    public bool IsAt(ReadOnlySpan<byte> other) => _bytes.Length == other.Length && AddressOf(Span).SequenceEqual(AddressOf(other));

    /// <inheritdoc />
    public override string ToString() => new IPEndPoint(new IPAddress(AddressOf(Span)), BinaryPrimitives.ReadUInt16BigEndian(Span[2..])).ToString();

    /// <summary>The bytes of the address alone, of one as the kernel takes it.</summary>
    public static ReadOnlySpan<byte> AddressOf(ReadOnlySpan<byte> address) => address.Length == Kernel.AddressLength ? address[8..24] : address[4..8];
}
