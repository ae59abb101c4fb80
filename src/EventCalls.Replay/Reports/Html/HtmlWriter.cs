using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using EventCalls.Contracts;

namespace EventCalls.Replay.Reports.Html;

/// <summary>Writes a page. What stands in the code is markup, what is put in between is text and is escaped: there is no other way to write a value.</summary>
internal sealed class HtmlWriter(TextWriter output)
{
    /// <summary>Writes markup with texts in it.</summary>
    public void Write([InterpolatedStringHandlerArgument("")] ref Markup markup) => _ = markup;

    /// <summary>Writes markup with texts in it, and ends the line.</summary>
    public void Line([InterpolatedStringHandlerArgument("")] ref Markup markup)
    {
        _ = markup;
        output.Write('\n');
    }

    /// <summary>Writes a style sheet, which is the program's own.</summary>
    public void Style(string css)
    {
        output.Write("<style>\n");
        output.Write(css);
        output.Write("</style>\n");
    }

    /// <summary>Writes a script, which is the program's own.</summary>
    public void Script(string script)
    {
        output.Write("<script>");
        output.Write(script);
        output.Write("</script>\n");
    }

    /// <summary>An interpolated string that is written piece by piece.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Markup
    {
        private readonly TextWriter _output;

        public Markup(int literalLength, int formattedCount, HtmlWriter writer)
        {
            _ = literalLength + formattedCount;
            _output = writer.Output;
        }

        public void AppendLiteral(string markup) => _output.Write(markup);

        public void AppendFormatted(string? text) => _output.Write(WebUtility.HtmlEncode(PlainText.Of(text ?? "")));

        public void AppendFormatted(long number) => _output.Write(ReportWords.Number(number));

        public void AppendFormatted(Guid id) => _output.Write(id.ToString("D"));

        /// <summary>A length or place in a drawing.</summary>
        public void AppendFormatted(double place) => _output.Write(place.ToString("0.##", CultureInfo.InvariantCulture));
    }

    private TextWriter Output => output;
}
