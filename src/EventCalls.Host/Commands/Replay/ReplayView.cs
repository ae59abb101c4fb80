using System.Globalization;
using EventCalls.Replay;

namespace EventCalls.Host.Commands.Replay;

/// <summary>The totals for people.</summary>
internal static class ReplayView
{
    private const int LabelWidth = 15;

    public static void Write(CommandContext context, ReplayTotals totals, ReplayRun run)
    {
        var console = Screen.On(context.Out);
        void Line(string label, string text) => console.WriteLabelled(label, LabelWidth, text);
        void Count(string label, long count) => Line(label, string.Create(
            CultureInfo.InvariantCulture, $"{count,12:#,0}  {(totals.Calls == 0 ? 0 : 100.0 * count / totals.Calls),6:0.0} %"));

        Line("Store", run.Store);
        Line("Candidate", $"{run.CandidateName}, {run.Candidate}");
        foreach (var (version, calls) in run.Baseline)
            Line("Decided by", string.Create(CultureInfo.InvariantCulture, $"{version}, {calls:#,0} calls"));
        if (run.Where.Length > 0)
            Line("Calls with", run.Where);
        Line("Calls", string.Create(CultureInfo.InvariantCulture, $"{totals.Calls,12:#,0}  in {run.Elapsed.TotalSeconds:0.0} s"));
        Count("Same", totals.Same);
        Count("Changed", totals.Changed);
        Count("Errors", totals.Errors);
        Count("Not replayable", totals.NotReplayable);
        if (run.LiveLookups)
            Line("Look-ups", string.Create(CultureInfo.InvariantCulture, $"{totals.LiveLookups:#,0} were asked of today's tables: they were never recorded"));
    }
}
