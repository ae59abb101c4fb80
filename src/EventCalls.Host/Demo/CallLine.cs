using System.Text;
using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using Spectre.Console;

namespace EventCalls.Host.Demo;

/// <summary>One ended call as a line; columns keep their widths, whatever is in them.</summary>
/// <param name="isWide">A line of 99 columns that says in a few words what happened, or one of 78 that does not.</param>
/// <param name="zone">Whose clock the times are of.</param>
internal sealed class CallLine(bool isWide, TimeZoneInfo zone)
{
    /// <summary>The narrowest terminal that takes wide lines.</summary>
    public const int WideColumns = 99;

    /// <summary>The names of the columns.</summary>
    public string Heading
    {
        get
        {
            var (before, outcome, after) = Columns("ended", "caller", "callee", "flow", "handoff", "outcome", "what happened", "took");
            return (before + outcome + after).Replace('→', ' ');
        }
    }

    /// <summary>The call's line, as markup.</summary>
    public string Of(CallStory story)
    {
        var row = story.Row;
        var ended = row.EndedAt ?? row.StartedAt;
        var (before, outcome, after) = Columns(
            TimeZoneInfo.ConvertTime(ended, zone).ToString(isWide ? "HH:mm:ss" : "mm:ss"),
            row.Caller.Length > 0 ? row.Caller : "withheld",
            row.Callee,
            row.Flow ?? "none",
            $"{StoredWord.Of(row.Handoff)} {UserOf(row.Target)}",
            StoredWord.Of(row.Outcome),
            What(story),
            $"{(ended - row.StartedAt).TotalSeconds:0.0}s");
        string colour = row.Outcome is { } known && TransferOutcomes.IsSuccess(known) ? "green" : "yellow";
        return $"{Markup.Escape(before)}[{colour}]{outcome}[/]{Markup.Escape(after)}";
    }

    private (string Before, string Outcome, string After) Columns(
        string time, string caller, string callee, string flow, string handoff, string outcome, string what, string took) => isWide
        ? ($"{Fit(time, 8)} {Fit(caller, 12)}→{Fit(callee, 12)} {Fit(flow, 11)} {Fit(handoff, 15)} ", Fit(outcome, 14), $" {Fit(what, 15)} {took,5}")
        : ($"{Fit(time, 5)} {Fit(caller, 12)}→{Fit(callee, 12)} {Fit(flow, 11)} {Fit(handoff, 14)} ", Fit(outcome, 14), $" {took,4}");

    private static string Fit(string text, int width) => text.Length <= width ? text.PadRight(width) : $"{text[..(width - 1)]}…";

    /// <summary>The user part of a URI, or else the whole of it.</summary>
    private static string UserOf(string? target) =>
        target is not null && SipUri.TryParse(Encoding.UTF8.GetBytes(target), out var uri) && !uri.User.IsEmpty ? Encoding.UTF8.GetString(uri.User) : target ?? "";

    private static string What(CallStory story)
    {
        if (story.Ended is not { } ended)
            return "still open";
        // What went wrong on the way says more than who hung up in the end.
        if (story.Attempts is [.., var failed, { Outcome: TransferOutcome.Answered }])
            return failed.Outcome == TransferOutcome.NoAnswer || failed.Status is null ? $"after {Plain(failed.Outcome)}" : $"after a {failed.Status}";
        return ended.Cause switch
        {
            CallEndCause.Transferred => "SBC took over",
            CallEndCause.HungUp => $"{Plain(ended.EndedBy)} hung up",
            CallEndCause.Cancelled => "cancelled",
            _ when ended.Status is { } status => $"{status} to caller",
            CallEndCause.GivenBack or CallEndCause.Rejected => "BYE to caller",
            _ => Plain(ended.Cause),
        };
    }

    private static string Plain<T>(T value)
        where T : struct, Enum => StoredWord.Of(value).Replace('_', ' ');
}
