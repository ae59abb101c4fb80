using System.Globalization;
using System.Net;
using System.Text;
using System.Xml;
using EventCalls.Contracts;

namespace EventCalls.Replay.Audit.Diagrams;

/// <summary>Draws the picture of a call as SVG.</summary>
public static class DiagramSvg
{
    private const double Top = 58;
    private const double TimeWidth = 74;
    private const double LeastColumnWidth = 158;
    private const double LeastWordsWidth = 370;
    private const int MostOfALabel = 22;
    private const int MostOfAName = 20;
    private const int MostOfWords = 64;

    // How wide a letter of a name and of words is at most, by and large, in the widest of the fonts.
    private const double LetterOfAName = 8.4;
    private const double LetterOfWords = 7.5;

    /// <summary>The style sheet of a picture that stands alone, light and dark; a page that has the picture in it styles the classes itself.</summary>
    public const string Style = """
        svg{--ink:#1b1f24;--soft:#57606a;--line:#c3cad2;--paper:#fff;--good:#1b7f4b;--bad:#c62828;--bus:#7a4fbf}
        @media(prefers-color-scheme:dark){svg{--ink:#e8ebef;--soft:#a4afbb;--line:#4a535d;--paper:#14171b;--good:#5cc58c;--bad:#ff6b63;--bus:#b094f0}}
        .paper{fill:var(--paper)}text{fill:var(--ink);font:13px system-ui,sans-serif}.role,.time,.idle{fill:var(--soft);font-size:11px}.name{font-weight:600;font-size:12px}
        .line{stroke:var(--line)}.break{stroke:var(--soft);fill:none}.arrow line{stroke:var(--ink);stroke-width:1.6}.head{fill:var(--ink)}.at{fill:var(--soft)}
        .good .arrow line{stroke:var(--good)}.good .head,.good text.words{fill:var(--good)}.bad .arrow line{stroke:var(--bad)}.bad .head,.bad text.words{fill:var(--bad)}
        .bus line{stroke:var(--bus)!important;stroke-dasharray:5 3}.bus .head{fill:var(--bus)!important}
        """;

    /// <summary>Draws it.</summary>
    /// <param name="diagram">What to draw.</param>
    /// <param name="output">Where to.</param>
    /// <param name="title">What it is a picture of, for those who hear it.</param>
    /// <param name="standsAlone">Whether it is a file of its own, with colours of its own.</param>
    public static void Write(CallDiagram diagram, TextWriter output, string title, bool standsAlone)
    {
        ArgumentNullException.ThrowIfNull(diagram);
        ArgumentNullException.ThrowIfNull(output);
        var places = Places(diagram, out double height);
        double column = ColumnWidth(diagram.Parties);
        double width = TimeWidth + (column * diagram.Parties.Count) + Math.Max(LeastWordsWidth, 16 + (LetterOfWords * diagram.Rows.Select(row => WordsOf(row).Length).DefaultIfEmpty().Max()));
        output.Write(Line($"""<svg xmlns="http://www.w3.org/2000/svg" class="ladder" role="{(standsAlone ? "img" : "group")}" aria-label="{Text(title)}" viewBox="0 0 {width} {height}" width="{width}" height="{height}">"""));
        if (standsAlone)
            output.Write(Line($"""<style>{Style}</style><rect class="paper" width="{width}" height="{height}"/>"""));
        for (int i = 0; i < diagram.Parties.Count; i++)
            Party(output, diagram.Parties[i], Middle(i, column), places, height);
        for (int i = 0; i < diagram.Rows.Count; i++)
            Row(output, diagram, i, places, column, width);
        output.Write("</svg>");
    }

    private static double[] Places(CallDiagram diagram, out double height)
    {
        var places = new double[diagram.Rows.Count];
        double y = Top + 22;
        for (int i = 0; i < places.Length; i++)
        {
            if (i > 0)
                y += DiagramTime.Distance(diagram.Rows[i].At - diagram.Rows[i - 1].At, diagram.Rows[i - 1].Arrows.Count);
            places[i] = y;
        }
        height = y + 24 + (diagram.Rows is [.., var last] ? Math.Max(0, last.Arrows.Count - 1) * 34 : 0);
        return places;
    }

    // Names of neighbours do not touch.
    private static double ColumnWidth(IReadOnlyList<DiagramParty> parties) =>
        parties.Zip(parties.Skip(1), (one, other) => 10 + (LetterOfAName * (NameOf(one).Length + NameOf(other).Length) / 2)).Append(LeastColumnWidth).Max();

    private static double Middle(int place, double column) => TimeWidth + (column * (place + 0.5));

    private static void Party(TextWriter output, DiagramParty party, double x, double[] places, double height)
    {
        double from = party.FirstRow == 0 ? Top - 12 : places[party.FirstRow] - 14;
        output.Write(Line($"""<g class="party {WireName.Of(party.Role)}"><title>{Text(party.Name)}</title><text class="role" text-anchor="middle" x="{x}" y="18">{Word(party.Role)}</text>"""));
        output.Write(Line($"""<text class="name" text-anchor="middle" x="{x}" y="36">{Text(NameOf(party))}</text><line class="line" x1="{x}" y1="{from}" x2="{x}" y2="{height - 6}"/></g>"""));
    }

    private static void Row(TextWriter output, CallDiagram diagram, int index, double[] places, double column, double width)
    {
        var row = diagram.Rows[index];
        double y = places[index];
        var idle = index == 0 ? TimeSpan.Zero : row.At - diagram.Rows[index - 1].At;
        if (DiagramTime.Words(idle) is { } pause)
        {
            double between = (places[index - 1] + (34 * Math.Max(0, diagram.Rows[index - 1].Arrows.Count - 1)) + y) / 2;
            output.Write(Line($"""<g aria-hidden="true"><path class="break" d="M{TimeWidth - 14} {between - 5}l6 3l-10 4l6 3"/><text class="idle" text-anchor="end" x="{TimeWidth - 22}" y="{between + 4}">{pause}</text></g>"""));
        }
        double seconds = (row.At - diagram.Rows[0].At).TotalSeconds;
        string tone = row.Tone switch { LadderTone.Good => " good", LadderTone.Bad => " bad", _ => "" };
        output.Write(Line($"""<g class="row{tone}" data-event="{row.Event}"><title>{Text(string.Join("\n", row.Words))}</title><rect class="hit" fill="transparent" x="0" y="{y - 17}" width="{width}" height="{34 * Math.Max(1, row.Arrows.Count)}"/>"""));
        output.Write(Line($"""<text class="time" text-anchor="end" x="{TimeWidth - 8}" y="{y + 4}">{seconds.ToString(seconds < 1000 ? "0.000" : "0.0", CultureInfo.InvariantCulture)}</text>"""));
        for (int i = 0; i < row.Arrows.Count; i++)
            Arrow(output, row.Arrows[i], column, y + (34 * i));
        if (row.Arrows.Count == 0)
        {
            int node = diagram.Parties.Index().First(p => p.Item.Role == DiagramRole.EventCalls).Index;
            output.Write(Line($"""<circle class="at" cx="{Middle(node, column)}" cy="{y}" r="3.5"/>"""));
        }
        output.Write(Line($"""<text class="words" x="{TimeWidth + (column * diagram.Parties.Count) + 6}" y="{y + 4}">{Text(WordsOf(row))}</text></g>"""));
    }

    private static void Arrow(TextWriter output, DiagramArrow arrow, double column, double y)
    {
        double from = Middle(arrow.From, column);
        double to = Middle(arrow.To, column);
        double back = to > from ? -8 : 8;
        output.Write(Line($"""<g class="arrow {(arrow.IsSip ? "sip" : "bus")}"><line x1="{from}" y1="{y}" x2="{to + (back / 2)}" y2="{y}"/><path class="head" d="M{to} {y}l{back} -4v8z"/>"""));
        // Beside who sends, so that the label of a long arrow does not stand on somebody else's line.
        double label = from + (column / 2 * (to > from ? 1 : -1));
        output.Write(Line($"""<text class="label" text-anchor="middle" x="{label}" y="{y - 5}">{Text(Cut(arrow.Label, MostOfALabel))}</text></g>"""));
    }

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);

    private static string Word(DiagramRole role) => role switch
    {
        DiagramRole.Caller => "caller",
        DiagramRole.Api => "operator",
        DiagramRole.EventCalls => "EventCalls",
        DiagramRole.Logic => "routing logic",
        _ => "target",
    };

    private static string NameOf(DiagramParty party) => Cut(Short(party.Name), MostOfAName);

    private static string WordsOf(DiagramRow row) => Cut(row.Words is [var first, ..] ? first : row.Type, MostOfWords);

    private static string Short(string uri) => uri.StartsWith("sip:", StringComparison.OrdinalIgnoreCase) ? uri[4..] : uri;

    private static string Cut(string text, int most) => text.Length <= most ? text : $"{text.AsSpan(0, most - 1)}…";

    private static string Text(string text) => WebUtility.HtmlEncode(Valid(text));

    // What XML has no place for, not even as a reference: U+FFFE and U+FFFF, and half of a pair, such as a cut leaves.
    private static string Valid(string text)
    {
        if (IsValid(text))
            return text;
        var valid = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            valid.Append(rune.Value is 0xFFFE or 0xFFFF ? Rune.ReplacementChar : rune);
        return valid.ToString();
    }

    private static bool IsValid(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (!XmlConvert.IsXmlChar(text[i]))
                return false;
        }
        return true;
    }
}
