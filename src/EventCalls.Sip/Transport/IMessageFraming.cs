using EventCalls.Sip.Parsing;

namespace EventCalls.Sip.Transport;

/// <summary>How messages lie in the bytes of a connection. Reading is the connection's thread's, writing that of whoever holds its lock.</summary>
internal interface IMessageFraming
{
    /// <summary>Why the connection cannot be read on; null while it can.</summary>
    string? Failure { get; }

    /// <summary>Whether the peer said that it closes the connection, which is its right.</summary>
    bool IsClosedByPeer { get; }

    /// <summary>Whether a message has begun that is not whole yet.</summary>
    bool IsWithinMessage { get; }

    /// <summary>Adds received bytes. Messages read before are no longer valid afterwards.</summary>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Reads the next whole message, valid until the next <see cref="Append"/>; false when more bytes are needed or after a failure.</summary>
    bool TryRead(out ReadOnlyMemory<byte> message);

    /// <summary>Takes what the peer is owed for its keep-alives, or is told before the connection is closed: bytes that are sent as they are.</summary>
    bool TryTakeAnswer(out ReadOnlyMemory<byte> answer);

    /// <summary>Writes one whole message.</summary>
    void Write(Stream stream, ReadOnlySpan<byte> message);
}

/// <summary>Messages one behind the other, each as long as its Content-Length says (RFC 3261 §18.3); double line ends are answered with one (RFC 5626 §4.4.1).</summary>
internal sealed class ContentLengthFraming : IMessageFraming
{
    private static readonly byte[] s_pong = "\r\n"u8.ToArray();

    private readonly StreamFramer _framer = new();

    public string? Failure => _framer.Failure == StreamError.None ? null : $"its stream can't be framed: {_framer.Failure}";

    public bool IsClosedByPeer => false;

    public bool IsWithinMessage => _framer.IsWithinMessage;

    public void Append(ReadOnlySpan<byte> bytes) => _framer.Append(bytes);

    public bool TryRead(out ReadOnlyMemory<byte> message) => _framer.TryRead(out message);

    public bool TryTakeAnswer(out ReadOnlyMemory<byte> answer)
    {
        answer = s_pong;
        return _framer.TakePing();
    }

    public void Write(Stream stream, ReadOnlySpan<byte> message) => stream.Write(message);
}
