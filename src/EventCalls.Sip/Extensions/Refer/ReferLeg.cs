using EventCalls.Sip.Dialogs;

namespace EventCalls.Sip.Extensions.Refer;

/// <summary>Sending a REFER on a leg.</summary>
public static class ReferLeg
{
    /// <summary>Sends the REFER and subscribes to what comes of it.</summary>
    /// <exception cref="ArgumentException">A header has CR, LF or NUL.</exception>
    public static ReferSubscription Refer(this Leg leg, OutgoingRefer refer, IReferHandler handler)
    {
        var subscription = new ReferSubscription(leg, refer, handler);
        subscription.Start();
        return subscription;
    }
}
