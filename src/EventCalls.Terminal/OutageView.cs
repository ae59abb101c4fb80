using EventCalls.Contracts;
using EventCalls.Replay.Reports;
using EventCalls.Simulation.Outages;
using Spectre.Console;

namespace EventCalls.Terminal;

/// <summary>What became of calls that were played with a trunk or a target that does not do what it did.</summary>
public static class OutageView
{
    /// <summary>Writes it.</summary>
    public static void Write(IAnsiConsole console, OutageReport report)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(report);
        Line(console, $"Played with {string.Join(", ", report.Outages)}: {ReportWords.Number(report.Touched)} of {ReportWords.Calls(report.Calls)} meet it.");
        if (report.Moves.Count > 0)
        {
            var table = new Table { Border = TableBorder.Simple };
            foreach (string column in (string[])["Was", "Now", "Calls"])
                table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))));
            foreach (var move in report.Moves)
                table.AddRow(new Text(PlainText.Of(move.Was)), new Text(PlainText.Of(move.Now)), new Text(ReportWords.Number(move.Calls)));
            console.Write(table);
        }
        foreach (var problem in report.NotPlayed)
            Line(console, $"Not played, {ReportWords.Calls(problem.Calls)}: {problem.Why}");
        foreach (var hint in report.Hints)
            Line(console, $"{ReportWords.Calls(hint.Calls)}: {hint.Why}");
        if (report.Stopped)
            Line(console, "Stopped before all calls were played: these are the figures of those until then.");
    }

    private static void Line(IAnsiConsole console, string text)
    {
        foreach (string line in TextLayout.Wrap(PlainText.Of(text), console.Profile.Width, 2))
            console.WriteLine((line, Style.Plain));
    }
}
