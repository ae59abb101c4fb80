using EventCalls.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace EventCalls.Terminal;

/// <summary>Makes the texts safe that a console shows; its own colours and movements stay.</summary>
internal sealed class PlainSegments : IRenderHook
{
    /// <inheritdoc />
    public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) => renderables.Select(renderable => new Plain(renderable));

    private sealed class Plain(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
        {
            foreach (var segment in inner.Render(options, maxWidth))
                yield return segment.IsControlCode || segment.IsLineBreak || !PlainText.HasUnsafe(segment.Text) ? segment : new Segment(PlainText.OfLines(segment.Text), segment.Style);
        }
    }
}

/// <summary>A text that is written as it is.</summary>
internal sealed class Unwrapped(string text, Style style) : IRenderable
{
    /// <inheritdoc />
    public Measurement Measure(RenderOptions options, int maxWidth) => new(text.Length, text.Length);

    /// <inheritdoc />
    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        text == "\n" ? [Segment.LineBreak] : [new Segment(text, style)];
}
