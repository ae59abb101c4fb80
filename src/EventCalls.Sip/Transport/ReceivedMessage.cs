using System.Buffers;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Transport;

/// <summary>A message that another thread read, on its way to the shard in a rented buffer. It holds a place in the inbox until it is handled.</summary>
internal sealed class ReceivedMessage : ShardWork
{
    private readonly SipShard _shard;
    private readonly byte[] _buffer;
    private readonly int _length;
    private readonly Hop _hop;
    private readonly int _asked;

    private ReceivedMessage(SipShard shard, byte[] buffer, int length, Hop hop, int asked)
    {
        _shard = shard;
        _buffer = buffer;
        _length = length;
        _hop = hop;
        _asked = asked;
    }

    /// <summary>Copies the message; the place was taken by the caller.</summary>
    public static ReceivedMessage Copy(SipShard shard, ReadOnlySpan<byte> message, Hop hop, int asked = 0)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(message.Length);
        message.CopyTo(buffer);
        return new ReceivedMessage(shard, buffer, message.Length, hop, asked);
    }

    protected internal override void Run()
    {
        bool passedOn = false;
        try
        {
            if (!_hop.IsClosed)
                passedOn = _shard.Receive(_buffer.AsMemory(0, _length), _hop, holdsPlace: true, _asked);
        }
        finally
        {
            if (!passedOn)
                GivePlace();
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }

    private void GivePlace()
    {
        _shard.Room.Give();
        (_hop.Connection as TcpConnection)?.GivePlace();
    }
}
