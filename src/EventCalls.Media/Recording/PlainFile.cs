namespace EventCalls.Media.Recording;

/// <summary>A recording in the clear.</summary>
internal sealed class PlainFile(Stream stream) : RecordingFile
{
    private long _length;

    /// <inheritdoc/>
    public override long Length => _length;

    /// <inheritdoc/>
    public override bool CanPatch => true;

    /// <inheritdoc/>
    public override void Append(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        _length += bytes.Length;
    }

    /// <inheritdoc/>
    public override void Patch(long at, ReadOnlySpan<byte> bytes)
    {
        stream.Position = at;
        stream.Write(bytes);
        stream.Position = _length;
    }

    /// <inheritdoc/>
    public override void Flush() => stream.Flush();

    /// <inheritdoc/>
    public override void Finish() => stream.Flush();

    /// <inheritdoc/>
    public override void CutBack()
    {
        try
        {
            stream.SetLength(_length);
            stream.Position = _length;
        }
        catch (IOException)
        {
            // The disk that failed the write fails this too; what reads the file leaves out what is not whole.
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => stream.Dispose();
}
