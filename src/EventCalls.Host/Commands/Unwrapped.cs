using Spectre.Console;
using Spectre.Console.Rendering;

namespace EventCalls.Host.Commands;

/// <summary>A text that is written as it is.</summary>
internal sealed class Unwrapped(string text, Style style) : IRenderable
{
    /// <inheritdoc />
    public Measurement Measure(RenderOptions options, int maxWidth) => new(text.Length, text.Length);

    /// <inheritdoc />
    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        text == "\n" ? [Segment.LineBreak] : [new Segment(text, style)];
}
