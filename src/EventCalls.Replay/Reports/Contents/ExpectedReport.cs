using EventCalls.Replay.Gate;

namespace EventCalls.Replay.Reports.Contents;

/// <summary>A change that was announced, and how many calls changed as it says.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Reason">Why the change is wanted.</param>
/// <param name="Author">Who answers for it.</param>
/// <param name="Expires">The last day it holds, UTC.</param>
/// <param name="Calls">How many calls; a call that changed as several say counts for each.</param>
/// <param name="Expired">Whether it no longer holds, so that it excuses nothing.</param>
public sealed record ExpectedReport(string Name, string Reason, string Author, DateOnly Expires, long Calls, bool Expired)
{
    /// <summary>Of all rules.</summary>
    public static IReadOnlyList<ExpectedReport> Of(ExpectedChanges? expected) =>
        expected is null ? [] : [.. expected.Rules.Select(rule => new ExpectedReport(rule.Name, rule.Reason, rule.Author, rule.Expires, rule.Calls, expected.IsExpired(rule)))];
}
