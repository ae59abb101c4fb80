namespace EventCalls.Media.Recording;

/// <summary>Makes bytes of both channels' samples: caller and target by turns. For the recordings' thread.</summary>
internal abstract class RecordingEncoding
{
    /// <summary>Adds samples, as many of the one as of the other.</summary>
    public abstract void Write(ReadOnlySpan<short> samples);

    /// <summary>Makes the file a whole one up to here, as far as its format allows before its end.</summary>
    public abstract void Checkpoint();

    /// <summary>Ends the file.</summary>
    public abstract void Finish();

    /// <summary>After a failure, when the file was cut back to what is whole: puts right what its begin says of it. Does not throw for what the disk says.</summary>
    public virtual void CutBack()
    {
    }
}
