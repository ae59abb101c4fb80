using EventCalls.Contracts;

namespace EventCalls.Host.Commands.Replay;

/// <summary>UTF-8 bytes on their way to a writer of text.</summary>
internal sealed class TextWriterStream(TextWriter output) : Utf8TextStream
{
    public override void Flush() => output.Flush();

    protected override void WriteText(ReadOnlySpan<char> text) => output.Write(text);
}
