using System.Net.Sockets;
using EventCalls.Media.Audio;
using EventCalls.Media.Dtls;
using EventCalls.Media.Ice;
using EventCalls.Media.Recording;
using EventCalls.Media.Rtp;
using EventCalls.Media.Srtp;

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
    private readonly PayloadFormat?[] _formats = new PayloadFormat?[128];
    private RtpStatistics? _statistics;
    private TelephoneEventReader? _digits;
    private CallRecording? _recording;
    private RecordingChannel _channel;
    private bool _isProtected;
    private SrtpContext? _inbound;
    private SrtpContext? _outbound;
    private SrtpMasterKey? _ours;
    private SrtpMasterKey? _peers;
    private DtlsSession? _dtls;
    private string? _dtlsPeer;
    private long _packets;
    private long _refused;

    public RelayStream(RelayLeg leg, int index, bool isRtp, Socket rtp, Socket rtcp)
    {
        _leg = leg;
        _index = index;
        _isRtp = isRtp;
        Rtp = new RelayPort(rtp, this, false);
        Rtcp = new RelayPort(rtcp, this, true);
        Output = new RtpOutput(this);
    }

    /// <summary>What leaves towards the peer.</summary>
    public RtpOutput Output { get; }

    /// <summary>Where its RTP comes in and leaves, or whatever else the stream is made of.</summary>
    public RelayPort Rtp { get; }

    /// <summary>Where its RTCP does, unless both share the other port (RFC 5761).</summary>
    public RelayPort Rtcp { get; }

    /// <summary>Our part of ICE; null where the peer has none.</summary>
    public IceLite? Ice { get; set; }

    /// <summary>Whether the peer gets what is made here; who holds does not want to (RFC 3264 §8.4).</summary>
    public bool IsHeard { get; set; } = true;

    /// <summary>Whether the peer wants RTCP at the port of the RTP.</summary>
    public bool IsMuxed { get; set; }

    /// <summary>How many datagrams were refused because they were not protected with the peer's key.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>How many packets of media came from the peer.</summary>
    public long Packets => Volatile.Read(ref _packets);

    /// <summary>What the packets tell of their way; null as long as none came. Another thread may read its counts.</summary>
    public RtpStatistics? Statistics => Volatile.Read(ref _statistics);

    /// <summary>The format of the last packet; null when nobody has said what its payload type is.</summary>
    public PayloadFormat? Format { get => Volatile.Read(ref field); private set => Volatile.Write(ref field, value); }

    /// <summary>Says what payload types are; those that are not named stay as they were.</summary>
    public void Describe(IReadOnlyList<(int Type, PayloadFormat Format)> formats)
    {
        foreach (var (type, format) in formats)
            _formats[type] = format;
        TellRecording();
    }

    /// <summary>Whether it is the leg's voice.</summary>
    public bool IsAudio { get; init; }

    /// <summary>Records what comes in, on one channel; null for no longer.</summary>
    public void Record(CallRecording? recording, RecordingChannel channel)
    {
        (_recording, _channel) = (recording, channel);
        TellRecording();
    }

    /// <summary>Records a packet that is played to the peer in place of what it says.</summary>
    public void FeedMade(ReadOnlySpan<byte> datagram, AudioCodec codec, long now)
    {
        if (_recording is { } recording && RtpPacket.TryParse(datagram, out var packet))
            recording.FeedAs(_channel, packet, codec, now);
    }

    /// <summary>Sends a packet that was made here.</summary>
    public void SendMade(Span<byte> buffer, int length) => Send(buffer, length, false);

    private void TellRecording() => _recording?.SetPayloads(_channel, Known());

    private IEnumerable<(int, AudioCodec)> Known()
    {
        for (int type = 0; type < _formats.Length; type++)
        {
            if (_formats[type]?.Codec is { } codec)
                yield return (type, codec);
        }
    }

    /// <summary>Protects what leaves with one key, and takes the protection of another one off what comes; null for none, and then nothing moves where it must be protected.</summary>
    public void Protect(bool isProtected, SrtpMasterKey? ours, SrtpMasterKey? peers)
    {
        _isProtected = isProtected;
        Use(ref _outbound, ref _ours, ours);
        Use(ref _inbound, ref _peers, peers);
        if (!isProtected)
            EndDtls();
    }

    /// <summary>Has its keys agreed on by DTLS; what is agreed on with the same peer stays.</summary>
    public void ShakeHands(DtlsRole role, IReadOnlyList<DtlsFingerprint> fingerprints, RelayDtls dtls)
    {
        string peer = $"{role} {string.Join(' ', fingerprints)}";
        if (_dtls is not null && _dtlsPeer == peer)
            return;
        EndDtls();
        Protect(true, null, null);
        _dtlsPeer = peer;
        _dtls = dtls.Begin(role, fingerprints, new DtlsKeyed(this, dtls.Post));
    }

    /// <summary>Lets go of its keys.</summary>
    public void Close()
    {
        Protect(true, null, null);
        EndDtls();
    }

    /// <summary>Takes a datagram of the peer's; false when it is of no use.</summary>
    /// <param name="buffer">It, and behind it <see cref="Room"/> bytes.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="from">Who sent it.</param>
    /// <param name="isControl">Whether it came in at the port for RTCP.</param>
    /// <param name="now">The relay's clock, µs.</param>
    public bool OnDatagram(Span<byte> buffer, int length, ReadOnlySpan<byte> from, bool isControl, long now)
    {
        var port = isControl ? Rtcp : Rtp;
        if (_dtls is { } dtls && !isControl && DtlsSession.IsDtls(buffer[..length]))
        {
            // Where it came from is where the answer goes to.
            port.Take(from, now);
            dtls.Receive(buffer[..length]);
            return true;
        }
        bool isRtcp = _isRtp && RtpPacket.IsRtcp(buffer[..length]);
        if (_isRtp && isControl && !isRtcp)
            return false;
        if (_isProtected)
        {
            length = _inbound is null ? -1 : isRtcp ? _inbound.UnprotectRtcp(buffer, length) : _inbound.Unprotect(buffer, length);
            if (length < 0)
            {
                Volatile.Write(ref _refused, _refused + 1);
                return false;
            }
        }
        RtpPacket packet = default;
        PayloadFormat? format = null;
        bool isMedia = _isRtp && !isRtcp;
        if (isMedia && !TryHear(buffer[..length], now, out packet, out format))
            return false;
        port.Take(from, now);
        _leg.HeardAt = now;
        if (_leg.Peer?.StreamAt(_index) is not { } other)
            return true;
        // What is played has no digits in it.
        bool passes = !other.IsPlayed || format is { IsEvents: true };
        if (!passes && isMedia)
            other.Output.Skip(packet, format, now);
        else if (!passes)
            return true;
        else if (isMedia)
            other.Output.Pass(buffer, length, packet, format, now);
        else if (!isRtcp || !(other.Output.IsMade || Output.IsMade))
            other.Send(buffer, length, isRtcp);
        return true;
    }

    /// <summary>Sends a report of what is made here, when it is time.</summary>
    public void Report(Span<byte> buffer, long now, DateTimeOffset wall)
    {
        if (Output.Report(buffer, _statistics, now, wall) is > 0 and var length)
            Send(buffer, length, true);
    }

    /// <summary>Tells of a digit of which nothing has come for long; now and then.</summary>
    public void LookForEnds(long now)
    {
        if (_digits is { IsRunning: true } digits && digits.TryExpire(now, out var ended))
            Tell(ended);
    }

    private bool IsPlayed => IsAudio && _leg.Player is { IsPlaying: true };

    private void Send(Span<byte> buffer, int length, bool isRtcp)
    {
        if (_isProtected)
        {
            length = _outbound is null ? -1 : isRtcp ? _outbound.ProtectRtcp(buffer, length) : _outbound.Protect(buffer, length);
            if (length < 0)
                return;
        }
        (isRtcp && !IsMuxed ? Rtcp : Rtp).Send(buffer[..length]);
    }

    private void EndDtls()
    {
        _dtls?.Dispose();
        _dtls = null;
        _dtlsPeer = null;
    }

    private static void Use(ref SrtpContext? context, ref SrtpMasterKey? key, SrtpMasterKey? now)
    {
        // The same key goes on with its numbers: beginning anew would use them twice.
        if (key is not null && now is not null && key.IsSame(now))
            return;
        context?.Dispose();
        (context, key) = (now is null ? null : new SrtpContext(now), now);
    }

    private bool TryHear(ReadOnlySpan<byte> datagram, long now, out RtpPacket packet, out PayloadFormat? format)
    {
        format = null;
        if (!RtpPacket.TryParse(datagram, out packet))
            return false;
        Volatile.Write(ref _packets, _packets + 1);
        format = _formats[packet.PayloadType];
        // Digits count by the clock of the voice they are among.
        if (_statistics is not { } statistics || (statistics.ClockRate != format?.ClockRate && format is { IsTimed: true } && Format is null))
            Volatile.Write(ref _statistics, statistics = new RtpStatistics(format?.ClockRate ?? 8000));
        statistics.Receive(packet, now, format?.IsTimed ?? true);
        if (format is { IsEvents: true })
            HearDigits(packet, format, now);
        else
            Format = format;
        if (!_leg.IsAnnounced)
            _recording?.Feed(_channel, packet, now);
        if (!IsAudio)
            return true;
        foreach (var tap in _leg.Taps)
            tap.Hear(packet, format, now);
        return true;
    }

    private void HearDigits(in RtpPacket packet, PayloadFormat format, long now)
    {
        _digits ??= new TelephoneEventReader(format.ClockRate);
        Span<TelephoneEvent> ended = stackalloc TelephoneEvent[TelephoneEventReader.MostAtOnce];
        int count = _digits.Read(packet, now, ended);
        for (int i = 0; i < count; i++)
            Tell(ended[i]);
    }

    /// <summary>Hears of a handshake, on another thread.</summary>
    private sealed class DtlsKeyed(RelayStream stream, Action<Action> post) : IDtlsOwner
    {
        public void Send(ReadOnlySpan<byte> datagram) => stream.Rtp.Send(datagram);

        public void Keyed(DtlsKeys keys) => post(() => stream.Protect(true, keys.Ours, keys.Peers));

        public void Failed(DtlsFault fault, string detail)
        {
            // Without keys nothing is heard of the peer, and the call ends as of any that is silent.
        }

        public void Closed() => post(() => stream.Protect(true, null, null));
    }

    private void Tell(TelephoneEvent ended)
    {
        if (ended.Digit is { } digit)
            _leg.OnDigit?.Invoke(digit, ended.Milliseconds);
    }
}
