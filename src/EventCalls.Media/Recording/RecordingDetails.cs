namespace EventCalls.Media.Recording;

/// <summary>What a recording is of: what its path may be made of. Comes from messages of others and may hold anything.</summary>
internal sealed record RecordingDetails(string Call, DateTimeOffset StartedAt)
{
    /// <summary>Who called.</summary>
    public string Caller { get; init; } = "";

    /// <summary>Who was called.</summary>
    public string Callee { get; init; } = "";

    /// <summary>The trunk of the call.</summary>
    public string Trunk { get; init; } = "";

    /// <summary>The flow of the call.</summary>
    public string Flow { get; init; } = "";
}
