namespace EventCalls.Replay.Calls;

/// <summary>What the baseline version made of a call, beside the candidate: then a change is one between the two, and what the record had is kept apart.</summary>
/// <param name="Verdict">What the baseline's own decisions came to against the recorded ones.</param>
public sealed record BaselineVerdict(Verdict Verdict)
{
    /// <summary>Whether the baseline is the version that decided the call: its verdict is then the noise of the report, and nothing but <see cref="Verdict.Same"/> is expected.</summary>
    public bool IsOwn { get; init; }

    /// <summary>In what the baseline already decides otherwise than recorded, by the names of <see cref="FieldChange.Field"/>; empty unless it does.</summary>
    public IReadOnlyList<FieldChange> Already { get; init; } = [];

    /// <summary>The version that had decided the call; empty when none is recorded.</summary>
    public string RecordedVersion { get; init; } = "";
}
