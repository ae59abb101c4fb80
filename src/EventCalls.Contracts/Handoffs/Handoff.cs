namespace EventCalls.Contracts;

/// <summary>One step of a handoff: the method and its parameters. Which of them a method uses is said at each.</summary>
public sealed record Handoff
{
    /// <summary>How.</summary>
    public required HandoffMethod Method { get; init; }

    /// <summary>invite: the number or SIP URI to dial. refer: the number the transfer is made for (Referred-By). Else null.</summary>
    public string? PhoneNumber { get; init; }

    /// <summary>refer: the SIP URI or number referred to.</summary>
    public string? ReferTo { get; init; }

    /// <summary>redirect: the Contact URIs or numbers, best first.</summary>
    public IReadOnlyList<string>? Contacts { get; init; }

    /// <summary>invite: the named outbound endpoint (trunk); null when <see cref="PhoneNumber"/> is a full URI, or one endpoint only is configured. refer and redirect: the endpoint whose host completes a bare number.</summary>
    public string? OutboundEndpoint { get; init; }

    /// <summary>invite: the caller id to present.</summary>
    public string? OutboundCallerId { get; init; }

    /// <summary>Custom headers to send, in order.</summary>
    public IReadOnlyList<SipHeader> SipHeaders { get; init; } = [];

    /// <summary>invite: how long to let it ring before CANCEL, seconds, 1–600; null for the configured default.</summary>
    public int? RingTimeoutSeconds { get; init; }

    /// <summary>refer: how long to wait for the final NOTIFY, seconds, 1–600; null for the configured default.</summary>
    public int? NotifyTimeoutSeconds { get; init; }

    /// <summary>invite: the dialog that the new call takes the place of (RFC 3891), <c>Call-ID;to-tag=…;from-tag=…</c>; one of ours is joined with the call, another is named to the target. Null for none.</summary>
    public string? Replaces { get; init; }

    /// <summary>invite: where the media goes: <c>anchor</c>, through the node; <c>direct</c>, between the two, unless it goes through the node already; <c>rtpengine</c>, through an engine of <c>Media:Rtpengine</c>; null for what trunks and configuration say.</summary>
    public string? Media { get; init; }

    /// <summary>invite: whether the two are recorded, which takes <c>anchor</c> or <c>rtpengine</c>; false pauses a recording that has begun, and withholds digits; null for what trunks say.</summary>
    public bool? Record { get; init; }

    /// <summary>invite, refer and bye: the WAV file of the folder of prompts that the caller hears before the step is carried out; null for none.</summary>
    public string? Prompt { get; init; }

    /// <summary>reject: the status, 400–699. bye: null.</summary>
    public int? Status { get; init; }

    /// <summary>reject: the reason phrase; bye: the text of the Reason header; null for the standard one.</summary>
    public string? Reason { get; init; }
}
