namespace EventCalls.Media.Recording;

/// <summary>Where a recording's bytes go: appended, in the clear or encrypted. For the recordings' thread.</summary>
internal abstract class RecordingFile : IDisposable
{
    /// <summary>How much the file takes on the disk, bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Whether what was written can be written over.</summary>
    public abstract bool CanPatch { get; }

    /// <summary>Adds bytes.</summary>
    public abstract void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Writes over earlier bytes.</summary>
    public abstract void Patch(long at, ReadOnlySpan<byte> bytes);

    /// <summary>Gives all that was added to the operating system: what comes after this does not take it away.</summary>
    public abstract void Flush();

    /// <summary>Ends the file; nothing is added after that.</summary>
    public abstract void Finish();

    /// <summary>After a failure: leaves what was whole before it, as far as that still works. Does not throw for what the disk says.</summary>
    public abstract void CutBack();

    /// <inheritdoc/>
    public abstract void Dispose();
}
