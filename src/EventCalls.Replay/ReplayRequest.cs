using EventCalls.Replay.Choosing;
using EventCalls.Replay.Deciding;
using EventCalls.Replay.Gate;
using EventCalls.Routing;

namespace EventCalls.Replay;

/// <summary>What a replay was asked for.</summary>
public sealed record ReplayRequest
{
    /// <summary>The candidate: a folder, a version's hash, or the URL of a web service.</summary>
    public required string Logic { get; init; }

    /// <summary>Where the candidate's files are in their repository (<see cref="Reports.Review.RepositoryPath"/>); null when it is no folder.</summary>
    public string? LogicPath { get; init; }

    /// <summary>The version that decides every call beside the candidate, a folder or a version's hash; null to compare with what was recorded.</summary>
    public string? Baseline { get; init; }

    /// <summary>The file with the calls; null for those in the store.</summary>
    public string? History { get; init; }

    /// <summary>Which calls.</summary>
    public required CallChoice Choice { get; init; }

    /// <summary>Which calls, for people; empty for all.</summary>
    public required string Words { get; init; }

    /// <summary>How many calls at the same time.</summary>
    public required int Threads { get; init; }

    /// <summary>How many questions a second a web service is asked at most; null for as many as it answers.</summary>
    public double? Rate { get; init; }

    /// <summary>The file whose text goes to a web service as Authorization; null for none.</summary>
    public string? AuthorizationFile { get; init; }

    /// <summary>The web service that is the candidate; null when it is none.</summary>
    public Uri? Webhook => Uri.TryCreate(Logic, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null;

    /// <summary>Where the candidate runs; null for what is configured.</summary>
    public LogicIsolation? Isolation { get; init; }

    /// <summary>What decisions are given in place of what was recorded; null for what was recorded.</summary>
    public OtherInputs? Inputs { get; init; }

    /// <summary>Trunks and targets that do not do what they did, in words: with any, the calls are played by the simulator and not decided alone.</summary>
    public IReadOnlyList<string> Outages { get; init; } = [];

    /// <summary>Whether today's tables may be asked.</summary>
    public required bool LiveLookups { get; init; }

    /// <summary>Whether names of destinations stand for today's.</summary>
    public bool LiveHandoffs { get; init; }

    /// <summary>When the replay is to fail.</summary>
    public IReadOnlyList<GateRule> Rules { get; init; } = [];

    /// <summary>The file of changes that were announced; null for none.</summary>
    public string? Expected { get; init; }

    /// <summary>The file of calls that must not change; null for none.</summary>
    public string? Golden { get; init; }

    /// <summary>The file that keeps how far it came; null for none.</summary>
    public string? Resume { get; init; }

    /// <summary>Where the report goes as JSON; null for nowhere, <c>-</c> for standard output.</summary>
    public string? Json { get; init; }

    /// <summary>Where the report goes as a page; null for nowhere, <c>-</c> for standard output.</summary>
    public string? Html { get; init; }

    /// <summary>Where the changed calls go as CSV; null for nowhere, <c>-</c> for standard output.</summary>
    public string? Csv { get; init; }

    /// <summary>Where the report goes as a comment for a pull request; null for nowhere, <c>-</c> for standard output.</summary>
    public string? Markdown { get; init; }

    /// <summary>Where the gate goes as JUnit's XML; null for nowhere, <c>-</c> for standard output.</summary>
    public string? JUnit { get; init; }

    /// <summary>Where the findings go as SARIF; null for nowhere, <c>-</c> for standard output.</summary>
    public string? Sarif { get; init; }

    /// <summary>Where the findings go as lines for a workflow of GitHub; null for nowhere, <c>-</c> for standard output.</summary>
    public string? Annotations { get; init; }

    /// <summary>Where the console is, for links to calls; null for none.</summary>
    public Uri? Console { get; init; }

    /// <summary>Where reports go.</summary>
    internal IEnumerable<string?> Outputs => [Json, Html, Csv, Markdown, JUnit, Sarif, Annotations];

    /// <summary>Whether standard output is a machine's, so that what is for people has no place there.</summary>
    public bool IsOutputTaken => Outputs.Contains("-");
}
