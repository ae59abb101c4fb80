using EventCalls.Store;

namespace EventCalls.Replay;

/// <summary>What was replayed against what; stands at the head of every report.</summary>
public sealed record ReplayRun
{
    /// <summary>The versions of logic that had decided the calls, with how many calls each; filled in when the run is over.</summary>
    public IReadOnlyDictionary<string, long> Baseline { get; init; } = new Dictionary<string, long>();

    /// <summary>The candidate's content hash.</summary>
    public required string Candidate { get; init; }

    /// <summary>The candidate for people: its folder, or <c>stored version</c>.</summary>
    public required string CandidateName { get; init; }

    /// <summary>Where the candidate's files are in their repository, empty for its root; null when it is no folder.</summary>
    public string? CandidatePath { get; init; }

    /// <summary>The content hash of the version that decided every call beside the candidate; null when the candidate is compared with the record.</summary>
    public string? Against { get; init; }

    /// <summary>That version for people: its folder, or <c>stored version</c>; empty for none.</summary>
    public string AgainstName { get; init; } = "";

    /// <summary>The store's kind and place, without secrets.</summary>
    public required string Store { get; init; }

    /// <summary>Which calls were chosen.</summary>
    public required CallQuery Query { get; init; }

    /// <summary>Where the console is, so that calls can be opened there: <c>https://calls.example.com</c>; null when that is not known.</summary>
    public Uri? Console { get; init; }

    /// <summary>The chosen conditions in words, such as <c>callee = +15551234</c>; empty for all calls.</summary>
    public string Where { get; init; } = "";

    /// <summary>Whether look-ups that were never recorded were asked of today's tables; a report has to say so.</summary>
    public bool LiveLookups { get; init; }

    /// <summary>Whether names of destinations stood for today's; a report has to say so.</summary>
    public bool LiveHandoffs { get; init; }

    /// <summary>When the run began, UTC.</summary>
    public required DateTimeOffset BeganAt { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Whether the run was stopped before all calls were decided.</summary>
    public bool Cancelled { get; init; }
}
