using EventCalls.Contracts;

namespace EventCalls.Routing.Decisions;

/// <summary>A handoff to a configured destination: <c>{"type": "support", "reason": "vip", "sip_headers": {…}}</c>.</summary>
public sealed record NamedHandoff
{
    /// <summary>The destination's name; null for the default one.</summary>
    public string? Destination { get; init; }

    /// <summary>Headers of this call; they win over the destination's of the same names.</summary>
    public IReadOnlyList<SipHeader> Headers { get; init; } = [];

    /// <summary>The outbound endpoint of this call; null for the destination's.</summary>
    public string? Route { get; init; }

    /// <summary>The WAV file that the caller hears before; null for the destination's.</summary>
    public string? Prompt { get; init; }

    /// <summary>Parameters of this call, of the destination's method; they win over the destination's. Null when none are given.</summary>
    public Contracts.Handoff? Given { get; init; }

    /// <summary>What is wrong with the step that came of it, in the words it was asked for in; null when it is not of what was asked.</summary>
    /// <param name="step">The step.</param>
    /// <param name="error">What is wrong with it, beginning with the step's field.</param>
    internal string? AsGiven(Contracts.Handoff step, string error)
    {
        bool Is(string field) => error.StartsWith(field, StringComparison.Ordinal);
        if (Is("outbound_endpoint:") && Route is not null && Route == step.OutboundEndpoint)
            return $"route{error["outbound_endpoint".Length..]}";
        if (Is("prompt:") && Prompt is not null && Prompt == step.Prompt)
            return $"utterance{error["prompt".Length..]}";
        return Is("sip_headers:") || Headers.Any(h => Is($"sip_headers[{TargetForm.Shown(h.Name)}]:") && step.SipHeaders.Contains(h)) ? error : null;
    }

    /// <summary>What to try when the destination cannot be reached.</summary>
    public IReadOnlyList<Contracts.Handoff> Fallbacks { get; init; } = [];
}
