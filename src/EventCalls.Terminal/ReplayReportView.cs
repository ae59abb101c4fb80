using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Replay.Reports;
using EventCalls.Replay.Reports.Contents;
using Spectre.Console;

namespace EventCalls.Terminal;

/// <summary>The report on a terminal: what it came to, what the changed calls have in common, and whether callers would still be answered.</summary>
public sealed class ReplayReportView(IAnsiConsole console)
{
    private const int LabelWidth = 15;
    private const int MostGroups = 8;
    private const int MostMoves = 12;
    private const int MostTargets = 8;
    private const int MostProblems = 5;
    private const int BarWidth = 30;

    private static readonly Style s_bold = new(decoration: Decoration.Bold);
    private static readonly Style s_quiet = new(Color.Grey);

    public void Write(ReplayReport report)
    {
        Run(report);
        Totals(report.Totals);
        foreach (var sentence in ReportWords.Headline(report))
            Text(sentence, 0, Style.Plain);
        Expected(report);
        Groups(report);
        Flows(report.Flows);
        WhatIf(report.WhatIf);
        Problems(report);
    }

    private void Run(ReplayReport report)
    {
        var run = report.Run;
        void Line(string label, string text) => console.WriteLabelled(label, LabelWidth, text);
        Line("Store", run.Store);
        Line("Candidate", $"{run.CandidateName}, {run.Candidate}");
        if (report.Baseline is { } baseline)
            Line("Against", $"{baseline.Name}, {baseline.Version}");
        foreach (var (version, calls) in run.Baseline.OrderByDescending(b => b.Value).ThenBy(b => b.Key, StringComparer.Ordinal))
            Line("Decided by", $"{version}, {ReportWords.Calls(calls)}");
        if (run.Where.Length > 0)
            Line("Calls with", run.Where);
        Line("Calls", string.Create(CultureInfo.InvariantCulture, $"{ReportWords.Number(report.Totals.Calls)}, decided again in {run.Elapsed.TotalSeconds:0.0} s"));
        Empty();
    }

    private void Totals(ReportTotals totals)
    {
        Count("Same", totals.Same, Style.Plain);
        Count("Changed", totals.Changed, new Style(Color.Yellow));
        if (totals.Expected > 0)
            Count("Expected", totals.Expected, new Style(Color.Yellow));
        Count("Errors", totals.Errors, new Style(Color.Red));
        Count("Not replayable", totals.NotReplayable, new Style(Color.Purple));
        if (totals.Nondeterministic > 0)
            Count("Nondeterministic", totals.Nondeterministic, new Style(Color.Red));

        void Count(string label, long count, Style style)
        {
            int bar = totals.Calls == 0 || count == 0 ? 0 : Math.Max(1, (int)Math.Round((double)BarWidth * count / totals.Calls));
            console.WriteLine(
                (label.PadRight(LabelWidth), s_bold),
                ($"{ReportWords.Number(count),12}  {ReportWords.Percent(count, totals.Calls),7}  ", count > 0 ? style : Style.Plain),
                (new string('█', bar), style));
        }
    }

    private void Expected(ReplayReport report)
    {
        if (report.Expected.Count == 0)
            return;
        Heading("Changes that were announced");
        foreach (var rule in report.Expected)
            Text(ReportText.Expected(rule), 0, rule.Expired || rule.Calls == 0 ? new Style(Color.Red) : Style.Plain);
    }

    private void Groups(ReplayReport report)
    {
        if (report.Groups.Items.Count == 0)
            return;
        Heading("What changed, and what those calls have in common");
        foreach (var group in report.Groups.Items.Take(MostGroups))
        {
            Text($"{ReportWords.Title(group)}: {ReportWords.Calls(group.Calls)}", 0, s_bold);
            foreach (var sentence in ReportWords.Causes(group))
                Text(sentence, 2, group.Causes.Count > 0 ? Style.Plain : s_quiet);
            if (group.ToFlow is null && group.FromTarget is null)
            {
                foreach (var value in group.Values.Items.Take(2))
                    Text($"{value.Field}: {value.Was ?? "(none)"} → {value.Now ?? "(none)"}, {ReportWords.Calls(value.Calls)}", 2, Style.Plain);
            }
            if (group.Examples.Count > 0)
                console.WriteLine(($"  For example {group.Examples[0]:D}", s_quiet));
        }
        Rest(report.Groups.Items.Skip(MostGroups).Sum(g => g.Calls), Math.Max(0, report.Groups.Items.Count - MostGroups), report.Groups.Omitted, "groups");
    }

    private void Flows(Listing<Move> flows)
    {
        var moved = flows.Items.Where(m => m.From != m.To).ToList();
        if (moved.Count == 0)
            return;
        Heading("From flow to flow");
        var table = NewTable("Was", "Now", "Calls");
        foreach (var move in moved.Take(MostMoves))
            table.AddRow(Cell(move.From), Cell(move.To), Cell(ReportWords.Number(move.Calls)));
        console.Write(table);
        Rest(moved.Skip(MostMoves).Sum(m => m.Calls), Math.Max(0, moved.Count - MostMoves), flows.Omitted, "moves");
    }

    private void WhatIf(WhatIf whatIf)
    {
        if (whatIf.Calls == 0)
            return;
        Heading("Would callers still be answered?");
        foreach (var sentence in ReportWords.About(whatIf))
            Text(sentence, 0, Style.Plain);
        if (whatIf.Estimated > 0)
        {
            var rates = NewTable("", "Before", "Expected");
            foreach (var (name, expected, before) in ReportWords.Rows(whatIf.Predicted ?? whatIf.Expected, whatIf.BeforeRates).Where(r => r.Expected is { Value: > 0 } || r.Before is { Value: > 0 }))
                rates.AddRow(Cell(name), Cell(Rate(before)), Cell(Rate(expected)));
            if (whatIf.Expected is { Unknown: > 0 } known)
                rates.AddRow(Cell("Not known"), Cell(""), Cell(ReportWords.Percent(known.Unknown)));
            console.Write(rates);
        }
        var targets = NewTable("New target", "Calls", "Answered, expected", "Of attempts");
        foreach (var target in whatIf.Targets.Items.Take(MostTargets))
        {
            // Where only fallbacks have results, what is said rests on theirs.
            var steps = target.Predicted is null && target.AtLeast is not null ? target.Steps.First(s => s.Results.Counted > 0 || s.Rates is not null) : target.Steps[0];
            targets.AddRow(
                Cell(ReportWords.Steps(target)),
                Cell(ReportWords.Number(target.Calls)),
                Cell(ReportWords.Answered(target)),
                Cell(steps.Results.Counted == 0 && steps.Rates is not null ? "needs none" : ReportWords.Number(steps.Results.Counted)));
        }
        console.Write(targets);
        Rest(whatIf.Targets.Items.Skip(MostTargets).Sum(t => t.Calls), Math.Max(0, whatIf.Targets.Items.Count - MostTargets), whatIf.Targets.Omitted, "targets");
        foreach (var load in whatIf.Loads.Items.Take(MostTargets))
            Text($"Busier than ever measured: {ReportWords.Load(load)}", 0, Style.Plain);
        Text("In brackets: 95 % intervals, of what was measured for the rate, of what is expected for these very calls; docs/replay-report.md says what is taken for granted.", 0, s_quiet);
    }

    private void Problems(ReplayReport report)
    {
        if (report.ErrorGroups.Items.Count > 0)
        {
            Heading("Errors");
            foreach (var error in report.ErrorGroups.Items.Take(MostProblems))
                Problem($"{ReportText.Place(error)}: {ReportWords.Calls(error.Calls)}", error.Message, error.Examples);
            Rest(report.ErrorGroups.Items.Skip(MostProblems).Sum(e => e.Calls), Math.Max(0, report.ErrorGroups.Items.Count - MostProblems), report.ErrorGroups.Omitted, "kinds of error");
        }
        if (report.Unrecorded.Items.Count > 0)
        {
            Heading("Not replayable");
            foreach (var group in report.Unrecorded.Items.Take(MostProblems))
                Problem(ReportWords.Calls(group.Calls), group.Unrecorded, group.Examples);
            Rest(report.Unrecorded.Items.Skip(MostProblems).Sum(u => u.Calls), Math.Max(0, report.Unrecorded.Items.Count - MostProblems), report.Unrecorded.Omitted, "reasons");
        }
        if (report.Nondeterministic.Items.Count > 0)
        {
            Heading("Nondeterministic");
            foreach (var group in report.Nondeterministic.Items.Take(MostProblems))
                Problem(ReportWords.Calls(group.Calls), group.Differs, group.Examples);
            Rest(report.Nondeterministic.Items.Skip(MostProblems).Sum(g => g.Calls), Math.Max(0, report.Nondeterministic.Items.Count - MostProblems), report.Nondeterministic.Omitted, "kinds");
        }
        if (report.MatchesNothing is { Was: > 0 } or { Now: > 0 })
        {
            Heading("Calls that match nothing");
            Text(ReportText.Unmatched(report.MatchesNothing), 0, Style.Plain);
        }
    }

    private void Problem(string title, string message, IReadOnlyList<Guid> examples)
    {
        Text(title, 0, s_bold);
        Text(message, 2, Style.Plain);
        if (examples.Count > 0)
            console.WriteLine(($"  For example {examples[0]:D}", s_quiet));
    }

    private void Heading(string text)
    {
        Empty();
        console.WriteLine((text, new Style(decoration: Decoration.Bold | Decoration.Underline)));
    }

    private void Rest(long calls, int kinds, long omitted, string what)
    {
        if (ReportWords.Rest(calls, kinds, omitted, what) is { Length: > 0 } words)
            Text(words, 0, s_quiet);
    }

    private void Text(string text, int indent, Style style)
    {
        foreach (var line in TextLayout.Wrap(PlainText.Of(text), console.Profile.Width - indent, 2))
            console.WriteLine((new string(' ', indent), Style.Plain), (line, style));
    }

    private void Empty() => console.WriteLine(("", Style.Plain));

    private static Table NewTable(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        for (int i = 0; i < columns.Length; i++)
        {
            var column = new TableColumn(new Text(columns[i], s_bold)) { Padding = new Padding(0, 0, 2, 0) };
            if (columns[i] is "Calls" or "Of attempts")
                column.RightAligned().NoWrap();
            table.AddColumn(column);
        }
        return table;
    }

    private static Text Cell(string text) => new(PlainText.Of(text));

    private static string Rate(Estimate? rate) => rate is null ? "–" : ReportWords.Rate(rate);
}
