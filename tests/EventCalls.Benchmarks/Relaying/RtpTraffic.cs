using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EventCalls.Media.Audio;
using EventCalls.Media.Relay;
using EventCalls.Media.Rtp;
using EventCalls.Media.Srtp;

namespace EventCalls.Benchmarks.Relaying;

/// <summary>The parties of many calls, two a call or three: each sends 50 packets a second to where it is told, and what arrives says how long it was on its way.</summary>
internal sealed class RtpTraffic : IDisposable
{
    private const int PacketMs = 20;
    private const int PacketLength = 172;

    private readonly int _sides;
    private readonly bool[] _isSilent;
    private readonly Socket[] _parties;
    private readonly PeerAddress[] _relays;
    private readonly (SrtpContext Out, SrtpContext In)?[] _keys;
    private readonly int[] _descriptors;

    // A second of what each side says, where that is not the time of sending: what is transcoded or mixed cannot say how long it was on its way.
    private readonly (AudioCodec Codec, byte[][] Payloads)[]? _spoken;
    private readonly List<double> _delays;
    private long _received;
    private int _numbersFrom;
    private volatile bool _stops;

    /// <summary>The parties of so many calls.</summary>
    /// <param name="calls">How many.</param>
    /// <param name="spoken">What the sides of a call speak; none for two that say when they sent.</param>
    public RtpTraffic(int calls, params AudioCodec[] spoken)
    {
        if (spoken.Length > 0)
            _spoken = [.. spoken.Select(Speak)];
        _sides = _spoken?.Length ?? 2;
        _isSilent = new bool[_sides];
        _parties = [.. Enumerable.Range(0, _sides * calls).Select(_ => Bind())];
        _descriptors = [.. _parties.Select(p => (int)p.SafeHandle.DangerousGetHandle())];
        _relays = new PeerAddress[_parties.Length];
        _keys = new (SrtpContext Out, SrtpContext In)?[_parties.Length];
        _delays = new List<double>(_parties.Length * 50 * 60);
    }

    /// <summary>The port of a call's caller (0), target (1) or whoever else is in it (2).</summary>
    public int PortOf(int call, int side) => ((IPEndPoint)_parties[_sides * call + side].LocalEndPoint!).Port;

    /// <summary>Whether one side of all calls sends nothing.</summary>
    public void Silence(int side, bool isSilent) => _isSilent[side] = isSilent;

    /// <summary>Says where a side of a call sends to.</summary>
    public void Direct(int call, int side, int port) => _relays[_sides * call + side] = PeerAddress.Of(IPAddress.Loopback, port, AddressFamily.InterNetwork)!;

    /// <summary>Has a party send and take SRTP: with its own key, and that of the relay.</summary>
    public void Protect(int call, int side, SrtpMasterKey own, SrtpMasterKey relays) => _keys[_sides * call + side] = (new SrtpContext(own), new SrtpContext(relays));

    /// <summary>Sends for so long; what was sent and received, and how long it took.</summary>
    /// <param name="seconds">How long.</param>
    /// <param name="isAnswered">Whether as much comes back as is sent.</param>
    public RtpFigures Run(int seconds, bool isAnswered = true)
    {
        _received = 0;
        _delays.Clear();
        _stops = false;
        var receiver = new Thread(Receive);
        receiver.Start();
        long sent = Send(seconds);
        // What is still on its way.
        long waited = Stopwatch.GetTimestamp();
        while (isAnswered && Volatile.Read(ref _received) < sent && Stopwatch.GetElapsedTime(waited) < TimeSpan.FromSeconds(1))
            System.Threading.Thread.Yield();
        _stops = true;
        receiver.Join();
        _delays.Sort();
        return new RtpFigures(sent, _received, At(0.5), At(0.99), At(0.999));
    }

    public void Dispose()
    {
        foreach (var party in _parties)
            party.Dispose();
    }

    private double At(double share) => _delays.Count == 0 ? 0 : _delays[(int)(share * (_delays.Count - 1))];

    private long Send(int seconds)
    {
        var buffer = new byte[PacketLength + RelayStream.Room];
        long sent = 0;
        long began = Stopwatch.GetTimestamp();
        int bell = Kernel.MakeWaitList();
        var none = new byte[Kernel.EventLength];
        for (int ms = 0; ms < seconds * 1000; ms++)
        {
            long due = began + ms * Stopwatch.Frequency / 1000;
            while (Stopwatch.GetTimestamp() < due)
                Kernel.Wait(bell, none, 1);
            ushort number = (ushort)(_numbersFrom + ms / PacketMs);
            for (int party = ms % PacketMs; party < _parties.Length; party += PacketMs)
            {
                if (_isSilent[party % _sides])
                    continue;
                int length = Write(buffer, number, party);
                if (Kernel.Send(_descriptors[party], buffer.AsSpan(0, length), _relays[party].Span) > 0)
                    sent++;
            }
        }
        Kernel.Close(bell);
        // Numbers go on: SRTP takes none twice.
        _numbersFrom += seconds * 1000 / PacketMs;
        return sent;
    }

    private int Write(byte[] buffer, ushort number, int party)
    {
        if (_spoken?[party % _sides] is var (codec, payloads))
        {
            byte[] payload = payloads[number % payloads.Length];
            RtpPacket.WriteHeader(buffer, codec.PayloadType, number == 0, number, (uint)(number * codec.FrameTicks), (uint)party);
            payload.CopyTo(buffer, RtpPacket.HeaderLength);
            return RtpPacket.HeaderLength + payload.Length;
        }
        RtpPacket.WriteHeader(buffer, 8, number == 0, number, (uint)number * 160, (uint)party);
        BinaryPrimitives.WriteInt64LittleEndian(buffer.AsSpan(RtpPacket.HeaderLength), Stopwatch.GetTimestamp());
        return _keys[party] is { } keys ? keys.Out.Protect(buffer, PacketLength) : PacketLength;
    }

    private void Receive()
    {
        int list = Kernel.MakeWaitList();
        for (int i = 0; i < _descriptors.Length; i++)
            Kernel.Add(list, _descriptors[i], (ulong)i);
        var events = new byte[256 * Kernel.EventLength];
        var packet = new byte[2048];
        var from = new byte[Kernel.AddressLength];
        while (!_stops)
        {
            int ready = Kernel.Wait(list, events, 10);
            for (int i = 0; i < ready; i++)
            {
                int length = Kernel.Receive(_descriptors[Kernel.DataOf(events, i)], packet, from, out _);
                if (length > 0 && _keys[Kernel.DataOf(events, i)] is { } keys)
                    length = keys.In.Unprotect(packet, length);
                if (_spoken is null ? length != PacketLength : length <= RtpPacket.HeaderLength || packet[1] is >= 200 and <= 207)
                    continue;
                Volatile.Write(ref _received, _received + 1);
                if (_spoken is null)
                    _delays.Add(Stopwatch.GetElapsedTime(BinaryPrimitives.ReadInt64LittleEndian(packet.AsSpan(RtpPacket.HeaderLength))).TotalMilliseconds);
            }
        }
        Kernel.Close(list);
    }

    /// <summary>A second of two tones and noise, encoded.</summary>
    private static (AudioCodec, byte[][]) Speak(AudioCodec codec)
    {
        var encoder = codec.NewEncoder();
        var random = new Random(1);
        var frame = new short[AudioFrame.Samples];
        var payloads = new byte[1000 / PacketMs][];
        var payload = new byte[AudioFrame.MostPayload];
        for (int i = 0; i < payloads.Length; i++)
        {
            for (int k = 0; k < frame.Length; k++)
                frame[k] = (short)(6000 * Math.Sin((i * frame.Length + k) * 0.3) + 3000 * Math.Sin((i * frame.Length + k) * 1.1) + random.Next(-1000, 1000));
            payloads[i] = payload[..encoder.Encode(frame, payload)];
        }
        return (codec, payloads);
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}

/// <summary>What moved: packets, and how long they took, milliseconds.</summary>
internal sealed record RtpFigures(long Sent, long Received, double Median, double P99, double P999);
