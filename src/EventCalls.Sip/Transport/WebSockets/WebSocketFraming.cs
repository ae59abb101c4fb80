using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using EventCalls.Sip.Parsing;

namespace EventCalls.Sip.Transport.WebSockets;

/// <summary>Messages in WebSocket frames, one SIP message in each WebSocket message (RFC 6455 §5, RFC 7118 §5).</summary>
/// <param name="isServer">Whether the peer is the client, whose frames are masked while ours are not.</param>
internal sealed class WebSocketFraming(bool isServer) : IMessageFraming
{
    private const int MostControlBytes = 125;

    private readonly Queue<ReadOnlyMemory<byte>> _answers = new();
    private byte[] _bytes = new byte[4096];
    private int _start;
    private int _end;
    private byte[] _message = new byte[4096];
    private int _length;
    private bool _isFragmented;

    public string? Failure { get; private set; }

    public bool IsClosedByPeer { get; private set; }

    public bool IsWithinMessage => _end > _start || _isFragmented;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Failure is not null)
            return;
        if (_start > 0)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }
        if (_bytes.Length - _end < bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _end + bytes.Length));
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    public bool TryRead(out ReadOnlyMemory<byte> message)
    {
        message = default;
        while (Failure is null && TryReadFrame(out var opcode, out bool isLast, out var payload))
        {
            switch (opcode)
            {
                case Opcode.Text or Opcode.Binary when !_isFragmented:
                case Opcode.Continuation when _isFragmented:
                    if (!Collect(payload, opcode != Opcode.Continuation))
                        return false;
                    _isFragmented = !isLast;
                    if (!isLast)
                        break;
                    if (_message.AsSpan(0, _length).IndexOfAnyExcept((byte)'\r', (byte)'\n') >= 0)
                    {
                        message = _message.AsMemory(0, _length);
                        return true;
                    }
                    // The keep-alive of RFC 5626 §3.5.1, which some clients send in a message of its own.
                    if (_length >= 4)
                        _answers.Enqueue(Frame(Opcode.Text, "\r\n"u8));
                    break;
                case Opcode.Ping:
                    _answers.Enqueue(Frame(Opcode.Pong, payload));
                    break;
                case Opcode.Pong:
                    break;
                case Opcode.Close:
                    _answers.Enqueue(Frame(Opcode.Close, payload.Length >= 2 ? payload[..2] : []));
                    (IsClosedByPeer, Failure) = (true, "the peer closed it");
                    break;
                default:
                    Fail(CloseCode.Protocol, $"a WebSocket frame with the opcode {(int)opcode:x} does not belong there");
                    break;
            }
        }
        return false;
    }

    public bool TryTakeAnswer(out ReadOnlyMemory<byte> answer) => _answers.TryDequeue(out answer);

    /// <summary>Text where the message is such, as browsers expect it (RFC 7118 §5.1).</summary>
    public void Write(Stream stream, ReadOnlySpan<byte> message)
    {
        var rented = ArrayPool<byte>.Shared.Rent(message.Length + 14);
        try
        {
            stream.Write(rented.AsSpan(0, Frame(System.Text.Unicode.Utf8.IsValid(message) ? Opcode.Text : Opcode.Binary, message, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private bool TryReadFrame(out Opcode opcode, out bool isLast, out Span<byte> payload)
    {
        (opcode, isLast) = (default, false);
        payload = default;
        var bytes = _bytes.AsSpan(_start, _end - _start);
        if (bytes.Length < 2)
            return false;
        (opcode, isLast) = ((Opcode)(bytes[0] & 0x0f), (bytes[0] & 0x80) != 0);
        bool isMasked = (bytes[1] & 0x80) != 0;
        long length = bytes[1] & 0x7f;
        int head = 2;
        if ((bytes[0] & 0x70) != 0)
            return Fail(CloseCode.Protocol, "a WebSocket frame uses an extension that was not agreed on");
        if (isMasked != isServer)
            return Fail(CloseCode.Protocol, isServer ? "a WebSocket frame of a client is not masked" : "a WebSocket frame of a server is masked");
        if (opcode >= Opcode.Close && (length > MostControlBytes || !isLast))
            return Fail(CloseCode.Protocol, "a WebSocket control frame is too long or in parts");
        if (length == 126)
        {
            if (bytes.Length < head + 2)
                return false;
            length = BinaryPrimitives.ReadUInt16BigEndian(bytes[head..]);
            head += 2;
        }
        else if (length == 127)
        {
            if (bytes.Length < head + 8)
                return false;
            length = BinaryPrimitives.ReadInt64BigEndian(bytes[head..]);
            head += 8;
        }
        // A first bit that is set makes it negative.
        if ((ulong)length > SipParser.MostBytes)
            return Fail(CloseCode.TooBig, $"a WebSocket message is longer than {SipParser.MostBytes} bytes");
        int mask = head;
        if (isMasked)
            head += 4;
        if (bytes.Length < head + length)
            return false;
        payload = bytes.Slice(head, (int)length);
        if (isMasked)
            Mask(payload, bytes.Slice(mask, 4));
        _start += head + (int)length;
        return true;
    }

    private bool Collect(ReadOnlySpan<byte> payload, bool begins)
    {
        if (begins)
            _length = 0;
        if (_length + payload.Length > SipParser.MostBytes)
            return Fail(CloseCode.TooBig, $"a WebSocket message is longer than {SipParser.MostBytes} bytes");
        if (_message.Length - _length < payload.Length)
            Array.Resize(ref _message, Math.Max(_message.Length * 2, _length + payload.Length));
        payload.CopyTo(_message.AsSpan(_length));
        _length += payload.Length;
        return true;
    }

    private bool Fail(CloseCode code, string why)
    {
        Span<byte> payload = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        _answers.Enqueue(Frame(Opcode.Close, payload));
        Failure = why;
        return false;
    }

    private byte[] Frame(Opcode opcode, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[payload.Length + 14];
        return frame[..Frame(opcode, payload, frame)];
    }

    private int Frame(Opcode opcode, ReadOnlySpan<byte> payload, Span<byte> to)
    {
        int at = 2;
        to[0] = (byte)(0x80 | (int)opcode);
        if (payload.Length <= MostControlBytes)
        {
            to[1] = (byte)payload.Length;
        }
        else if (payload.Length <= ushort.MaxValue)
        {
            to[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(to[at..], (ushort)payload.Length);
            at += 2;
        }
        else
        {
            to[1] = 127;
            BinaryPrimitives.WriteInt64BigEndian(to[at..], payload.Length);
            at += 8;
        }
        if (isServer)
        {
            payload.CopyTo(to[at..]);
            return at + payload.Length;
        }
        to[1] |= 0x80;
        var key = to.Slice(at, 4);
        // Nobody between may be able to guess it (RFC 6455 §10.3).
        RandomNumberGenerator.Fill(key);
        at += 4;
        payload.CopyTo(to[at..]);
        Mask(to.Slice(at, payload.Length), key);
        return at + payload.Length;
    }

    private static void Mask(Span<byte> payload, ReadOnlySpan<byte> key)
    {
        for (int i = 0; i < payload.Length; i++)
            payload[i] ^= key[i & 3];
    }

    private enum Opcode
    {
        Continuation = 0,
        Text = 1,
        Binary = 2,
        Close = 8,
        Ping = 9,
        Pong = 10,
    }

    private enum CloseCode : ushort
    {
        Protocol = 1002,
        TooBig = 1009,
    }
}
