namespace EventCalls.Contracts;

/// <summary>One attempt of a handoff begins; recorded before the first SIP request of the attempt is sent.</summary>
public sealed record TransferStarted : CallEvent
{
    /// <summary>The handoff this attempt belongs to.</summary>
    public required Guid HandoffId { get; init; }

    /// <summary>1 for the first step tried, then counting up over fallbacks.</summary>
    public required int Attempt { get; init; }

    /// <summary>How it is done.</summary>
    public required HandoffMethod Method { get; init; }

    /// <summary>The URI dialled, referred to or redirected to; empty for bye and reject.</summary>
    public required string Target { get; init; }

    /// <summary>The outbound endpoint (trunk) used; null where none is.</summary>
    public string? Trunk { get; init; }

    /// <summary>The caller id presented; null where none is.</summary>
    public string? CallerId { get; init; }

    /// <summary>The custom headers sent, in order.</summary>
    public IReadOnlyList<SipHeader> HeadersSent { get; init; } = [];
}
