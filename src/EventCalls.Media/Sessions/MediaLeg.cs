using System.Net;
using System.Security.Cryptography;
using EventCalls.Media.Audio;
using EventCalls.Media.Recording;
using EventCalls.Media.Relay;

namespace EventCalls.Media.Sessions;

/// <summary>The media of one leg that goes through here: what its peer describes says where to send, and what its peer is told names our ports.</summary>
/// <remarks>It belongs to the thread of its call; the relay's thread does what it asks for a little later.</remarks>
public sealed partial class MediaLeg
{
    // As long as most phones say a digit whose key is let go at once.
    private const int DigitMs = 160;

    private readonly MediaRelay _relay;
    private readonly IPAddress _bound;
    private readonly MediaProtection _asked;
    private readonly List<StreamTerms?> _terms = [];
    private readonly FormatTerms _formats = new();
    private readonly List<RelayStream?> _streams = [];
    private readonly RelayLeg _leg;
    private List<DescribedStream> _described = [];
    private List<DescribedStream> _told = [];
    private Player? _player;
    private (AudioSource Source, bool IsAnnounced)? _played;
    private bool _isWanted;
    private bool _isExpected;
    private bool _isClosed;

    internal MediaLeg(MediaRelay relay, IPAddress bound, IPAddress shown, Action? onSilent, Action<char, int>? onDigit, MediaProtection asked)
    {
        _relay = relay;
        _bound = bound;
        _asked = asked;
        Shown = shown;
        _leg = new RelayLeg { OnSilent = onSilent, OnDigit = onDigit };
        relay.Thread.Post(() => relay.Thread.Add(_leg));
    }

    /// <summary>Our address, as its peer is told it.</summary>
    public IPAddress Shown { get; }

    /// <summary>Why its media cannot be protected as its peer asks; null when it can.</summary>
    public string? WhyNot => _terms.Exists(static t => t is { Keys.IsUnusable: true }) ? "its media is to be protected in no way that there is here" : null;

    /// <summary>What came from the peer, and what was sent to it, of the first audio stream; null when there is none.</summary>
    public MediaCounts? Counts
    {
        get
        {
            if (AudioStream is not { } stream)
                return null;
            var (statistics, format) = (stream.Statistics, stream.Format);
            return new MediaCounts(stream.Packets, statistics?.Lost ?? 0, stream.Rtp.Sent, stream.Rtp.Ignored)
            {
                Codec = format?.Name,
                JitterMs = statistics?.JitterMilliseconds,
                Mos = format?.Impairment is { } impairment ? statistics?.Quality(impairment, null).MosListening : null,
            };
        }
    }

    /// <summary>Opens ports for the streams of a description that is to be told there, as far as they are not open; false when no port is free.</summary>
    public bool TryOpen(ReadOnlySpan<byte> description) => TryOpen(DescribedStream.ReadAll(description));

    /// <summary>The peer has described its session.</summary>
    public void Heard(ReadOnlySpan<byte> description)
    {
        if (_isClosed)
            return;
        _described = DescribedStream.ReadAll(description);
        _formats.Heard(_described);
        for (int i = 0; i < _described.Count; i++)
        {
            if (_described[i] is { IsRtp: true, IsRelayed: true, Port: > 0 } stream)
                TermsOf(i).Hear(stream);
            Direct(i);
            Protect(i);
        }
        Expect();
        PlayOn();
    }

    /// <summary>A description on its way to the peer, with our ports in place of those of whoever wrote it. A stream that no port is free for is refused in it.</summary>
    /// <param name="description">As the other side wrote it.</param>
    /// <param name="takesInfo">Whether the other side takes digits in INFO, so that they are worth offering to the peer in its audio.</param>
    public byte[] Told(ReadOnlySpan<byte> description, bool takesInfo = false)
    {
        var streams = DescribedStream.ReadAll(description);
        if (!_isClosed)
        {
            var changed = _formats.Told(description, streams, takesInfo);
            if (changed != description)
            {
                description = changed;
                streams = DescribedStream.ReadAll(description);
            }
            TryOpen(streams);
            for (int i = 0; i < streams.Count; i++)
                Describe(i, streams[i].Formats);
            _told = streams;
            PlayOn();
            _isWanted = streams.Exists(static s => s is { IsAudio: true, Port: > 0, Receives: true, IsHeld: false });
            Expect();
        }
        Span<int> ports = streams.Count <= 16 ? stackalloc int[streams.Count] : new int[streams.Count];
        for (int i = 0; i < streams.Count; i++)
            ports[i] = !streams[i].IsRelayed ? AnchoredDescription.NotRelayed : StreamAt(i)?.Rtp.Number ?? 0;
        byte[] told = AnchoredDescription.Write(description, Shown, ports, streams, i => streams[i].IsRtp ? TermsOf(i) : null, () => _relay.Dtls.Fingerprint);
        for (int i = 0; i < streams.Count; i++)
            Protect(i);
        return told;
    }

    /// <summary>Has two legs hear each other, and nobody else.</summary>
    public static void Connect(MediaLeg one, MediaLeg other)
    {
        var (first, second) = (one._leg, other._leg);
        one._relay.Thread.Post(() => RelayThread.Connect(first, second));
    }

    /// <summary>Has it hear nobody.</summary>
    public void Disconnect()
    {
        var leg = _leg;
        _relay.Thread.Post(() => RelayThread.Disconnect(leg));
    }

    /// <summary>Lets the peer hear something instead of whom it is connected to, from its beginning; null for whom it is connected to again.</summary>
    /// <remarks>Where it and the peer have no codec in common the peer hears nothing.</remarks>
    public void Play(Sound? sound) => Play(sound, isAnnounced: false);

    /// <summary>Lets the peer hear something as <see cref="Play(Sound)"/> does, which is recorded in place of what it says meanwhile.</summary>
    public void Announce(Sound sound) => Play(sound, isAnnounced: true);

    /// <summary>Ends an announcement; what is played instead of it by now goes on.</summary>
    public void EndAnnouncement()
    {
        if (_played is { IsAnnounced: true })
            _played = null;
        var (thread, leg) = (_relay.Thread, _leg);
        thread.Post(() =>
        {
            if (leg.IsAnnounced)
                thread.Play(leg, null, null);
        });
    }

    /// <summary>What encodes a sound for the peer, where that takes time; for any thread.</summary>
    public Action Preparing(Sound sound) => AudioIndex is >= 0 and var index && FormatToSend(index).Codec is { } codec ? () => Player.Prepare(sound.Source(), codec) : static () => { };

    private void Play(Sound? sound, bool isAnnounced)
    {
        DropMix();
        Play(sound?.Source(), isAnnounced);
    }

    private void Play(AudioSource? source, bool isAnnounced = false)
    {
        _played = source is null || _isClosed ? null : (source, isAnnounced);
        var (thread, leg) = (_relay.Thread, _leg);
        if (_played is null || AudioIndex is not (>= 0 and var index) || FormatToSend(index) is not ({ } codec, var type))
        {
            thread.Post(() => thread.Play(leg, null, null));
            return;
        }
        Player.Prepare(source!, codec);
        if (_player is null || _player.Codec != codec || _player.PayloadType != type)
            _player = new Player(codec, type, (uint)RandomNumberGenerator.GetInt32(int.MaxValue), (ushort)RandomNumberGenerator.GetInt32(short.MaxValue), (uint)RandomNumberGenerator.GetInt32(int.MaxValue));
        var player = _player;
        thread.Post(() => thread.Play(leg, player, source, isAnnounced));
    }

    /// <summary>The peer has described its session anew, or was told another one: what is played goes on in the codec that it wants now, in the stream that it takes.</summary>
    private void PlayOn()
    {
        var (leg, index) = (_leg, AudioIndex);
        _relay.Thread.Post(() => leg.VoiceIndex = index);
        if (_played is var (source, isAnnounced) && index >= 0 && FormatToSend(index) is var (codec, type) && (codec != _player?.Codec || type != _player?.PayloadType))
            Play(source, isAnnounced);
    }

    /// <summary>Whether audio is turned from one codec into another where the peer and the other side have none in common.</summary>
    public bool Transcodes { get => _formats.Transcodes; set => _formats.Transcodes = value; }

    /// <summary>Whether the peer takes digits in its audio (RFC 4733); null as long as it has described no audio.</summary>
    public bool? TakesDigits => AudioIndex is >= 0 and var index ? _described[index].Formats.Any(static f => f.Format.IsEvents) : null;

    /// <summary>Says a digit to the peer in its audio.</summary>
    /// <param name="digit">0–9, *, #, A–D.</param>
    /// <param name="milliseconds">How long, 40–8000; 0 where nobody knows.</param>
    public void Press(char digit, int milliseconds)
    {
        var (thread, leg, length) = (_relay.Thread, _leg, milliseconds == 0 ? DigitMs : milliseconds);
        thread.Post(() => thread.Press(leg, digit, length));
    }

    /// <summary>Records what the peer says, on one side of a recording; null for no longer.</summary>
    public void Record(MediaRecording? recording, bool isLeft)
    {
        var (leg, channel) = (_leg, isLeft ? RecordingChannel.Caller : RecordingChannel.Target);
        _relay.Thread.Post(() => leg.Record(recording?.Recording, channel));
    }

    /// <summary>Whoever let it hear something, recorded it, had it copied or looked at its level does so no more; it stays connected.</summary>
    public void LetGo()
    {
        Play((Sound?)null);
        StopLevel();
        CopyTo(null, 0);
        Record(null, isLeft: false);
    }

    /// <summary>Closes its ports; does nothing the second time.</summary>
    public void Close()
    {
        if (_isClosed)
            return;
        HearMix();
        StopLevel();
        _isClosed = true;
        var (relay, leg) = (_relay, _leg);
        int[] ports = [.. _streams.Where(s => s is not null).Select(s => s!.Rtp.Number)];
        relay.Thread.Post(() =>
        {
            try
            {
                relay.Thread.Remove(leg);
            }
            finally
            {
                foreach (int port in ports)
                    relay.Ports.GiveBack(port);
            }
        });
    }

    private RelayStream? AudioStream => AudioIndex is >= 0 and var index ? StreamAt(index) : null;

    /// <summary>The first audio that neither side refuses.</summary>
    private int AudioIndex
    {
        get
        {
            int offered = -1;
            for (int i = 0; i < _described.Count; i++)
            {
                if (_described[i] is not { IsAudio: true, Port: > 0 })
                    continue;
                if (i >= _told.Count || _told[i].Port > 0)
                    return i;
                if (offered < 0)
                    offered = i;
            }
            return offered;
        }
    }

    /// <summary>What the peer wants most of what is encoded here and was agreed on: of an offer of its own that is what it was answered (RFC 3264 §7).</summary>
    private (AudioCodec? Codec, int Type) FormatToSend(int index)
    {
        (AudioCodec?, int) wanted = default;
        var agreed = index < _told.Count ? _told[index].Formats : [];
        foreach (var (type, format) in _described[index].Formats)
        {
            if (format.Codec is not { } codec)
                continue;
            if (agreed.Any(f => f.Format.Codec == codec))
                return (codec, type);
            if (wanted == default)
                wanted = (codec, type);
        }
        return wanted;
    }

    /// <summary>Silence is a fault where the peer says that it sends, and was told that we want to get it; who only sends holds, and many do so without music.</summary>
    private void Expect()
    {
        bool isExpected = _isWanted && _described.Exists(static s => s is { IsAudio: true, Port: > 0, Sends: true, Receives: true, Address: not null });
        if (isExpected == _isExpected)
            return;
        _isExpected = isExpected;
        var (thread, leg) = (_relay.Thread, _leg);
        thread.Post(() => thread.Expect(leg, isExpected));
    }

    private RelayStream? StreamAt(int index) => index < _streams.Count ? _streams[index] : null;

    private bool TryOpen(List<DescribedStream> streams)
    {
        bool isOpen = true;
        for (int i = 0; i < streams.Count; i++)
        {
            if (!streams[i].IsRelayed || streams[i].Port == 0 || StreamAt(i) is not null)
                continue;
            while (_streams.Count <= i)
                _streams.Add(null);
            if (!_relay.Ports.TryTake(_bound, out var rtp, out var rtcp))
            {
                isOpen = false;
                continue;
            }
            var stream = new RelayStream(_leg, i, streams[i].IsRtp, rtp, rtcp) { IsAudio = streams[i] is { IsRtp: true, IsAudio: true } };
            _streams[i] = stream;
            var (thread, leg, index) = (_relay.Thread, _leg, i);
            thread.Post(() =>
            {
                leg.Set(index, stream);
                thread.Add(stream);
            });
            Direct(i);
        }
        return isOpen;
    }

    private StreamTerms TermsOf(int index)
    {
        while (_terms.Count <= index)
            _terms.Add(null);
        return _terms[index] ??= new StreamTerms(_asked);
    }

    /// <summary>Has a stream protected as is agreed on by now.</summary>
    private void Protect(int index)
    {
        if (StreamAt(index) is not { } stream || index >= _terms.Count || _terms[index] is not { Keys: var keys } terms)
            return;
        var ice = terms.Ice;
        _relay.Thread.Post(() => stream.Ice = ice);
        var (relay, isProtected, ours, peers) = (_relay, keys.Protection != MediaProtection.None, keys.Ours, keys.Peers);
        if (keys is { Protection: MediaProtection.Dtls, Role: { } role, Fingerprints: { Count: > 0 } fingerprints })
            relay.Thread.Post(() => stream.ShakeHands(role, fingerprints, relay.Dtls));
        else
            relay.Thread.Post(() => stream.Protect(isProtected, ours, peers));
    }

    /// <summary>Says what payload types are: the peer sends by the numbers that it was told, and by its own where they are others.</summary>
    private void Describe(int index, IReadOnlyList<(int Type, PayloadFormat Format)> formats)
    {
        if (StreamAt(index) is { } stream)
            _relay.Thread.Post(() => stream.Describe(formats));
    }

    /// <summary>Has a stream sent to where the peer wants it.</summary>
    private void Direct(int index)
    {
        if (StreamAt(index) is not { } stream || index >= _described.Count)
            return;
        var described = _described[index];
        var family = stream.Rtp.Family;
        var rtp = described.Address is { } address ? PeerAddress.Of(address, described.Port, family) : null;
        var rtcp = described.Address is { } same ? PeerAddress.Of(same, described.ControlPort, family) : null;
        Describe(index, described.Formats);
        var accepted = described.Port > 0 ? new AcceptedFormats(described.Formats) : null;
        _relay.Thread.Post(() =>
        {
            if (accepted is not null)
                stream.Output.Accept(accepted);
            stream.IsHeard = described.Receives;
            stream.IsMuxed = described.IsMuxed;
            stream.Rtp.Describe(rtp, described.IsHeld);
            stream.Rtcp.Describe(rtcp, described.IsHeld);
        });
    }
}
