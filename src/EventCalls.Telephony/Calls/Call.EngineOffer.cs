using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Sdp;

namespace EventCalls.Telephony.Calls;

/// <content>What a side that is connected to nobody is told of its session at an engine: nobody's description, as the engine writes it.</content>
internal sealed partial class Call
{
    private const string Unplayable = "nothing of its offer can be played";

    /// <summary>What follows once the side that is kept has answered, in an ACK, what it was offered while it is connected to nobody; null when no such answer is to come.</summary>
    private Action? _onceAnswered;

    /// <summary>An offer of the side that is kept is answered for nobody, at its engine.</summary>
    private void AnswerAt(EnginePair pair, Content offer, Action<Content?, string?> then)
    {
        var nobody = pair.OtherOf(Session);
        pair.Write(Session, offer, isOffer: true, (written, whyNot) =>
        {
            if (_pairs?.Contains(pair) != true || written is null || !SdpAnswer.TryOpen(written.Body.Span, Kept.Leg.Hop.SessionAddress.ToString(), SessionNumber, 1, out byte[] answer))
            {
                then(null, whyNot ?? Unplayable);
                return;
            }
            var described = new Content("application/sdp", answer);
            nobody.Describe(described);
            Session.Tell(described, nobody, isOffer: false, then);
        });
    }

    /// <summary>A side that brought no offer is made one by an engine, in nobody's name; the answer is to come in its ACK.</summary>
    private void OfferAt(EnginePair pair, Action<Content?, string?> then)
    {
        var nobody = pair.OtherOf(Session);
        var offer = new Content("application/sdp", SdpAnswer.Offer(Kept.Leg.Hop.SessionAddress.ToString(), SessionNumber, 1, isOpen: true));
        nobody.Describe(offer);
        Session.Tell(offer, nobody, isOffer: true, then);
    }

    /// <summary>An ACK of the side that is kept: from now on it is known where it hears what is played to it; its engine, where it has one, gets the answer first.</summary>
    private void TakeAnswer(Content? answer)
    {
        Session.Describe(answer);
        if (_onceAnswered is not { } then)
            return;
        if (_hold is not { } hold || answer is null || !SessionText.Is(answer))
        {
            _onceAnswered = null;
            then();
            return;
        }
        hold.Write(Session, answer, isOffer: false, (_, whyNot) =>
        {
            if (_hold != hold || _onceAnswered is not { } then)
                return;
            _onceAnswered = null;
            if (whyNot is not null)
                OnNotPlayed(whyNot);
            then();
        });
    }

    /// <summary>A side that is connected to nobody changes its session, which an engine has, or asks for an offer.</summary>
    private void RespondAt(EnginePair hold, IncomingRequest request, Content? offer)
    {
        if (offer is null)
        {
            OfferAt(hold, (told, _) =>
            {
                if (told is not null && !request.IsAnswered)
                    _onceAnswered ??= static () => { };
                request.Respond(told is null ? 500 : 200, null, told);
            });
            return;
        }
        var before = Session.Described;
        Session.Describe(offer);
        AnswerAt(hold, offer, (told, _) =>
        {
            if (told is null)
                Session.TakeBack(offer, before);
            request.Respond(told is null ? 500 : 200, null, told);
        });
    }
}
