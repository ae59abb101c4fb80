namespace EventCalls.Import.Captures;

/// <summary>The TCP streams of a capture; when there are too many, the one that was silent longest is forgotten.</summary>
internal sealed class TcpStreams(ImportProblems problems)
{
    /// <summary>How many are kept.</summary>
    public const int MostStreams = 8_192;

    private const int MostWaitingBytes = 64 << 20;

    private readonly Dictionary<(NetEndPoint Source, NetEndPoint Destination), TcpStream> _streams = [];
    private readonly LinkedList<TcpStream> _byUse = new();
    private long _waitingBytes;

    /// <summary>The streams, the one that was silent longest first.</summary>
    public IReadOnlyList<TcpStream> All => [.. _byUse];

    /// <summary>Takes a segment in and hands out its stream, from which messages can be read.</summary>
    public TcpStream? Add(in IpPacket packet, in TcpSegment segment, DateTimeOffset time, long offset)
    {
        var key = (new NetEndPoint(packet.Source, segment.SourcePort), new NetEndPoint(packet.Destination, segment.DestinationPort));
        if (!_streams.TryGetValue(key, out var stream))
        {
            if (segment.IsReset || (segment.Payload.IsEmpty && segment.Missing == 0 && !segment.IsSyn))
                return null;
            stream = new TcpStream(key.Item1, key.Item2);
            _streams.Add(key, stream);
            stream.Place = _byUse.AddLast(stream);
            if (_streams.Count > MostStreams)
                Remove(_byUse.First!.Value);
        }
        else
        {
            _byUse.Remove(stream.Place!);
            _byUse.AddLast(stream.Place!);
        }
        if (segment.IsReset)
        {
            Remove(stream);
            return null;
        }
        int before = stream.WaitingBytes;
        stream.Add(segment, time, offset, problems);
        if (_waitingBytes + stream.WaitingBytes - before > MostWaitingBytes)
            stream.PassOverGap(offset, problems);
        _waitingBytes += stream.WaitingBytes - before;
        return stream;
    }

    private void Remove(TcpStream stream)
    {
        _waitingBytes -= stream.WaitingBytes;
        _streams.Remove((stream.Source, stream.Destination));
        _byUse.Remove(stream.Place!);
    }
}
