using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Facts;

/// <summary>What a message of a peer says that is kept as evidence; texts are as received, unfolded, null where the message has none.</summary>
public readonly record struct ReceivedFacts
{
    private const int MostCharacters = 2048;

    /// <summary>The SIP status, 100–699; null when a NOTIFY tells none.</summary>
    public int? Status { get; private init; }

    /// <summary>The reason phrase, or that of the status line in a NOTIFY (RFC 3420).</summary>
    public string? ReasonPhrase { get; private init; }

    /// <summary>The <c>Reason</c> header (RFC 3326).</summary>
    public string? Reason { get; private init; }

    /// <summary>The <c>Retry-After</c> header.</summary>
    public string? RetryAfter { get; private init; }

    /// <summary>The <c>Warning</c> header.</summary>
    public string? Warning { get; private init; }

    /// <summary>The <c>Contact</c> header of a 3xx or a 485: where else to try (RFC 3261 §21.3, §21.4.23).</summary>
    public string? Contact { get; private init; }

    /// <summary>The <c>Subscription-State</c> header of a NOTIFY.</summary>
    public string? SubscriptionState { get; private init; }

    /// <summary>Of a final response.</summary>
    public static ReceivedFacts OfResponse(SipMessage response) => new()
    {
        Status = response.StatusCode,
        ReasonPhrase = SipText.Get(response.ReasonPhrase),
        Reason = Text(response, HeaderId.Reason),
        RetryAfter = Text(response, HeaderId.RetryAfter),
        Warning = Text(response, HeaderId.Warning),
        Contact = response.StatusCode is >= 300 and < 400 or 485 ? Text(response, HeaderId.Contact) : null,
    };

    /// <summary>Of a NOTIFY: what its sipfrag tells of the response, and what the fragment does not say from the NOTIFY itself.</summary>
    public static ReceivedFacts OfNotify(SipMessage notify)
    {
        var fragment = SipFragment.Of(notify);
        return new()
        {
            Status = fragment.Status,
            ReasonPhrase = fragment.Phrase.IsEmpty ? null : SipText.Get(fragment.Phrase),
            Reason = fragment.Field(HeaderId.Reason) ?? Text(notify, HeaderId.Reason),
            RetryAfter = fragment.Field(HeaderId.RetryAfter) ?? Text(notify, HeaderId.RetryAfter),
            Warning = fragment.Field(HeaderId.Warning) ?? Text(notify, HeaderId.Warning),
            Contact = fragment.Status is >= 300 and < 400 or 485 ? fragment.Field(HeaderId.Contact) : null,
            SubscriptionState = Text(notify, HeaderId.SubscriptionState),
        };
    }

    /// <summary>All values of a header field, comma-separated as RFC 3261 §7.3.1 joins them; null when there is none.</summary>
    public static string? Text(SipMessage message, HeaderId id)
    {
        if (!message.Has(id))
            return null;
        string? text = null;
        for (int i = 0; i < message.HeaderCount; i++)
        {
            var field = message[i];
            if (field.Id == id)
                text = text is null ? SipText.Unfold(field.Value) : $"{text}, {SipText.Unfold(field.Value)}";
        }
        return text;
    }

    /// <summary>The body of a NOTIFY as it is kept.</summary>
    public static string? BodyText(SipMessage notify)
    {
        if (notify.Body.IsEmpty)
            return null;
        var fragment = SipFragment.Of(notify).Text;
        string text = SipText.Get(fragment.IsEmpty ? notify.Body : fragment);
        return text.Length <= MostCharacters ? text : text[..MostCharacters];
    }

    /// <summary>The URI of whoever answered: of the first Contact, else of To; null when neither is readable.</summary>
    public static string? AnsweredBy(SipMessage response)
    {
        foreach (var contact in response.Values(HeaderId.Contact))
        {
            if (NameAddr.TryParse(contact, out var address))
                return SipText.Get(address.Uri);
        }
        return NameAddr.TryParse(response.To, out var to) ? SipText.Get(to.Uri) : null;
    }
}
