namespace EventCalls.Contracts;

/// <summary>A provisional response or a NOTIFY's sipfrag arrived for the attempt.</summary>
public sealed record TransferProgressed : CallEvent
{
    /// <summary>The handoff.</summary>
    public required Guid HandoffId { get; init; }

    /// <summary>The attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>Where it came from: <c>response</c> or <c>notify</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The SIP status, 100–699; null when the NOTIFY carried no readable sipfrag.</summary>
    public int? Status { get; init; }

    /// <summary>The status line or the NOTIFY's body, as received (at most 2,048 characters).</summary>
    public string? AsReceived { get; init; }
}
