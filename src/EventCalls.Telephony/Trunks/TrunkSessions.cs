using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions.Reliable;
using EventCalls.Sip.Extensions.SessionTimers;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Trunks;

/// <summary>The extensions of SIP that work on a trunk's legs, each leg with its own, as the trunk is configured.</summary>
internal static class TrunkSessions
{
    /// <summary>Those of a leg to be called; without a trunk as one that is not configured.</summary>
    /// <param name="trunk">The trunk.</param>
    /// <param name="hasOffer">Whether the INVITE brings an offer. Without one a reliable response would bring it, and the PRACK would have to bring an answer that nobody has yet.</param>
    public static IReadOnlyList<LegExtension> Of(Trunk? trunk, bool hasOffer)
    {
        var extensions = new List<LegExtension>(2);
        if (trunk?.SessionTimer != Trunk.NoSessionTimer)
            extensions.Add(new SessionTimer(trunk?.SessionTimer));
        var reliable = trunk?.Reliable ?? ReliableUse.WhenRequired;
        if (hasOffer && reliable != ReliableUse.Off)
            extensions.Add(new ProvisionalAcks(reliable == ReliableUse.Required));
        return extensions;
    }

    /// <summary>Puts them on a leg that calls in; false when the leg's INVITE was refused.</summary>
    public static bool TryUse(IncomingLeg leg, SipMessage invite, Trunk trunk) =>
        ReliableRinging.TryUse(leg, invite, trunk.Reliable)
        && (trunk.SessionTimer == Trunk.NoSessionTimer || SessionTimer.TryUse(leg, invite, trunk.SessionTimer));
}
