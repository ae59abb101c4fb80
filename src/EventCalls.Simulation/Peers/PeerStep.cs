using EventCalls.Sip.Messages;

namespace EventCalls.Simulation.Peers;

/// <summary>One thing a virtual peer does during an attempt.</summary>
/// <param name="AtMs">When, milliseconds after the attempt began.</param>
/// <param name="Act">What.</param>
internal sealed record PeerStep(long AtMs, PeerAct Act)
{
    /// <summary>The status of the response or report; null for a report without a readable one.</summary>
    public int? Status { get; init; }

    /// <summary>The reason phrase; null for the standard one.</summary>
    public string? Phrase { get; init; }

    /// <summary>The <c>Subscription-State</c> of a report.</summary>
    public string? SubscriptionState { get; init; }

    /// <summary>Further headers.</summary>
    public IReadOnlyList<HeaderLine> Headers { get; init; } = [];
}
