using System.Buffers.Binary;

namespace EventCalls.Routing.Deciders;

/// <summary>Reads messages from a pipe: as much as there is at once, then message by message.</summary>
internal sealed class FrameBuffer
{
    private byte[] _bytes = new byte[64 * 1024];
    private int _begin;
    private int _end;

    /// <summary>Waits for more. False at the end of the stream.</summary>
    public bool Read(Stream from)
    {
        if (_begin == _end)
            _begin = _end = 0;
        if (_end == _bytes.Length)
            MakeRoom();
        int read = from.Read(_bytes.AsSpan(_end));
        _end += read;
        return read > 0;
    }

    /// <summary>The next message that is complete, without its length; it stays until the next <see cref="Read"/>.</summary>
    public bool Next(out ReadOnlySpan<byte> message)
    {
        message = default;
        if (_end - _begin < 4)
            return false;
        int length = BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(_begin));
        if (length <= 0)
            throw new InvalidDataException($"a message of {length} bytes");
        if (_end - _begin - 4 < length)
            return false;
        message = _bytes.AsSpan(_begin + 4, length);
        _begin += 4 + length;
        return true;
    }

    private void MakeRoom()
    {
        int kept = _end - _begin;
        int needed = kept >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(_begin)) + 4 : 0;
        var target = needed > _bytes.Length ? new byte[needed] : _bytes;
        Buffer.BlockCopy(_bytes, _begin, target, 0, kept);
        (_bytes, _begin, _end) = (target, 0, kept);
    }
}
