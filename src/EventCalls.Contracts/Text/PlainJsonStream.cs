using System.Text;

namespace EventCalls.Contracts;

/// <summary>JSON in UTF-8 on its way out: what <see cref="PlainText.OfJson"/> escapes is escaped, however it comes in pieces.</summary>
/// <param name="stream">Where to; stays open.</param>
public sealed class PlainJsonStream(Stream stream) : Utf8TextStream
{
    /// <inheritdoc />
    public override void Flush() => stream.Flush();

    /// <inheritdoc />
    protected override void WriteText(ReadOnlySpan<char> text) => stream.Write(Encoding.UTF8.GetBytes(PlainText.OfJson(text.ToString())));
}
