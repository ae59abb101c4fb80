using EventCalls.Contracts;

namespace EventCalls.Routing;

/// <summary>What one side of a call asked by REFER (RFC 3515): to connect the other side with somebody else.</summary>
public sealed class ReferRequest
{
    private readonly ReferReceived _received;
    private readonly List<ConversationRead>? _reads;

    internal ReferRequest(ReferReceived received, List<ConversationRead>? reads)
    {
        _received = received;
        _reads = reads;
        Headers = new SipHeaderFields(received.Headers, reads);
    }

    /// <summary>Who asked: <c>caller</c> or <c>target</c>.</summary>
    public string Leg => Read("leg", _received.Leg)!;

    /// <summary>The number or URI it refers to, without headers: what <see cref="Handoff.Invite"/> takes.</summary>
    public string Target => Read("target", _received.Target)!;

    /// <summary>The URI as received, with the headers behind its <c>?</c>: what <see cref="Handoff.Refer"/> takes.</summary>
    public string ReferTo => Read("refer_to", _received.ReferTo)!;

    /// <summary>The headers behind the <c>?</c> of the URI, such as User-to-User.</summary>
    public SipHeaderFields Headers { get; }

    /// <summary>The dialog that the new call is to take the place of (RFC 3891), in an attended transfer; null for none.</summary>
    public string? Replaces => Read("replaces", _received.Replaces);

    /// <summary>Who refers, as received (RFC 3892); null when that was not said.</summary>
    public string? ReferredBy => Read("referred_by", _received.ReferredBy);

    /// <summary>The endpoint by which the number is called; null for a URI, or when there is none.</summary>
    public string? OutboundEndpoint => Read("outbound_endpoint", _received.OutboundEndpoint);

    /// <summary>What is configured to be done with a REFER of this side.</summary>
    public ReferPolicy Policy => WireName.Parse<ReferPolicy>(Read("policy", WireName.Of(_received.Policy)))!.Value;

    /// <summary>The handoff that the policy makes of it.</summary>
    internal Contracts.Handoff ByPolicy() => ReferSteps.Of(_received);

    private string? Read(string what, string? value)
    {
        _reads?.Add(new ConversationRead($"refer.{what}", value));
        return value;
    }
}
