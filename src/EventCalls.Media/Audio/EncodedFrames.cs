namespace EventCalls.Media.Audio;

/// <summary>A clip's frames in one codec, one behind the other. Read by any thread once it is filled.</summary>
internal sealed class EncodedFrames(int frames, int typicalLength)
{
    private readonly int[] _ends = new int[frames + 1];
    private byte[] _bytes = new byte[frames * typicalLength];
    private int _count;

    /// <summary>The payload of a frame.</summary>
    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(_ends[index], _ends[index + 1] - _ends[index]);

    /// <summary>Adds the next frame.</summary>
    public void Add(ReadOnlySpan<byte> payload)
    {
        int at = _ends[_count];
        if (at + payload.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(at + payload.Length, _bytes.Length * 3 / 2));
        payload.CopyTo(_bytes.AsSpan(at));
        _ends[++_count] = at + payload.Length;
    }
}
