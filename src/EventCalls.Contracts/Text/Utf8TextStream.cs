using System.Text;

namespace EventCalls.Contracts;

/// <summary>UTF-8 on its way out, handed on as text, whatever pieces it comes in.</summary>
public abstract class Utf8TextStream : Stream
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    /// <inheritdoc />
    public override bool CanRead => false;

    /// <inheritdoc />
    public override bool CanSeek => false;

    /// <inheritdoc />
    public override bool CanWrite => true;

    /// <inheritdoc />
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc />
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var characters = new char[_decoder.GetCharCount(buffer, flush: false)];
        WriteText(characters.AsSpan(0, _decoder.GetChars(buffer, characters, flush: false)));
    }

    /// <summary>Takes the next piece; characters are whole in it.</summary>
    protected abstract void WriteText(ReadOnlySpan<char> text);
}
