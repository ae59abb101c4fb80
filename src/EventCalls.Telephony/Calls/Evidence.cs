using EventCalls.Contracts;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Calls;

/// <summary>What the peers of a call said, as it is recorded.</summary>
internal static class Evidence
{
    public static SipEvidence OfResponse(SipMessage response) => Of("response", ReceivedFacts.OfResponse(response));

    public static SipEvidence OfNotify(SipMessage notify) => Of("notify", ReceivedFacts.OfNotify(notify));

    private static SipEvidence Of(string source, in ReceivedFacts facts) => new()
    {
        Source = source,
        Status = facts.Status,
        ReasonPhrase = facts.ReasonPhrase,
        Reason = facts.Reason,
        RetryAfter = facts.RetryAfter,
        Warning = facts.Warning,
        Contact = facts.Contact,
        SubscriptionState = facts.SubscriptionState,
    };
}
