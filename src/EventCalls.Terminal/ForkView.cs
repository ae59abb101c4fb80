using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Replay.Audit;
using EventCalls.Simulation.Forks;
using Spectre.Console;

namespace EventCalls.Terminal;

/// <summary>A fork for people: both courses at a glance, then both ladders side by side.</summary>
public static class ForkView
{
    private const int LabelWidth = 10;
    private const int NumberWidth = 3;
    private const int TimeWidth = 8;
    private const int LanesWidth = 9;
    private const int Before = NumberWidth + TimeWidth + 1 + LanesWidth + 1;
    private const string Between = " ┃ ";

    private static readonly Style s_heading = new(decoration: Decoration.Bold);
    private static readonly Style s_quiet = new(Color.Grey);
    private static readonly Style s_gone = new(Color.Red);
    private static readonly Style s_new = new(Color.Green);

    /// <summary>Writes it.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="result">The fork.</param>
    /// <param name="logic">The candidate's name for people.</param>
    public static void Write(IAnsiConsole console, ForkResult result, string logic)
    {
        WriteGlance(console, result, logic);
        console.WriteLine();
        WriteLadders(console, result);
        console.WriteLine();
        console.WriteLine((Verdict(result), s_heading));
    }

    private static void WriteGlance(IAnsiConsole console, ForkResult result, string logic)
    {
        void Line(string label, string text) => console.WriteLabelled(label, LabelWidth, text);

        Line("Call", result.Recording.Started.CallId.ToString("D"));
        Line("Fork", string.Create(CultureInfo.InvariantCulture, $"after event {result.At} of {result.Recording.Events.Count}") + (result.Injection is { } injection ? $", with {injection}" : ", with nothing but the decisions taken anew"));
        Line("Logic", $"{LogicVersionName.Short(result.Candidate)}, {logic}; {Times(result.Decisions)}");
        foreach (var attempt in result.Unknown)
            Line("Assumed", $"{WireName.Of(attempt.Method)} {attempt.Target} answers, as the record does not say how it behaves");
        if (result.AssumedEndpoints.Count > 0)
            Line("Assumed", $"the endpoint {string.Join(", ", result.AssumedEndpoints)} is there, as no trunk is configured here");
        if (result.LiveLookups.Count > 0)
            Line("Asked now", $"{string.Join(", ", result.LiveLookups)}, as the record has no answer");
        console.WriteLine();
        var (was, would) = (ForkCourse.Of(result.Recording.Events), ForkCourse.Of(result.Events));
        int width = (console.Profile.Width - LabelWidth - 2) / 2;
        Pair(console, width, "", "what happened", "what would happen", s_heading);
        Compare("Flow", c => c.Row.Flow ?? "none");
        Compare("Handoff", c => c.Row.Handoff is { } handoff ? $"{WireName.Of(handoff)} {c.Row.Target}".TrimEnd() : "none");
        Compare("Outcome", c => $"{WireName.Of(c.Row.Outcome) ?? "none"}, {c.Row.Attempts} {(c.Row.Attempts == 1 ? "attempt" : "attempts")}");
        Compare("Ended", c => c.Ended is { } e ? $"by {WireName.Of(e.EndedBy)}, {WireName.Of(e.Cause)}{(e.Status is { } s ? $", {s}" : "")}, after {EventWords.Seconds(e.DurationMs)}" : "not yet");

        void Compare(string label, Func<ForkCourse, string> field)
        {
            var (one, other) = (PlainText.Of(field(was)), PlainText.Of(field(would)));
            Pair(console, width, label, one, other, one == other ? Style.Plain : s_new);
        }
    }

    private static string Times(int count) => count switch { 0 => "not asked", 1 => "asked once", _ => string.Create(CultureInfo.InvariantCulture, $"asked {count} times") };

    private static void Pair(IAnsiConsole console, int width, string label, string left, string right, Style style)
    {
        string[] one = [.. TextLayout.Wrap(left, width, 2)];
        string[] other = [.. TextLayout.Wrap(right, width, 2)];
        for (int i = 0; i < Math.Max(one.Length, other.Length); i++)
        {
            console.WriteLine(
                ((i == 0 ? label : "").PadRight(LabelWidth), s_heading),
                (At(one, i).PadRight(width + 2), style == s_heading ? style : Style.Plain),
                (At(other, i), style));
        }
    }

    private static void WriteLadders(IAnsiConsole console, ForkResult result)
    {
        int column = (console.Profile.Width - Between.Length) / 2;
        string head = "#".PadLeft(NumberWidth) + "seconds".PadLeft(TimeWidth) + " ";
        console.WriteLine(((head + "what happened").PadRight(column) + Between + head + "what would happen", s_heading));
        var (was, would) = (new Ladder(), new Ladder());
        var recorded = result.Recording.Events;
        var start = recorded[0].OccurredAt;
        bool isForked = false;
        foreach (var row in ForkRow.Align(recorded, result.Events))
        {
            if (!isForked && (row.Left is null || row.Left > result.At))
            {
                isForked = true;
                WriteFork(console, result);
            }
            string[] one = row.Left is { } l ? Cell(l, recorded[l - 1], was, start, column) : [];
            string[] other = row.Right is { } r ? Cell(r, result.Events[r - 1], would, start, column) : [];
            bool isSame = row is { Left: not null, Right: not null };
            for (int i = 0; i < Math.Max(one.Length, other.Length); i++)
            {
                var right = At(other, i);
                console.WriteLine(
                    (At(one, i).PadRight(column), isSame ? Style.Plain : s_gone),
                    (right.Length > 0 ? Between : Between.TrimEnd(), s_quiet),
                    (right, isSame ? Style.Plain : s_new));
            }
        }
    }

    private static void WriteFork(IAnsiConsole console, ForkResult result)
    {
        string text = $"── fork{(result.Injection is { } injection ? $": {injection}" : "")} ";
        console.WriteLine((text.PadRight(console.Profile.Width, '─'), s_quiet));
    }

    private static string[] Cell(int number, CallEvent e, Ladder ladder, DateTimeOffset start, int column)
    {
        var step = ladder.Next(e);
        var lines = new List<string>();
        foreach (var words in TextLayout.Wrap(ForkWords.Of(e), Math.Max(8, column - Before), 1))
        {
            lines.Add(lines.Count == 0
                ? number.ToString(CultureInfo.InvariantCulture).PadLeft(NumberWidth) + LadderView.Offset(e.OccurredAt, start).PadLeft(TimeWidth) + " " + Lanes(step) + " " + words
                : new string(' ', NumberWidth + TimeWidth + 1) + "│   │   │ " + words);
        }
        return [.. lines];
    }

    private static string Lanes(LadderStep step) =>
        $"│{Arrow(step.Caller)}{(step.Caller is null && step.Target is null ? "●" : "│")}{Arrow(step.Target)}│";

    private static string Arrow(LadderArrow? arrow) => arrow switch { null => "   ", { ToTheRight: true } => "──>", _ => "<──" };

    private static string At(string[] lines, int i) => i < lines.Length ? lines[i] : "";

    private static string Verdict(ForkResult result) => result.IsSame
        ? "The call would go as it went."
        : "The call would go otherwise.";
}
