using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Sdp;
using EventCalls.Telephony.Configuration;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Calls;

/// <content>What a side hears at its engine while it is connected to nobody: it is paired with nobody there, or still with whom it was connected to.</content>
internal sealed partial class Call
{
    private EnginePair? _hold;

    /// <summary>Handoffs that came while the caller is being answered at an engine; null when it is not.</summary>
    private List<HandoffRequested>? _heldBack;

    /// <summary>The engine's pair at which the side that is kept hears what is played to it; null where it has none.</summary>
    private EnginePair? PlayedAt => ConnectedPair ?? _hold;

    /// <summary>Whether a caller who is answered before there is a decision is answered at an engine.</summary>
    private bool IsForEngineAlone =>
        Shard.Engines is not null && Session is { Media: null, OfferIsDelayed: false, Described: { } offer } && SessionText.Is(offer) && ModeOf(Kept.Trunk ?? Trunk, null, null) == MediaMode.Rtpengine;

    /// <summary>Answers the caller at an engine; on hold and in silence where none takes it.</summary>
    private void AnswerAtEngine()
    {
        _heldBack = [];
        var pair = new EnginePair(this, OpenAt(Shard.Engines!, null, Kept.Leg.Hop), Session, new LegSession(), [Id]) { IsOfOne = true };
        (_pairs ??= []).Add(pair);
        _hold = pair;
        AnswerAt(pair, Session.Described!, (told, whyNot) => OnAnsweredAt(pair, told, whyNot));
    }

    private void OnAnsweredAt(EnginePair pair, Content? told, string? whyNot)
    {
        // Too late: it was answered without.
        if (_heldBack is null || IsEnding)
            return;
        if (told is null)
        {
            GiveUpHold(whyNot);
            return;
        }
        AnswerCaller(told, Started.EventId, null);
        // What it says would go to nobody.
        pair.Block(Session, true);
        PlayHold();
        GoOnAnswered();
    }

    /// <summary>The caller is answered without an engine, and hears nothing until it is connected.</summary>
    private void GiveUpHold(string? whyNot)
    {
        Shard.Logger.LogWarning("The caller of the call {Call} hears nothing before it is connected: {WhyNot}", Id, whyNot);
        EndHold(null);
        if (AnswerOnHold(Started.EventId, null))
            GoOnAnswered();
        else
            End(new CallEnding { By = CallParty.System, Cause = CallEndCause.Rejected, Status = 488, Headers = [TargetsWords.NoCommonFormat(this)] });
    }

    private void GoOnAnswered()
    {
        var waiting = _heldBack ?? [];
        _heldBack = null;
        foreach (var handoff in waiting)
            Take(handoff);
    }

    /// <summary>An offer of the side that is kept is answered for nobody, at its engine.</summary>
    private void AnswerAt(EnginePair pair, Content offer, Action<Content?, string?> then)
    {
        var nobody = pair.OtherOf(Session);
        pair.Write(Session, offer, isOffer: true, (written, whyNot) =>
        {
            if (_pairs?.Contains(pair) != true || written is null || !SdpAnswer.TryOpen(written.Body.Span, Kept.Leg.Hop.SessionAddress.ToString(), SessionNumber, 1, out byte[] answer))
            {
                then(null, whyNot ?? "nothing of its offer can be played");
                return;
            }
            var described = new Content("application/sdp", answer);
            nobody.Describe(described);
            Session.Tell(described, nobody, isOffer: false, then);
        });
    }

    /// <summary>A side that is connected to nobody changes its session, which an engine has.</summary>
    private void RespondAt(EnginePair hold, IncomingRequest request, Content offer)
    {
        var before = Session.Described;
        Session.Describe(offer);
        AnswerAt(hold, offer, (told, _) =>
        {
            if (told is null)
                Session.TakeBack(offer, before);
            request.Respond(told is null ? 500 : 200, null, told);
        });
    }

    /// <summary>Whom the side that is kept was connected to is gone: it stays at the engine, where there is one, and hears something.</summary>
    private void LetGoOfPeer(LegSession peer)
    {
        _hold = Session.PairWith(peer) is { } pair && _pairs?.Contains(pair) == true ? pair : null;
        if (_hold is not { } hold)
        {
            LetGo(peer);
            return;
        }
        // Who has left may go on sending, and is not mixed into what is played; nor is anything sent there any more.
        hold.Block(peer, true);
        hold.Block(Session, true);
    }

    /// <summary>The side that is kept is connected, or hears nothing any more: its engine lets go of what it heard, unless that is where it is connected.</summary>
    private void EndHold(EnginePair? connected)
    {
        if (_hold is { } hold && hold != connected)
            Close([hold]);
        _hold = null;
    }

    /// <summary>An engine cannot play what a side was to hear.</summary>
    public void OnNotPlayed(string whyNot) => Shard.Logger.LogWarning("A side of the call {Call} does not hear what was to be played to it: {WhyNot}", Id, whyNot);
}
