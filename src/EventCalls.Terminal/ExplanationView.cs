using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Replay.Explaining;
using EventCalls.Store;
using Spectre.Console;

namespace EventCalls.Terminal;

/// <summary>Explanations for people.</summary>
public static class ExplanationView
{
    private const int LabelWidth = 14;

    private static readonly Style s_heading = new(decoration: Decoration.Bold);
    private static readonly Style s_quiet = new(Color.Grey);

    /// <summary>Writes all of them.</summary>
    public static void Write(IAnsiConsole console, CallHistory call, IReadOnlyList<Explanation> explanations)
    {
        console.WriteLabelled("Call", LabelWidth, call.Call.CallId.ToString("D"));
        console.WriteLabelled("From, to", LabelWidth, $"{(call.Call.Caller.Length == 0 ? "withheld" : call.Call.Caller)}, {call.Call.Callee}");
        foreach (var explanation in explanations)
        {
            console.WriteLine();
            Write(console, explanation, call.Events[0].OccurredAt);
        }
    }

    private static void Write(IAnsiConsole console, Explanation e, DateTimeOffset start)
    {
        void Line(string label, string text) => console.WriteLabelled(label, LabelWidth, text);

        var decision = e.Decision;
        var after = EventWords.Seconds((long)(decision.OccurredAt - start).TotalMilliseconds);
        foreach (var line in TextLayout.Wrap(string.Create(CultureInfo.InvariantCulture, $"Decision {decision.Number}, event {decision.Event}, at {after}: {Why(decision)}"), console.Profile.Width, 2))
            console.WriteLine((line, s_heading));
        if (decision.Selected is { } selected)
        {
            Line("Flow", e.Again is { FlowChain.Count: > 1 } again && again.FlowChain[^1] == selected.Flow ? string.Join(" → ", again.FlowChain) : selected.Flow);
            Line("Logic", selected.LogicVersion);
            Line("Decided by", selected.DecidedBy);
        }
        WriteSource(console, e);
        if (decision.Handoff is { } handoff)
            Line("Handoff", HandoffWords.Of(handoff.Steps));
        WriteReads(console, e);
        if (decision.Selected is { State.Count: > 0 } stateful)
            Line("State after", string.Join("; ", stateful.State.Select(x => $"{x.Key} = {(x.Value.ValueKind == System.Text.Json.JsonValueKind.String ? x.Value.GetString() : x.Value.GetRawText())}")));
        foreach (string line in decision.Selected?.Log ?? [])
            Line("Log", PlainText.Of(line));
        foreach (var metric in decision.Selected?.Metrics ?? [])
            Line("Metric", string.Create(CultureInfo.InvariantCulture, $"{metric.Name} = {metric.Value}"));
        if (e.Note is { } note)
            Line("Note", note);
        WriteAgain(console, e);
    }

    private static string Why(RecordedDecision decision) => decision switch
    {
        { Kind: DecisionKind.Api } => "asked for through the API",
        { OnCommand: { } command } => $"for a command of {PlainText.Of(command.By)}",
        { OnRefer: { } refer } => $"on the {refer.Leg}'s REFER to {PlainText.Of(refer.ReferTo)}",
        { AfterTransfer: { } failed } => $"after {WireName.Of(failed.Method)}, attempt {failed.Attempt}, failed: {WireName.Of(failed.Outcome)}",
        _ => "on the INVITE",
    };

    private static void WriteSource(IAnsiConsole console, Explanation e)
    {
        if (e.File is not { } file)
            return;
        console.WriteLabelled("Source", LabelWidth, $"{file}:{e.Line}");
        int margin = e.Source.Count == 0 ? 0 : e.Source.TakeWhile(l => l.Text.Trim().Length == 0).Count();
        int indent = e.Source.Where(l => l.Text.Trim().Length > 0).Select(l => l.Text.Length - l.Text.TrimStart().Length).DefaultIfEmpty(0).Min();
        foreach (var (number, text) in e.Source.Skip(margin))
        {
            var mark = number == e.Line ? ">" : " ";
            var code = text.Length >= indent ? text[indent..] : "";
            var prefix = string.Create(CultureInfo.InvariantCulture, $"{mark}{number,4}  ");
            // Code goes on below itself, so that nothing of it is lost on a narrow terminal.
            bool isFirst = true;
            foreach (var line in TextLayout.Wrap(PlainText.Of(code), console.Profile.Width - prefix.Length - 2, 4))
            {
                console.WriteLine(("  " + (isFirst ? prefix : new string(' ', prefix.Length)) + line, number == e.Line ? s_heading : s_quiet));
                isFirst = false;
            }
        }
    }

    private static void WriteReads(IAnsiConsole console, Explanation e)
    {
        if (e.Again is not { Reads: { } reads })
            return;
        bool isFirst = true;
        foreach (var read in reads.Distinct())
        {
            console.WriteLabelled(isFirst ? "Read" : "", LabelWidth, read.Value is { } value ? $"{read.What} = {value}" : $"{read.What}: absent");
            isFirst = false;
        }
        if (isFirst)
            console.WriteLabelled("Read", LabelWidth, "nothing");
    }

    private static void WriteAgain(IAnsiConsole console, Explanation e)
    {
        switch (e.IsRepeated)
        {
            case true:
                console.WriteLine(("Again".PadRight(LabelWidth), s_heading), ("the same, decided again from the stored sources and recorded inputs", new Style(Color.Green)));
                break;
            case false when e.Differences.Count == 0:
                console.WriteLine(("Again".PadRight(LabelWidth), s_heading), ("not decided again", new Style(Color.Red)));
                break;
            case false:
                console.WriteLine(("Again".PadRight(LabelWidth), s_heading), ("NOT the same, decided again from the stored sources and recorded inputs:", new Style(Color.Red)));
                foreach (var change in e.Differences)
                    console.WriteLabelled("", LabelWidth, $"{change.Field}: was {change.Was ?? "absent"}, is {change.Now ?? "absent"}");
                break;
        }
    }
}
