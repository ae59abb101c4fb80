using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Extensions.Refer;

/// <summary>Who sent a REFER and hears what comes of it. All calls come on the shard's thread; messages are valid during the call only.</summary>
public interface IReferHandler
{
    /// <summary>A 2xx. When <see cref="ReferSubscription.Expected"/> is false nothing more will come.</summary>
    void OnAccepted(ReferSubscription subscription, SipMessage response);

    /// <summary>The final 300–699, after credentials were tried.</summary>
    void OnRefused(ReferSubscription subscription, SipMessage response);

    /// <summary>No final response to the REFER.</summary>
    void OnNoResponse(ReferSubscription subscription, NoResponse why);

    /// <summary>A NOTIFY; it is answered already. May come before the 2xx, and after a BYE.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="notify">The NOTIFY; its body is the fragment.</param>
    /// <param name="status">The sipfrag's status; null when the body is missing or not readable.</param>
    /// <param name="terminated">Whether it said that no further one comes.</param>
    void OnNotify(ReferSubscription subscription, SipMessage notify, int? status, bool terminated);

    /// <summary>No final NOTIFY in time.</summary>
    void OnExpired(ReferSubscription subscription);
}
