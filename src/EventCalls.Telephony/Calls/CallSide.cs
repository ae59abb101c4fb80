using EventCalls.Sip.Dialogs;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Calls;

/// <summary>One side of a call: its leg, its session, and whose it is.</summary>
internal sealed class CallSide(Leg leg, LegSession session, string name, Trunk? trunk, string uri)
{
    /// <summary>The leg.</summary>
    public Leg Leg { get; } = leg;

    /// <summary>The leg's session.</summary>
    public LegSession Session { get; } = session;

    /// <summary>Whose it is, as events say it: <c>caller</c> or <c>target</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The trunk it came in on, or the endpoint it was dialled by; null for a target that was dialled by its URI alone.</summary>
    public Trunk? Trunk { get; } = trunk;

    /// <summary>The number or URI it has for others.</summary>
    public string Uri { get; } = uri;

    /// <summary>Whether its leg is answered and acknowledged.</summary>
    public bool IsConfirmed => Leg.State == LegState.Confirmed;

    /// <summary>How many REFERs of this side were accepted.</summary>
    public int Refers { get; set; }

    /// <summary>Has somebody else hear of the leg from now on.</summary>
    public void GiveTo(IIncomingLegHandler handler)
    {
        if (Leg is IncomingLeg incoming)
            incoming.Handler = handler;
        else
            ((OutgoingLeg)Leg).Handler = handler;
    }
}
