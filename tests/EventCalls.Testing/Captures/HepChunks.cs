using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace EventCalls.Testing.Captures;

/// <summary>A packet of HEP version 3 as a collector reads it: its chunks by their type.</summary>
public sealed class HepChunks
{
    private readonly Dictionary<int, byte[]> _chunks = [];

    /// <summary>Reads a packet.</summary>
    /// <exception cref="FormatException">It is none, or its lengths do not add up.</exception>
    public HepChunks(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < 6 || !packet.StartsWith("HEP3"u8) || BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) != packet.Length)
            throw new FormatException("no HEP3 packet of that length");
        for (var rest = packet[6..]; !rest.IsEmpty;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[4..]);
            if (BinaryPrimitives.ReadUInt16BigEndian(rest) != 0 || length < 6)
                throw new FormatException("a chunk of another vendor, or without a length");
            _chunks.Add(BinaryPrimitives.ReadUInt16BigEndian(rest[2..]), rest[6..length].ToArray());
            rest = rest[length..];
        }
    }

    /// <summary>The types of the chunks.</summary>
    public IEnumerable<int> Types => _chunks.Keys.Order();

    /// <summary>The IP family: 2 for IPv4, 10 for IPv6.</summary>
    public int Family => _chunks[1][0];

    /// <summary>The IP protocol.</summary>
    public int Protocol => _chunks[2][0];

    /// <summary>From where the message was sent.</summary>
    public IPEndPoint Source => new(new IPAddress(_chunks.GetValueOrDefault(3) ?? _chunks[5]), Number(7));

    /// <summary>To where.</summary>
    public IPEndPoint Destination => new(new IPAddress(_chunks.GetValueOrDefault(4) ?? _chunks[6]), Number(8));

    /// <summary>When it was seen.</summary>
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeSeconds(Long(9)).AddMicroseconds(Long(10));

    /// <summary>What kind of message it is; 1 for SIP.</summary>
    public int Kind => _chunks[11][0];

    /// <summary>The agent's number.</summary>
    public long Agent => Long(12);

    /// <summary>The agent's password; null when there is none.</summary>
    public string? Password => _chunks.TryGetValue(14, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>The message.</summary>
    public string Payload => Encoding.UTF8.GetString(_chunks[15]);

    /// <summary>What messages of one call have in common.</summary>
    public string Correlation => Encoding.UTF8.GetString(_chunks[17]);

    private int Number(int type) => BinaryPrimitives.ReadUInt16BigEndian(_chunks[type]);

    private long Long(int type) => BinaryPrimitives.ReadUInt32BigEndian(_chunks[type]);
}
