namespace EventCalls.Contracts;

/// <summary>UTF-8 bytes on their way to a writer of text.</summary>
public sealed class TextWriterStream(TextWriter output) : Utf8TextStream
{
    /// <inheritdoc />
    public override void Flush() => output.Flush();

    /// <inheritdoc />
    protected override void WriteText(ReadOnlySpan<char> text) => output.Write(text);
}
