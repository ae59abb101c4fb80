using EventCalls.Routing.Decisions;

namespace EventCalls.Routing.Destinations;

/// <summary>A named destination of handoffs, as configured.</summary>
public sealed record HandoffDestination
{
    /// <summary>Its name, by which logic and decisions ask for it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, for people.</summary>
    public string? Description { get; init; }

    /// <summary>Why calls go there, for searches and reports, when a handoff does not say; a short word.</summary>
    public string? Reason { get; init; }

    /// <summary>The method with its parameters. The values of its headers may hold <c>$name</c> and <c>$name.member</c> for values of the call's state, <c>$$</c> for one <c>$</c>; a header whose value comes out empty is left out.</summary>
    public required Contracts.Handoff Step { get; init; }

    /// <summary>The header in which the receiving side is told the handoff's id, by which it finds the call's context; <c>User-to-User</c> carries it in hex (RFC 7433). A REFER to a URI carries it in the Refer-To as well, for the INVITE that comes of it (RFC 3261 §19.1.1). Null for none.</summary>
    public string? ContextHeader { get; init; }

    /// <summary>Whether it is meant when a handoff names none; exactly one is.</summary>
    public bool IsDefault { get; init; }

    /// <summary>What is wrong with it, beginning with the field; null when nothing is.</summary>
    /// <param name="knownEndpoints">The outbound endpoints that are configured; null leaves their names unchecked.</param>
    internal string? Problem(IReadOnlySet<string>? knownEndpoints)
    {
        if (DecisionValidation.ReasonError(Reason) is { } reason)
            return reason["handoff.".Length..];
        if (ContextHeader is not null && HeaderCheck.NameError(ContextHeader) is { } header)
            return $"context_header: {header}.";
        foreach (var (name, value) in Step.SipHeaders.Select(h => (h.Name, h.Value)))
        {
            if (HeaderTemplate.Problem(value) is { } problem)
                return $"sip_headers[{name}]: {problem}.";
        }

        return DecisionValidation.TryCheck([Step], knownEndpoints, out _, out string? error) ? null : error!["handoff.".Length..];
    }
}
