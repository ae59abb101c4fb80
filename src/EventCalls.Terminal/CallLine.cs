using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Simulation.Live;
using Spectre.Console;

namespace EventCalls.Terminal;

/// <summary>One ended call as a line; columns keep their widths, whatever is in them.</summary>
/// <param name="isWide">A line of 99 columns that says in a few words what happened, or one of 79 that does not.</param>
internal sealed class CallLine(bool isWide)
{
    /// <summary>The narrowest screen that takes wide lines.</summary>
    public const int WideColumns = 99;

    private static readonly Style s_good = new(Color.Green);
    private static readonly Style s_bad = new(Color.Yellow);

    /// <summary>Writes the names of the columns.</summary>
    public void WriteHeading(IAnsiConsole console)
    {
        var (before, outcome, after) = Columns("UTC", "caller", "callee", "flow", "handoff", "outcome", "what happened", "took");
        console.WriteLine(((before + outcome + after).Replace('→', ' '), new Style(decoration: Decoration.Bold)));
    }

    /// <summary>Writes the call's line.</summary>
    public void Write(IAnsiConsole console, CallStory story)
    {
        var row = story.Row;
        var ended = row.EndedAt ?? row.StartedAt;
        var (before, outcome, after) = Columns(
            ended.ToString(isWide ? "HH:mm:ss" : "mm:ss", CultureInfo.InvariantCulture),
            row.Caller.Length > 0 ? row.Caller : "withheld",
            row.Callee,
            row.Flow ?? "none",
            row.Handoff is { } handoff ? $"{WireName.Of(handoff)} {story.TargetUser}" : "none",
            WireName.Of(row.Outcome) ?? "none",
            story.InWords,
            string.Create(CultureInfo.InvariantCulture, $"{(ended - row.StartedAt).TotalSeconds:0.0}s"));
        console.WriteLine(
            (before, Style.Plain),
            (outcome, row.Outcome is { } known && TransferOutcomes.IsSuccess(known) ? s_good : s_bad),
            (after, Style.Plain));
    }

    private (string Before, string Outcome, string After) Columns(
        string time, string caller, string callee, string flow, string handoff, string outcome, string what, string took) => isWide
        ? ($"{Fit(time, 8)} {Fit(caller, 12)}→{Fit(callee, 12)} {Fit(flow, 11)} {Fit(handoff, 15)} ", Fit(outcome, 14), $" {Fit(what, 15)} {took,5}")
        : ($"{Fit(time, 5)} {Fit(caller, 12)}→{Fit(callee, 12)} {Fit(flow, 11)} {Fit(handoff, 14)} ", Fit(outcome, 14), $" {took,5}");

    private static string Fit(string text, int width) => TextLayout.Cut(PlainText.Of(text), width).PadRight(width);
}
