using System.Net.Sockets;

namespace EventCalls.Sip.Transport;

/// <summary>A connection's socket as a stream: reading waits within the connection's limits, writing never waits.</summary>
internal sealed class SocketStream(Socket socket, ReadLimits limits, Func<bool> isClosed) : Stream
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Reads what is there, waiting for it; 0 when the connection is closed.</summary>
    /// <exception cref="TimeoutException">A limit is over; the message says which.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!isClosed())
        {
            var left = limits.Left();
            if (left <= TimeSpan.Zero)
                throw new TimeoutException(limits.Exceeded);
            if (socket.Poll(left < s_look ? left : s_look, SelectMode.SelectRead))
                return socket.Receive(buffer);
        }
        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Sends all of it at once.</summary>
    /// <exception cref="IOException">The peer does not read, so that it would have to wait.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!socket.Poll(0, SelectMode.SelectWrite))
            throw new IOException("the peer does not read");
        while (!buffer.IsEmpty)
            buffer = buffer[socket.Send(buffer, SocketFlags.None)..];
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
