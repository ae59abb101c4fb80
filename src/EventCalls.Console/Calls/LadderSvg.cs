using System.Globalization;
using System.Text;

namespace EventCalls.Console.Calls;

/// <summary>Draws a ladder as an SVG image that stands alone: no script, nothing loaded, light or dark as its viewer is.</summary>
internal static class LadderSvg
{
    private const int Width = 1180;
    private const int Top = 96;
    private const int Row = 26;
    private const int Detail = 17;
    private const int TimeRight = 88;
    private const int WordsLeft = 700;
    private const int WordsPerLine = 66;
    private const int LabelLength = 26;

    private static readonly Dictionary<string, int> s_lanes = new(StringComparer.Ordinal)
    {
        [DrawnLadder.Caller] = 150, [DrawnLadder.Us] = 400, [DrawnLadder.Target] = 650,
    };

    // Colours with at least 4.5 : 1 against their ground.
    private const string Style = """
        <style>
        .ground{fill:#fff}.lane{stroke:#9aa4b2;stroke-dasharray:3 4}.party{fill:#eef1f5;stroke:#9aa4b2}
        text{font:13px ui-sans-serif,system-ui,"DejaVu Sans",sans-serif;fill:#1d2530}.title{font-size:16px;font-weight:600}.head{font-weight:600}
        .time,.more{fill:#566173;font-size:12px}.time{font-family:ui-monospace,"DejaVu Sans Mono",monospace}
        .arrow{stroke:#2f5fae;stroke-width:1.5;fill:none}.tip,.dot{fill:#2f5fae}.label{fill:#234a8a;font-size:12px}
        .good .arrow{stroke:#1e7a45}.good .tip,.good .dot,.good .label,.good .words{fill:#1a6b3c}
        .bad .arrow{stroke:#b3261e}.bad .tip,.bad .dot,.bad .label,.bad .words{fill:#a3201a}
        @media (prefers-color-scheme:dark){
        .ground{fill:#14181f}.lane{stroke:#5b6676}.party{fill:#222935;stroke:#5b6676}text{fill:#e6eaf0}.time,.more{fill:#a3adbb}
        .arrow{stroke:#82aef5}.tip,.dot{fill:#82aef5}.label{fill:#a9c7fa}
        .good .arrow{stroke:#6fcf97}.good .tip,.good .dot,.good .label,.good .words{fill:#86dba8}
        .bad .arrow{stroke:#ff8a80}.bad .tip,.bad .dot,.bad .label,.bad .words{fill:#ffa199}}
        </style>
        """;

    /// <summary>The image, with a title over it.</summary>
    public static string Draw(LadderObject ladder, string title)
    {
        var body = new StringBuilder();
        int y = Top;
        foreach (var step in ladder.Steps)
            y = Step(body, step, y);
        int height = y + 14;
        var svg = new StringBuilder(body.Length + 4096);
        svg.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" width="{Width}" height="{height}" role="img" aria-labelledby="t">""");
        svg.Append("<title id=\"t\">").Append(Text(title)).Append("</title>").Append(Style);
        svg.Append(CultureInfo.InvariantCulture, $"""<rect class="ground" width="{Width}" height="{height}"/><text class="title" x="20" y="30">{Text(Cut(title, 120))}</text>""");
        foreach (var (party, x) in s_lanes)
        {
            svg.Append(CultureInfo.InvariantCulture, $"""<line class="lane" x1="{x}" y1="76" x2="{x}" y2="{height - 8}"/><rect class="party" x="{x - 56}" y="48" width="112" height="28" rx="6"/><text class="head" x="{x}" y="67" text-anchor="middle">{party}</text>""");
        }
        svg.Append(CultureInfo.InvariantCulture, $"""<text class="time" x="{TimeRight}" y="67" text-anchor="end">seconds</text><text class="head" x="{WordsLeft}" y="67">what happened</text>""");
        return svg.Append(body).Append("</svg>\n").ToString();
    }

    private static int Step(StringBuilder svg, LadderStepObject step, int y)
    {
        string tone = step.Tone switch { Replay.Audit.LadderTone.Good => " class=\"good\"", Replay.Audit.LadderTone.Bad => " class=\"bad\"", _ => "" };
        svg.Append(CultureInfo.InvariantCulture, $"""<g id="e{step.Event}"{tone}><text class="time" x="{TimeRight}" y="{y + 4}" text-anchor="end">{step.SinceStartMs / 1000:0.000}</text>""");
        if (step.Arrows.Count == 0)
            svg.Append(CultureInfo.InvariantCulture, $"""<circle class="dot" cx="{s_lanes[DrawnLadder.Us]}" cy="{y}" r="4"/>""");
        int lowest = y;
        int lastLeft = int.MinValue;
        foreach (var arrow in step.Arrows)
        {
            // Two between the same lanes stand one below the other.
            int left = Math.Min(s_lanes[arrow.From], s_lanes[arrow.To]);
            int at = left == lastLeft ? lowest + Row : y;
            (lastLeft, lowest) = (left, Math.Max(lowest, at));
            Arrow(svg, arrow, at);
        }
        int line = y;
        for (int i = 0; i < step.Words.Count; i++)
        {
            foreach (string words in Wrapped(step.Words[i]))
            {
                svg.Append(CultureInfo.InvariantCulture, $"""<text class="{(i == 0 ? "words" : "more")}" x="{WordsLeft + (i == 0 ? 0 : 12)}" y="{line + 4}">{Text(words)}</text>""");
                line += Detail;
            }
        }
        svg.Append("</g>");
        return Math.Max(lowest + Row, line + Row - Detail);
    }

    private static void Arrow(StringBuilder svg, LadderArrowObject arrow, int y)
    {
        int from = s_lanes[arrow.From], to = s_lanes[arrow.To], back = to > from ? -9 : 9;
        svg.Append(CultureInfo.InvariantCulture, $"""<line class="arrow" x1="{from}" y1="{y}" x2="{to + back}" y2="{y}"/><path class="tip" d="M{to} {y}l{back} -4.5v9z"/><text class="label" x="{(from + to) / 2}" y="{y - 5}" text-anchor="middle">{Text(Cut(arrow.Label, LabelLength))}</text>""");
    }

    private static IEnumerable<string> Wrapped(string text)
    {
        while (text.Length > WordsPerLine)
        {
            int at = text.LastIndexOf(' ', WordsPerLine - 1);
            if (at <= WordsPerLine / 3)
                at = char.IsHighSurrogate(text[WordsPerLine - 1]) ? WordsPerLine - 1 : WordsPerLine;
            yield return text[..at];
            text = text[at..].TrimStart();
        }
        yield return text;
    }

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1), "…");

    /// <summary>Text that came from outside, so that it is text: markup is escaped, and what XML cannot hold is replaced.</summary>
    internal static string Text(string text)
    {
        var safe = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '<':
                    safe.Append("&lt;");
                    break;
                case '>':
                    safe.Append("&gt;");
                    break;
                case '&':
                    safe.Append("&amp;");
                    break;
                case '"':
                    safe.Append("&quot;");
                    break;
                case '\'':
                    safe.Append("&#39;");
                    break;
                case < 0x20 or 0x7F or 0xFFFE or 0xFFFF:
                    safe.Append('\uFFFD');
                    break;
                default:
                    safe.Append(rune.ToString());
                    break;
            }
        }
        return safe.ToString();
    }
}
