using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Telephony.Calls;

/// <content>The side that is kept while nobody is there to hear it: it is told to send nothing, where its media went to whom it was connected to.</content>
internal sealed partial class Call
{
    private const int HoldPauseMs = 200;

    private HoldWait? _holdWait;

    /// <summary>Offers the side that is kept a session on hold, until somebody else's is (RFC 3264 §8.4): who has left would go on getting what it says, at a port that may be another's by now.</summary>
    private void HoldKept()
    {
        bool isAlone = _phase < CallPhase.Leaving && Bridge is null && Kept.IsConfirmed;
        // What goes through here, or an engine, goes to nobody.
        if (!isAlone || Session.Media is not null || Session.HasEngine)
            return;
        // Somebody's session is being offered to it already, or what the one who left wanted is under way.
        if (Kept.Leg.HasOpenChange)
            (_holdWait ??= new HoldWait(this)).Start(HoldPauseMs);
        else if (Session.Held() is { } held)
            Session.Offer(Kept.Leg, held, Session, new HoldAnswer(this, Session));
    }

    /// <summary>It says in its answer where it is heard from now on, and whoever has answered meanwhile can be offered to it.</summary>
    private sealed class HoldAnswer(Call call, LegSession session) : IRequestHandler
    {
        void IRequestHandler.OnResponse(OutgoingRequest request, SipMessage response)
        {
            if (response.StatusCode < 200)
                return;
            if (response.StatusCode < 300)
                session.Describe(Content.Of(response));
            if (session == call.Session)
                call._run?.Current?.OnKeptOnHold();
        }

        void IRequestHandler.OnNoResponse(OutgoingRequest request, NoResponse why)
        {
        }
    }

    private sealed class HoldWait(Call call) : CallTimer(call)
    {
        protected override void Fire() => Call.HoldKept();
    }
}
