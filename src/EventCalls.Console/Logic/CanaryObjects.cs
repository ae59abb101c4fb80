using System.Text.Json.Serialization;
using EventCalls.Contracts;
using EventCalls.Replay.Canary;

namespace EventCalls.Console.Logic;

/// <summary>The shares of calls that challengers had.</summary>
/// <param name="Now">How the last one stands; null when there never was one, or this process does not look.</param>
/// <param name="Records">All changes of shares, the newest first; the first one holds now.</param>
internal sealed record CanaryList(CanaryStatus? Now, IReadOnlyList<CanaryRecord> Records);

/// <summary>A challenger that is to get a share of the calls; what is left out is as it usually is.</summary>
/// <param name="Challenger">The hash of its version, or the beginning of it.</param>
/// <param name="Steps">The shares, rising.</param>
/// <param name="Split">What a call is assigned by.</param>
/// <param name="Alpha">How likely an error of each kind may be.</param>
/// <param name="Margin">How much smaller its share of successes may be.</param>
/// <param name="Guard">What ends it at once.</param>
/// <param name="Note">What whoever asks for it says to it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record WantedCanary(string? Challenger, IReadOnlyList<WantedStep>? Steps, CanarySplit? Split, double? Alpha, double? Margin, WantedGuard? Guard, string? Note)
{
    [JsonIgnore]
    public CanaryPlan Plan => new()
    {
        Steps = Steps is null ? CanaryPlan.Usual.Steps : [.. Steps.Select(s => new CanaryStep(s.Share ?? 0, s.Calls ?? 0, s.Minutes ?? 0))],
        Split = Split ?? CanaryPlan.Usual.Split,
        Alpha = Alpha ?? CanaryPlan.Usual.Alpha,
        Margin = Margin ?? CanaryPlan.Usual.Margin,
        Guard = new CanaryGuard
        {
            InARow = Guard?.InARow ?? CanaryGuard.Usual.InARow,
            Percent = Guard?.Percent ?? CanaryGuard.Usual.Percent,
            Attempts = Guard?.Attempts ?? CanaryGuard.Usual.Attempts,
            Seconds = Guard?.Seconds ?? CanaryGuard.Usual.Seconds,
        },
    };
}

/// <summary>A share of the calls.</summary>
/// <param name="Share">Percent, 1 to 100.</param>
/// <param name="Calls">How many of its calls have to have come to an end before the next share.</param>
/// <param name="Minutes">How long it has to last.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record WantedStep(int? Share, int? Calls, double? Minutes);

/// <summary>What ends a challenger's share at once.</summary>
/// <param name="InARow">So many attempts in a row that did not reach a target; 0 for never.</param>
/// <param name="Percent">This share of a target's attempts did not reach it; 0 for never.</param>
/// <param name="Attempts">The least number of attempts that a share is made of.</param>
/// <param name="Seconds">How far back attempts count for the share.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record WantedGuard(int? InARow, int? Percent, int? Attempts, int? Seconds);

/// <summary>What goes with the end of a share.</summary>
/// <param name="Note">What whoever asks for it says to it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record WantedStop(string? Note);

/// <summary>What a change of a share came to.</summary>
/// <param name="Changed">Whether something else holds now; false when it did already.</param>
/// <param name="Record">The record that holds now.</param>
internal sealed record CanaryAnswer(bool Changed, CanaryRecord Record);
