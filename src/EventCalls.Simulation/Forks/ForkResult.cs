using EventCalls.Contracts;

namespace EventCalls.Simulation.Forks;

/// <summary>What came of playing a call from a fork.</summary>
public sealed record ForkResult
{
    /// <summary>The recorded call.</summary>
    public required Recording Recording { get; init; }

    /// <summary>The last recorded event that was kept, by its number from 1.</summary>
    public required int At { get; init; }

    /// <summary>The played call's events: up to the fork as recorded, from there as they would be.</summary>
    public required IReadOnlyList<CallEvent> Events { get; init; }

    /// <summary>What was injected; null for nothing.</summary>
    public Injection? Injection { get; init; }

    /// <summary>Whether the injection came to bear; true when there was none.</summary>
    public required bool IsInjected { get; init; }

    /// <summary>Where the play and the record differ before the fork; null when they do not, and the fork can be trusted.</summary>
    public string? Mismatch { get; init; }

    /// <summary>The version of the logic that decided after the fork.</summary>
    public required string Candidate { get; init; }

    /// <summary>How often it was asked.</summary>
    public required int Decisions { get; init; }

    /// <summary>Endpoints that are not configured here, and were taken to be there and to answer.</summary>
    public IReadOnlyCollection<string> AssumedEndpoints { get; init; } = [];

    /// <summary>Look-ups that were not recorded, and were answered by the tables configured now.</summary>
    public IReadOnlyCollection<string> LiveLookups { get; init; } = [];

    /// <summary>Attempts that the record says nothing about, so that they behaved by default.</summary>
    public IReadOnlyList<TransferStarted> Unknown { get; init; } = [];

    /// <summary>Whether the play tells of the same as the record, ids and times apart.</summary>
    public bool IsSame => Recording.Events.Where(EventSignature.IsPlayed).Select(EventSignature.Of).SequenceEqual(Events.Where(EventSignature.IsPlayed).Select(EventSignature.Of));
}
