using System.Buffers;

namespace EventCalls.Sip.Transactions;

/// <summary>A message kept for retransmission, in a rented buffer.</summary>
internal struct PooledBytes
{
    private byte[]? _buffer;
    private int _length;

    public readonly ReadOnlySpan<byte> Span => _buffer is null ? default : _buffer.AsSpan(0, _length);

    public readonly bool IsEmpty => _length == 0;

    public void Set(ReadOnlySpan<byte> bytes)
    {
        if (_buffer is null || _buffer.Length < bytes.Length)
        {
            Release();
            _buffer = ArrayPool<byte>.Shared.Rent(bytes.Length);
        }
        bytes.CopyTo(_buffer);
        _length = bytes.Length;
    }

    public void Release()
    {
        if (_buffer is not null)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
        _length = 0;
    }
}
