using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Replay.Audit;
using Spectre.Console;

namespace EventCalls.Terminal;

/// <summary>Draws the ladder: the event's number and time, three lanes with the SIP messages between them, and the words beside.</summary>
public sealed class LadderView(IAnsiConsole console, DateTimeOffset begin)
{
    private const int NumberWidth = 2;
    private const int TimeWidth = NumberWidth + 1 + 7;
    private const int LaneGap = 16;
    private const int LabelWidth = LaneGap - 5;
    private const int WordsAt = TimeWidth + 1 + 1 + LaneGap + 1 + LaneGap + 1 + 2;

    private static readonly Style s_lane = new(Color.Grey);
    private static readonly Style s_heading = new(decoration: Decoration.Bold);
    private static readonly Style s_detail = new(Color.Grey);

    private int WordsWidth => console.Profile.Width - WordsAt;

    /// <summary>Writes the names of the columns.</summary>
    public void WriteHeading()
    {
        // "EventCalls" stands in the middle over its lane.
        var lanes = "caller".PadRight(LaneGap + 1 - 5) + "EventCalls";
        lanes = lanes.PadRight(LaneGap + LaneGap + 3 - 6) + "target";
        var heading = "#".PadLeft(NumberWidth) + "seconds".PadLeft(TimeWidth - NumberWidth) + " " + lanes.PadRight(WordsAt - TimeWidth - 1);
        console.WriteLine((heading + (WordsWidth >= 13 ? "what happened" : "event"), s_heading));
    }

    /// <summary>Writes one step; the number is the event's version in the stream.</summary>
    public void Write(long number, DateTimeOffset at, LadderStep step)
    {
        var style = step.Tone switch
        {
            LadderTone.Good => new Style(Color.Green),
            LadderTone.Bad => new Style(Color.Red),
            _ => Style.Plain,
        };
        string lanes = $"│{Between(step.Caller)}{Middle(step)}{Between(step.Target)}│";
        string then = $"│{Between(step.CallerThen)}│{Between(null)}│";
        bool isFirst = true;
        for (int i = 0; i < step.Words.Count; i++)
        {
            // Details stand a little to the right of what they belong to.
            int indent = i == 0 ? 0 : 2;
            bool isSecond = i == 1 && step.CallerThen is not null;
            foreach (var line in TextLayout.Wrap(step.Words[i], WordsWidth - indent, 2))
            {
                console.WriteLine(
                    ((isFirst ? Numbered(number, at) : new string(' ', TimeWidth)) + " ", Style.Plain),
                    (isFirst ? lanes : isSecond ? then : $"│{Between(null)}│{Between(null)}│", isFirst || isSecond ? style : s_lane),
                    ($"  {new string(' ', indent)}{line}", i == 0 ? style : s_detail));
                (isFirst, isSecond) = (false, false);
            }
        }
    }

    /// <summary>Writes an event without lanes: one that came after the call's end.</summary>
    public void WriteLate(DateTimeOffset at, LadderStep step)
    {
        bool isFirst = true;
        foreach (var line in TextLayout.Wrap(string.Join("; ", step.Words), console.Profile.Width - TimeWidth - 1, 2))
        {
            console.WriteLine(((isFirst ? Offset(at) : "").PadLeft(TimeWidth) + " ", Style.Plain), (line, Style.Plain));
            isFirst = false;
        }
    }

    private string Numbered(long number, DateTimeOffset at)
    {
        var text = number.ToString(CultureInfo.InvariantCulture).PadLeft(NumberWidth);
        return text + Offset(at).PadLeft(TimeWidth - text.Length);
    }

    // An event of another program need not say when it was.
    private string Offset(DateTimeOffset at) => at == default ? "" : Offset(at, begin);

    /// <summary>The seconds between two times, as exact as their room allows: milliseconds up to a quarter of an hour.</summary>
    public static string Offset(DateTimeOffset at, DateTimeOffset begin)
    {
        double seconds = (at - begin).TotalSeconds;
        return seconds.ToString(seconds < 1000 ? "0.000" : seconds < 10_000 ? "0.00" : "0", CultureInfo.InvariantCulture);
    }

    // A mark on our own lane where nothing was sent or received.
    private static string Middle(LadderStep step) => step.Caller is null && step.Target is null ? "●" : "│";

    private static string Between(LadderArrow? arrow)
    {
        if (arrow is null)
            return new string(' ', LaneGap);
        // The words beside have the phrase as a whole; here it stands where there is room.
        var label = arrow.Label.Length <= LabelWidth ? arrow.Label : TextLayout.Cut(arrow.Label.Split(' ', 2)[0], LabelWidth);
        var line = $"{(arrow.ToTheRight ? "──" : "<─")} {label} ".PadRight(LaneGap - 1, '─');
        return arrow.ToTheRight ? line + ">" : line + "─";
    }
}
