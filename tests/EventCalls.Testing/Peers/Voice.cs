using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EventCalls.Testing;

/// <summary>Who talks and listens by RTP at a port of 127.0.0.1: G.711 µ-law in packets of 20 ms, one tone at a time.</summary>
public sealed class Voice : IAsyncDisposable
{
    private const int HeaderLength = 12;
    private const int FrameSamples = 160;
    private const int MsPerFrame = 20;
    private const int DigitPackets = 8;
    private const int DigitEnds = 3;
    private const byte DigitType = 101;

    private readonly CancellationTokenSource _stopping = new();
    private readonly TimeProvider _time;
    private readonly Task _talking;
    private readonly Task _listening;
    private readonly ConcurrentQueue<short[]> _heard = new();
    private readonly ConcurrentQueue<int> _types = new();
    private readonly uint _ssrc = (uint)Random.Shared.Next();
    private volatile IPEndPoint? _to;
    private volatile int _hertz;
    private volatile bool _isMuted;
    private ushort _sequence;
    private uint _timestamp;
    private readonly ConcurrentQueue<(uint At, byte Digit)> _digits = new();
    private int _sent;
    private int _pressed = -1;
    private int _press = DigitPackets;

    /// <summary>Begins to listen; to talk when it is told where to.</summary>
    public Voice(int hertz, TimeProvider time)
    {
        (_hertz, _time) = (hertz, time);
        Socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _talking = TalkAsync();
        _listening = ListenAsync();
    }

    /// <summary>What it says, a tone.</summary>
    public int Hertz { get => _hertz; set => _hertz = value; }

    /// <summary>Where it says it; null for nowhere.</summary>
    public IPEndPoint? To { get => _to; set => _to = value; }

    /// <summary>Whether it says nothing, not even silence.</summary>
    public bool IsMuted { get => _isMuted; set => _isMuted = value; }

    /// <summary>Its socket.</summary>
    public Socket Socket { get; }

    /// <summary>Its port.</summary>
    public int Port => ((IPEndPoint)Socket.LocalEndPoint!).Port;

    /// <summary>How many packets it has sent.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>How many it has heard.</summary>
    public int Packets => _heard.Count;

    /// <summary>The payload types of all packets that came, in the order in which they came.</summary>
    public int[] Types => [.. _types];

    /// <summary>What it has heard, in the order in which it came.</summary>
    public short[] Heard => [.. _heard.SelectMany(samples => samples)];

    /// <summary>What it has heard in the last so many packets.</summary>
    public short[] HeardLast(int packets) => [.. _heard.TakeLast(packets).SelectMany(samples => samples)];

    /// <summary>The digits that it has heard as events (RFC 4733), each once, by their timestamps.</summary>
    public string Digits => string.Concat(_digits.Distinct().Select(static digit => "0123456789*#ABCD"[digit.Digit & 15]));

    /// <summary>Its session description.</summary>
    public string Describe(int version = 1, string direction = "sendrecv", string address = "127.0.0.1", int? port = null) => string.Create(
        CultureInfo.InvariantCulture,
        $"v=0\r\no=voice 1 {version} IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\nm=audio {port ?? Port} RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na={direction}\r\n");

    /// <summary>Says a digit as an event (RFC 4733) of 100 ms instead of its tone; completes when it is said.</summary>
    /// <param name="digit">0–15.</param>
    public async Task PressAsync(int digit)
    {
        _pressed = digit;
        Volatile.Write(ref _press, 0);
        while (Volatile.Read(ref _press) < DigitPackets)
            await Task.Delay(MsPerFrame);
    }

    /// <summary>One packet of a tone.</summary>
    public static byte[] Packet(ushort sequence, uint timestamp, uint ssrc, int hertz)
    {
        var packet = new byte[HeaderLength + FrameSamples];
        packet[0] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        for (int i = 0; i < FrameSamples; i++)
            packet[HeaderLength + i] = Encode((int)(8000 * Math.Sin(2 * Math.PI * hertz * (timestamp + i) / 8000)));
        return packet;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_talking, _listening);
        Socket.Dispose();
        _stopping.Dispose();
    }

    private async Task TalkAsync()
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5), _time);
        long began = _time.GetTimestamp();
        long frames = 0;
        try
        {
            while (await tick.WaitForNextTickAsync(_stopping.Token))
            {
                for (; frames * MsPerFrame < _time.GetElapsedTime(began).TotalMilliseconds; frames++)
                    await SayAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // It was stopped.
        }
    }

    private async Task SayAsync()
    {
        _timestamp += FrameSamples;
        if (_to is not { } to || _isMuted)
            return;
        try
        {
            await Socket.SendToAsync(Next(), SocketFlags.None, to, _stopping.Token);
            Interlocked.Increment(ref _sent);
        }
        catch (SocketException)
        {
            // ICMP of an earlier one: nobody is there yet, or any more.
        }
    }

    private byte[] Next()
    {
        int press = Volatile.Read(ref _press);
        if (press >= DigitPackets)
            return Packet(_sequence++, _timestamp, _ssrc, _hertz);
        byte[] packet = Packet(_sequence++, _timestamp - (uint)(press * FrameSamples), _ssrc, 0)[..(HeaderLength + 4)];
        int lasts = Math.Min(press + 1, DigitPackets - DigitEnds + 1) * FrameSamples;
        packet[1] = (byte)(press == 0 ? 0x80 | DigitType : DigitType);
        (packet[HeaderLength], packet[HeaderLength + 1]) = ((byte)_pressed, (byte)(press >= DigitPackets - DigitEnds ? 0x8a : 0x0a));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(HeaderLength + 2), (ushort)lasts);
        Interlocked.Increment(ref _press);
        return packet;
    }

    private async Task ListenAsync()
    {
        var buffer = new byte[4096];
        var any = new IPEndPoint(IPAddress.Any, 0);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var received = await Socket.ReceiveFromAsync(buffer, SocketFlags.None, any, _stopping.Token);
                if (received.ReceivedBytes > HeaderLength)
                    _types.Enqueue(buffer[1] & 0x7f);
                if (received.ReceivedBytes > HeaderLength && (buffer[1] & 0x7f) == 0)
                    _heard.Enqueue([.. buffer[HeaderLength..received.ReceivedBytes].Select(Decode)]);
                else if (received.ReceivedBytes == HeaderLength + 4 && (buffer[1] & 0x7f) == DigitType)
                    _digits.Enqueue((BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(4)), buffer[HeaderLength]));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // As above.
            }
        }
    }

    // ITU-T G.711 µ-law.
    private static byte Encode(int sample)
    {
        int sign = sample < 0 ? 0x80 : 0;
        int magnitude = Math.Min(Math.Abs(sample), 32_635) + 132;
        int exponent = Math.Max(0, 24 - int.LeadingZeroCount(magnitude));
        return (byte)~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f));
    }

    private static short Decode(byte code)
    {
        int bits = ~code & 0xff;
        int magnitude = ((((bits & 0x0f) << 3) + 132) << ((bits >> 4) & 7)) - 132;
        return (short)((bits & 0x80) != 0 ? -magnitude : magnitude);
    }
}
