using System.Buffers.Binary;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;

namespace EventCalls.Host.Import.Captures;

/// <summary>Finds the SIP messages in packets: over links, IP, fragments, UDP and TCP, on any port.</summary>
/// <param name="problems">Where what cannot be read is noted.</param>
/// <param name="take">Takes each message, in the order of the packets.</param>
internal sealed class MessageReader(ImportProblems problems, Action<CapturedMessage> take)
{
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const int MostTunnels = 3;

    private readonly FragmentTable _fragments = new(problems);
    private readonly TcpStreams _streams = new(problems);
    private readonly SipMessage _message = new();
    private CapturedPacket _last;

    /// <summary>How many messages were read.</summary>
    public long Messages { get; private set; }

    /// <summary>Takes a packet in.</summary>
    public void Add(in CapturedPacket packet)
    {
        _last = packet with { Bytes = default };
        if (!LinkLayer.Knows(packet.LinkType))
        {
            problems.Once($"offset {packet.Offset}", LinkLayer.NameOf(packet.LinkType) is { } name
                ? $"packets of link type {packet.LinkType} ({name}) cannot be read; Ethernet, Linux cooked, loopback and raw IP can"
                : $"packets of link type {packet.LinkType} cannot be read; Ethernet, Linux cooked, loopback and raw IP can");
            return;
        }
        if (IpPacket.TryParse(LinkLayer.Strip(packet.LinkType, packet.Bytes), out var ip))
            Add(ip, packet, 0);
    }

    /// <summary>The packets have come to their end: what still waits for others is read as far as it goes.</summary>
    public void End()
    {
        _fragments.End();
        foreach (var stream in _streams.All)
        {
            while (stream.WaitingBytes > 0)
            {
                stream.PassOverGap(_last.Offset, problems);
                Read(stream, _last);
            }
        }
    }

    private void Add(IpPacket ip, in CapturedPacket packet, int tunnels)
    {
        if (ip.IsFragment)
        {
            if (!_fragments.TryComplete(ip, packet.Time, packet.Offset, out var whole))
                return;
            ip = whole;
        }
        switch (ip.Protocol)
        {
            case Udp:
                AddDatagram(ip, packet);
                break;
            case Tcp:
                AddSegment(ip, packet);
                break;
            case 4 or 41 when tunnels < MostTunnels && IpPacket.TryParse(ip.Payload, out var inner):
                Add(inner, packet, tunnels + 1);
                break;
        }
    }

    private void AddDatagram(in IpPacket ip, in CapturedPacket packet)
    {
        var bytes = ip.Payload;
        if (bytes.Length < 8)
            return;
        var header = bytes.Span;
        int length = BinaryPrimitives.ReadUInt16BigEndian(header[4..]);
        var payload = length >= 8 && length < bytes.Length ? bytes[8..length] : bytes[8..];
        int blank = payload.Span.IndexOfAnyExcept((byte)'\r', (byte)'\n');
        if (blank < 0 || !SipStart.Is(payload.Span[blank..]))
            return;
        var source = new NetEndPoint(ip.Source, BinaryPrimitives.ReadUInt16BigEndian(header));
        var destination = new NetEndPoint(ip.Destination, BinaryPrimitives.ReadUInt16BigEndian(header[2..]));
        Read(payload, source, destination, "udp", packet);
    }

    private void AddSegment(in IpPacket ip, in CapturedPacket packet)
    {
        if (!TcpSegment.TryParse(ip.Payload, out var segment) || _streams.Add(ip, segment, packet.Time, packet.Offset) is not { } stream)
            return;
        Read(stream, packet);
    }

    private void Read(TcpStream stream, in CapturedPacket packet)
    {
        while (stream.TryRead(packet.Offset, problems, out var message))
            Read(message, stream.Source, stream.Destination, "tcp", packet);
    }

    private void Read(ReadOnlyMemory<byte> bytes, NetEndPoint source, NetEndPoint destination, string transport, in CapturedPacket packet)
    {
        var error = SipParser.Parse(bytes, _message);
        // Of a message that was captured in part the header says enough.
        if (error is not (SipParseError.None or SipParseError.BodyTooShort))
        {
            problems.AtOffset(packet.Offset, $"a SIP message from {source} to {destination} cannot be read: {SipParser.Explain(error)}");
            return;
        }
        Messages++;
        take(new CapturedMessage(packet.Time, source, destination, transport, _message, packet.Offset));
    }
}
