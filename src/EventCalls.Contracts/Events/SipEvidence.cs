namespace EventCalls.Contracts;

/// <summary>What SIP itself said, kept as received, so that an outcome can be derived again later.</summary>
public sealed record SipEvidence
{
    // Between what happened here and its detail.
    private const string Behind = ": ";

    /// <summary>Where the status came from: <c>response</c>, <c>notify</c>, <c>request</c> (a BYE or CANCEL) <c>local</c> (no SIP message: a timer, a transport error, a refusal of ours) or <c>record</c> (an imported record says so; no SIP message was seen).</summary>
    public required string Source { get; init; }

    /// <summary>The final SIP status, 100–699; of what happened here the one that says so to whoever asked, where one does; null when there was none.</summary>
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

    /// <summary>What happened here, of evidence that is <c>local</c> or of a <c>request</c>; null of any other, and of what this version does not know.</summary>
    public LocalEvidence? Here()
    {
        if (Source is not ("local" or "request") || ReasonPhrase is not { } phrase)
            return null;
        int end = phrase.IndexOf(':');
        return WireName.Parse<LocalEvidence>(end < 0 ? phrase : phrase[..end]);
    }

    /// <summary>Whether what happened here came of a response: its status line stands behind it. False where nobody answered, or something else was wrong.</summary>
    public bool HasStatusLine() => Here() is not null && ReasonPhrase!.IndexOf(Behind, StringComparison.Ordinal) is > 0 and var at && StatusLineText.IsIn(ReasonPhrase.AsSpan(at + Behind.Length));

    /// <summary>Whether it says that a handoff was not taken up at all, so that it says nothing about the one under way.</summary>
    public bool IsRefusal() => Source == "local" && Here() is LocalEvidence.HandoffInProgress or LocalEvidence.TooManyHandoffs or LocalEvidence.DecidedTooLate;

    /// <summary>Of a BYE or CANCEL that decided the attempt.</summary>
    public static SipEvidence OfRequest(LocalEvidence what, string method, string? reason) => new()
    {
        Source = "request",
        ReasonPhrase = $"{WireName.Of(what)}{Behind}{method}",
        Reason = reason,
    };

    /// <summary>Of what happened here.</summary>
    public static SipEvidence Local(LocalEvidence what, string? detail = null, int? status = null) => new()
    {
        Source = "local",
        Status = status,
        ReasonPhrase = detail is null ? WireName.Of(what) : $"{WireName.Of(what)}{Behind}{detail}",
    };
}
