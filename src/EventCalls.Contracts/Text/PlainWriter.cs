using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace EventCalls.Contracts;

/// <summary>Standard output or standard error: whatever a command writes there, nothing in it acts on a terminal.</summary>
/// <param name="inner">The writer itself.</param>
public sealed class PlainWriter(TextWriter inner) : TextWriter
{
    /// <inheritdoc />
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc />
    [AllowNull]
    public override string NewLine
    {
        get => inner.NewLine;
        set => inner.NewLine = value;
    }

    /// <summary>The writer itself, for what writes colours and has its own place where texts are made safe.</summary>
    public static TextWriter Within(TextWriter writer) => writer is PlainWriter plain ? plain.Inner : writer;

    private TextWriter Inner => inner;

    /// <inheritdoc />
    public override void Write(char value) => inner.Write(PlainText.HasUnsafe([value]) ? '\uFFFD' : value);

    /// <inheritdoc />
    public override void Write(string? value) => inner.Write(value is null ? null : PlainText.OfLines(value));

    /// <inheritdoc />
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc />
    public override void Write(ReadOnlySpan<char> buffer) => Write(new string(buffer));

    /// <inheritdoc />
    public override void WriteLine() => inner.WriteLine();

    /// <inheritdoc />
    public override void WriteLine(string? value) => inner.WriteLine(value is null ? null : PlainText.OfLines(value));

    /// <inheritdoc />
    public override Task WriteAsync(string? value) => inner.WriteAsync(value is null ? null : PlainText.OfLines(value));

    /// <inheritdoc />
    public override Task WriteLineAsync(string? value) => inner.WriteLineAsync(value is null ? null : PlainText.OfLines(value));

    /// <inheritdoc />
    public override void Flush() => inner.Flush();

    /// <inheritdoc />
    public override Task FlushAsync() => inner.FlushAsync();

    /// <inheritdoc />
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
}
