using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions.SessionTimers;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Ingress;

/// <summary>The extensions of SIP that work on a trunk's legs, each leg with its own, as the trunk is configured.</summary>
internal static class TrunkSessions
{
    /// <summary>Those of a leg to be called; without a trunk as one that is not configured.</summary>
    public static IReadOnlyList<LegExtension> Of(Trunk? trunk) =>
        trunk?.SessionTimer == Trunk.NoSessionTimer ? [] : [new SessionTimer(trunk?.SessionTimer)];

    /// <summary>Puts them on a leg that calls in; false when the leg's INVITE was refused.</summary>
    public static bool TryUse(IncomingLeg leg, SipMessage invite, Trunk trunk) =>
        trunk.SessionTimer == Trunk.NoSessionTimer || SessionTimer.TryUse(leg, invite, trunk.SessionTimer);
}
