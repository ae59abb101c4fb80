using EventCalls.Media.Rtp;

namespace EventCalls.Media.Relay;

/// <summary>One stream of a leg, an m-line: its two ports, and what comes in at them goes to the same stream of the leg it is connected to.</summary>
/// <remarks>Only the relay's thread calls it, but for what is read of its counts.</remarks>
internal sealed class RelayStream
{
    /// <summary>The room that is kept behind a received datagram, for what is put behind it on its way, bytes.</summary>
    public const int Room = 64;

    private readonly RelayLeg _leg;
    private readonly int _index;
    private readonly bool _isRtp;
    private long _packets;
    private long _bytes;

    public RelayStream(RelayLeg leg, int index, bool isRtp, System.Net.Sockets.Socket rtp, System.Net.Sockets.Socket rtcp)
    {
        _leg = leg;
        _index = index;
        _isRtp = isRtp;
        Rtp = new RelayPort(rtp, this, false);
        Rtcp = new RelayPort(rtcp, this, true);
    }

    /// <summary>Where its RTP comes in and leaves, or whatever else the stream is made of.</summary>
    public RelayPort Rtp { get; }

    /// <summary>Where its RTCP does, unless both share the other port (RFC 5761).</summary>
    public RelayPort Rtcp { get; }

    /// <summary>How many packets of media came from the peer.</summary>
    public long Packets => Volatile.Read(ref _packets);

    /// <summary>How many bytes of them, with their headers.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Takes a datagram of the peer's.</summary>
    /// <param name="buffer">It, and behind it <see cref="Room"/> bytes.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="isControl">Whether it came in at the port for RTCP.</param>
    /// <param name="now">The relay's clock, milliseconds.</param>
    public void OnDatagram(Span<byte> buffer, int length, bool isControl, long now)
    {
        var datagram = buffer[..length];
        bool isRtcp = isControl || RtpPacket.IsRtcp(datagram);
        if (_isRtp && !isRtcp && !RtpPacket.TryParse(datagram, out _))
            return;
        _leg.HeardAt = now;
        if (!isRtcp)
        {
            _packets++;
            _bytes += length;
        }
        if (_leg.Peer?.StreamAt(_index) is { } other)
            (isControl ? other.Rtcp : other.Rtp).Send(datagram);
    }
}
