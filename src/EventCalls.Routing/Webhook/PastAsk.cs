using EventCalls.Contracts;

namespace EventCalls.Routing.Webhook;

/// <summary>How a web service is asked about a past call.</summary>
/// <param name="Taking">Which time it is asked the same, from 1; 0 for a call that is decided now.</param>
/// <param name="Recorded">The look-ups that were recorded.</param>
internal readonly record struct PastAsk(int Taking, IReadOnlyList<LookupAnswer> Recorded)
{
    /// <summary>It is no past call.</summary>
    public static PastAsk None => new(0, []);
}
