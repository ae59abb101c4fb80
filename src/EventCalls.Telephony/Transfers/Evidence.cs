using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Refer;

namespace EventCalls.Telephony;

/// <summary>Takes from SIP messages what is kept as evidence.</summary>
public static class Evidence
{
    private const int MostCharacters = 2048;

    /// <summary>Of a final response to a request of ours.</summary>
    public static SipEvidence OfResponse(SipMessage response) => new()
    {
        Source = "response",
        Status = response.StatusCode,
        ReasonPhrase = SipText.Get(response.ReasonPhrase),
        Reason = Text(response, HeaderId.Reason),
        RetryAfter = Text(response, HeaderId.RetryAfter),
        Warning = Text(response, HeaderId.Warning),
        Contact = response.StatusCode is >= 300 and < 400 or 485 ? Text(response, HeaderId.Contact) : null,
    };

    /// <summary>Of a NOTIFY and the sipfrag in it.</summary>
    public static SipEvidence OfNotify(SipMessage notify, int? status) => new()
    {
        Source = "notify",
        Status = status,
        ReasonPhrase = PhraseOfFragment(notify),
        Reason = Text(notify, HeaderId.Reason),
        RetryAfter = Text(notify, HeaderId.RetryAfter),
        Warning = Text(notify, HeaderId.Warning),
        SubscriptionState = Text(notify, HeaderId.SubscriptionState),
    };

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
        var fragment = SipFragment.Of(notify);
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

    private static string? PhraseOfFragment(SipMessage notify)
    {
        // "SIP/2.0 200 OK": what follows the second space (RFC 3420).
        var line = SipFragment.Of(notify).TrimStart("\r\n \t"u8);
        int end = line.IndexOfAny((byte)'\r', (byte)'\n');
        if (end >= 0)
            line = line[..end];
        int space = line.IndexOf((byte)' ');
        int phrase = space < 0 ? -1 : line[(space + 1)..].IndexOf((byte)' ');
        return phrase < 0 || !line.StartsWith("SIP/"u8) ? null : SipText.Get(line[(space + phrase + 2)..]);
    }
}
