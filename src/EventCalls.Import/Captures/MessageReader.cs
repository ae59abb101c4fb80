using System.Buffers.Binary;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;

namespace EventCalls.Import.Captures;

/// <summary>Finds the SIP messages in packets: over links, tunnels, IP, fragments, UDP, TCP and capture agents, on any port. What holds SIP and cannot be read is named.</summary>
/// <param name="problems">Where what cannot be read is noted.</param>
/// <param name="take">Takes each message, in the order of the packets.</param>
internal sealed class MessageReader(ImportProblems problems, Action<CapturedMessage> take)
{
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const int SipOverTls = 5061;

    // The clock of a capture agent is believed as long as it is about right.
    private static readonly TimeSpan s_otherClock = TimeSpan.FromDays(1);

    private readonly FragmentTable _fragments = new(problems);
    private readonly TcpStreams _streams = new(problems);
    private readonly UnreadPackets _unread = new(problems);
    private readonly SipMessage _message = new();
    private CapturedPacket _last;

    /// <summary>How many messages were read.</summary>
    public long Messages { get; private set; }

    /// <summary>Takes a packet in.</summary>
    public void Add(in CapturedPacket packet)
    {
        _last = packet with { Bytes = default };
        var opening = new Opening();
        AddInner(LinkLayer.Strip(packet.LinkType, packet.Bytes, ref opening), packet.Bytes, packet, ref opening);
    }

    /// <summary>A file has come to its end: what could not be read of its packets is noted.</summary>
    public void EndFile() => _unread.EndFile();

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
        EndFile();
    }

    // The inner one is the IP packet that was found, empty when none was; the outer is what it was looked for in.
    private void AddInner(ReadOnlyMemory<byte> inner, ReadOnlyMemory<byte> outer, in CapturedPacket packet, ref Opening opening)
    {
        if (!inner.IsEmpty && IpPacket.TryParse(inner, out var ip))
        {
            if (opening.TryEnter())
                Add(ip, packet, ref opening);
            else
                _unread.Add(opening.What, packet.Offset);
            return;
        }
        var what = opening.What;
        if (what.Kind != UnreadKind.None && (what.IsAlwaysNamed || HoldsSip(outer.Span)))
            _unread.Add(what, packet.Offset);
    }

    private void Add(IpPacket ip, in CapturedPacket packet, ref Opening opening)
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
                AddDatagram(ip, packet, ref opening);
                break;
            case Tcp:
                AddSegment(ip, packet);
                break;
            default:
                AddInner(Tunnels.OfProtocol(ip.Protocol, ip.Payload, ref opening), ip.Payload, packet, ref opening);
                break;
        }
    }

    private void AddDatagram(in IpPacket ip, in CapturedPacket packet, ref Opening opening)
    {
        var bytes = ip.Payload;
        if (bytes.Length < 8)
            return;
        var header = bytes.Span;
        int length = BinaryPrimitives.ReadUInt16BigEndian(header[4..]);
        var payload = length >= 8 && length < bytes.Length ? bytes[8..length] : bytes[8..];
        if (HepPacket.Is(payload.Span))
        {
            AddHep(payload, ip, packet);
            return;
        }
        var source = new NetEndPoint(ip.Source, BinaryPrimitives.ReadUInt16BigEndian(header));
        var destination = new NetEndPoint(ip.Destination, BinaryPrimitives.ReadUInt16BigEndian(header[2..]));
        int blank = payload.Span.IndexOfAnyExcept((byte)'\r', (byte)'\n');
        if (blank < 0)
            return;
        var text = payload.Span[blank..];
        if (SipStart.Is(text) || (ip.IsCut && SipStart.IsBegun(text)))
            Read(payload, source, destination, "udp", packet, MissingOf(ip));
        else
            AddInner(Tunnels.OfDatagram(source.Port, destination.Port, payload, ref opening), payload, packet, ref opening);
    }

    private void AddHep(ReadOnlyMemory<byte> payload, in IpPacket ip, in CapturedPacket packet)
    {
        if (!HepPacket.TryParse(payload, out var hep))
        {
            if (ip.IsCut)
                _unread.AddCut(packet, ip.Missing);
            else
                problems.AtOffset(packet.Offset, "a HEP packet lacks its message, or who sent it to whom");
            return;
        }
        if (hep.Payload.IsEmpty)
            return;
        var time = hep.Time is { } seen && (seen - packet.Time).Duration() <= s_otherClock ? seen : packet.Time;
        Read(hep.Payload, hep.Source, hep.Destination, hep.Protocol == Tcp ? "tcp" : "udp", packet with { Time = time }, MissingOf(ip));
    }

    private void AddSegment(in IpPacket ip, in CapturedPacket packet)
    {
        if (!TcpSegment.TryParse(ip.Payload, out var segment))
            return;
        var payload = segment.Payload.Span;
        int port = Math.Min(segment.SourcePort, segment.DestinationPort);
        if (port == SipOverTls && payload.Length > 3 && payload[0] is >= 0x14 and <= 0x17 && payload[1] == 3)
        {
            _unread.Add(new Unread(UnreadKind.Tls), packet.Offset);
            return;
        }
        var (before, noted) = (Messages, problems.Count);
        if (_streams.Add(ip, segment with { Missing = ip.Missing }, packet.Time, packet.Offset) is not { } stream)
            return;
        Read(stream, packet);
        if (before == Messages && noted == problems.Count && !stream.IsReading && HoldsSip(payload))
            _unread.Add(new Unread(UnreadKind.TcpPort, port), packet.Offset);
    }

    private void Read(TcpStream stream, in CapturedPacket packet)
    {
        while (stream.TryTakeBeforeCut(out var beginning, out bool isCut))
        {
            if (beginning.IsEmpty)
                _unread.AddCut(packet, 0);
            else
                Read(beginning, stream.Source, stream.Destination, "tcp", packet, isCut ? 1 : null);
        }
        while (stream.TryRead(packet.Offset, problems, out var message))
            Read(message, stream.Source, stream.Destination, "tcp", packet);
    }

    // Missing is how many bytes were not captured, at least; null when all were.
    private void Read(
        ReadOnlyMemory<byte> bytes, NetEndPoint source, NetEndPoint destination, string transport, in CapturedPacket packet, int? missing = null)
    {
        if (missing is { } count)
        {
            _unread.AddCut(packet, count);
            // Zeros stand for a fragment's bytes that are not there.
            if (bytes.Span.IndexOf((byte)0) is >= 0 and var end)
                bytes = bytes[..end];
        }
        var error = SipParser.Parse(bytes, _message);
        // Of a message that was captured in part the header says enough.
        if (error is not (SipParseError.None or SipParseError.BodyTooShort))
        {
            if (missing is null)
                problems.AtOffset(packet.Offset, $"a SIP message from {source} to {destination} cannot be read: {SipParser.Explain(error)}");
            return;
        }
        Messages++;
        take(new CapturedMessage(packet.Time, source, destination, transport, _message, packet.Offset));
    }

    private static int? MissingOf(in IpPacket ip) => ip.IsCut ? ip.Missing : null;

    private static bool HoldsSip(ReadOnlySpan<byte> bytes) => bytes.IndexOf("SIP/2.0"u8) >= 0;
}
