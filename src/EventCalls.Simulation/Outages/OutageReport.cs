using System.Text.Json.Serialization;

namespace EventCalls.Simulation.Outages;

/// <summary>What became of past calls when they were played with a trunk or a target that does not do what it did.</summary>
public sealed record OutageReport
{
    /// <summary>What was otherwise, in words.</summary>
    public required IReadOnlyList<string> Outages { get; init; }

    /// <summary>The content hash of the logic that decided.</summary>
    public required string Logic { get; init; }

    /// <summary>How many calls were looked at.</summary>
    public required long Calls { get; init; }

    /// <summary>How many of them had an attempt that would be otherwise, or make one as they are decided now, and were played.</summary>
    public required long Touched { get; init; }

    /// <summary>What touched calls came to, and what they come to then; the most frequent first.</summary>
    public required IReadOnlyList<OutageMove> Moves { get; init; }

    /// <summary>Calls that could not be played, by why.</summary>
    public required IReadOnlyList<OutageProblem> NotPlayed { get; init; }

    /// <summary>Calls that reach what is otherwise in a way of which that says nothing, by what it says nothing of.</summary>
    public IReadOnlyList<OutageProblem> Hints { get; init; } = [];

    /// <summary>Whether it was stopped before the last call.</summary>
    public bool Stopped { get; init; }
}

/// <summary>Calls that came to the same, and come to the same then.</summary>
/// <param name="Was">As recorded: <c>answered at sip:+4900@192.0.2.7</c>.</param>
/// <param name="Now">As played.</param>
/// <param name="Calls">How many calls.</param>
/// <param name="Examples">The first few of them.</param>
public sealed record OutageMove(string Was, string Now, long Calls, IReadOnlyList<Guid> Examples);

/// <summary>Calls that could not be played, or of which something is to be known.</summary>
/// <param name="Why">Why not, or what.</param>
/// <param name="Calls">How many calls.</param>
public sealed record OutageProblem(string Why, long Calls);

/// <summary>How the report is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OutageReport))]
public sealed partial class OutageJson : JsonSerializerContext;
