using System.Globalization;
using EventCalls.Replay.Reports.Contents;

namespace EventCalls.Replay.Reports;

/// <summary>Parts of a report in words.</summary>
public static class ReportText
{
    /// <summary>What was thrown, and where: <c>System.FormatException at Start.cs:14</c>.</summary>
    public static string Place(ErrorGroup error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var what = error.ExceptionType ?? error.Cause switch
        {
            Contracts.RoutingFailureCause.LogicTimedOut => "ran over its time limit",
            Contracts.RoutingFailureCause.UnknownFlow => "unknown flow",
            Contracts.RoutingFailureCause.InvalidDecision => "decision not valid",
            Contracts.RoutingFailureCause.NoDecision => "no decision",
            _ => error.Cause.ToString(),
        };
        if (error.File is not { } file)
            return what;
        return error.Line is { } line ? string.Create(CultureInfo.InvariantCulture, $"{what} at {file}:{line}") : $"{what} in {file}";
    }

    /// <summary>An announced change and what came of it: <c>vip-desk: 12 calls. VIPs move in (Ada, until 2026-12-31)</c>.</summary>
    public static string Expected(ExpectedReport rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        string calls = rule.Expired ? "expired" : rule.Calls == 0 ? "met by no call" : ReportWords.Calls(rule.Calls);
        return string.Create(CultureInfo.InvariantCulture, $"{rule.Name}: {calls}. {rule.Reason} ({rule.Author}, until {rule.Expires:yyyy-MM-dd})");
    }

    /// <summary>Which calls match nothing.</summary>
    public static string Unmatched(MatchesNothing unmatched)
    {
        ArgumentNullException.ThrowIfNull(unmatched);
        if (unmatched.Was == 0 && unmatched.Now == 0)
            return "No call took the configured default, neither as recorded nor as decided now.";
        return $"As recorded {ReportWords.Calls(unmatched.Was)} took the configured default; as decided now {ReportWords.Number(unmatched.Now)} would: {ReportWords.Number(unmatched.Newly)} newly, and {ReportWords.Number(unmatched.NoLonger)} no longer.";
    }
}
