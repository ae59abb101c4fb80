namespace EventCalls.Contracts;

/// <summary>What SIP itself said, kept as received, so that an outcome can be derived again later.</summary>
public sealed record SipEvidence
{
    /// <summary>Where the status came from: <c>response</c>, <c>notify</c>, <c>request</c> (a BYE or CANCEL) <c>local</c> (no SIP message: a timer, a transport error, a refusal of ours) or <c>record</c> (an imported record says so; no SIP message was seen).</summary>
    public required string Source { get; init; }

    /// <summary>The final SIP status, 100–699; null when there was none.</summary>
    public int? Status { get; init; }

    /// <summary>The reason phrase, or what happened locally; of a record the name of the outcome and, behind <c>": "</c>, what the record says.</summary>
    public string? ReasonPhrase { get; init; }

    /// <summary>The <c>Reason</c> header (RFC 3326), as received.</summary>
    public string? Reason { get; init; }

    /// <summary>The <c>Retry-After</c> header, as received.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>The <c>Warning</c> header, as received.</summary>
    public string? Warning { get; init; }

    /// <summary>The <c>Contact</c> header of a 3xx, or of a 485, as received: where else the target says to try.</summary>
    public string? Contact { get; init; }

    /// <summary>The <c>Subscription-State</c> header of the last NOTIFY, as received.</summary>
    public string? SubscriptionState { get; init; }

    /// <summary>Of a BYE or CANCEL that decided the attempt.</summary>
    public static SipEvidence OfRequest(string what, string method, string? reason) => new()
    {
        Source = "request",
        ReasonPhrase = $"{what}: {method}",
        Reason = reason,
    };

    /// <summary>Of what happened here; the text is one of <see cref="LocalEvidence"/>.</summary>
    public static SipEvidence Local(string what, string? detail = null, int? status = null) => new()
    {
        Source = "local",
        Status = status,
        ReasonPhrase = detail is null ? what : $"{what}: {detail}",
    };
}
