using EventCalls.Contracts;
using EventCalls.Media.Rtpengine;
using EventCalls.Sip.Messages;
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

    /// <summary>Whether a caller who is answered before somebody is called is to be answered at an engine; a part of a body of several it cannot write.</summary>
    private bool IsForEngineAlone(Handoff? step) =>
        Session is { Media: null } && (Session.OfferIsDelayed || (Session.Described is { } offer && SessionText.Is(offer))) && ModeOf(Kept.Trunk ?? Trunk, EndpointOf(step), step) == MediaMode.Rtpengine;

    /// <summary>Answers a caller at an engine before there is a decision; on hold and in silence where none takes it.</summary>
    private void AnswerFirstAtEngine(Rtpengines engines)
    {
        _heldBack = [];
        AnswerAtEngine(engines, Started.EventId, null, whyNot =>
        {
            if (whyNot is null)
                GoOnAnswered();
            else
                GiveUpHold(whyNot);
        });
    }

    /// <summary>Answers the caller at an engine, where it hears what everybody hears who waits.</summary>
    /// <param name="engines">The engines.</param>
    /// <param name="cause">The event that causes it.</param>
    /// <param name="handoffId">The handoff that it is for; null for none.</param>
    /// <param name="then">Called when it is answered, or with why it is not.</param>
    private void AnswerAtEngine(Rtpengines engines, Guid cause, Guid? handoffId, Action<string?> then)
    {
        var pair = new EnginePair(this, OpenAt(engines, null, Kept.Leg.Hop), Session, new LegSession(), [Id]) { IsOfOne = true };
        (_pairs ??= []).Add(pair);
        _hold = pair;
        if (Session.OfferIsDelayed)
            OfferAt(pair, OnWritten);
        else
            AnswerAt(pair, Session.Described!, OnWritten);

        void OnWritten(Content? told, string? whyNot)
        {
            // Too late: it was answered without.
            if (_hold != pair || IsEnding)
                return;
            if (told is null)
            {
                EndHold(null);
                then(whyNot ?? Unplayable);
                return;
            }
            AnswerCaller(told, cause, handoffId);
            if (Session.OfferIsDelayed)
                _onceAnswered = () => WaitAt(pair);
            else
                WaitAt(pair);
            then(null);
        }
    }

    /// <summary>What the caller says goes to nobody, digits to us where they are to be heard, and it hears something.</summary>
    private void WaitAt(EnginePair pair)
    {
        // Digits within the audio are not blocked, nor are they in a copy.
        pair.Block(Session, true);
        if (Shard.Options.Media.RtpengineDigits)
            pair.Hear();
        PlayHold();
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

    /// <summary>Whom the side that is kept was connected to is gone: it stays at the engine, where there is one, and hears something.</summary>
    private void LetGoOfPeer(LegSession peer)
    {
        _hold = Session.PairWith(peer) is { } pair && _pairs?.Contains(pair) == true ? pair : null;
        if (_hold is not { } hold)
        {
            LetGo(peer);
            return;
        }
        // Nobody speaks to who hears music, as nowhere else.
        hold.LeadPast();
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
        _onceAnswered = null;
    }

    /// <summary>An engine cannot play what a side was to hear.</summary>
    public void OnNotPlayed(string whyNot) => Shard.Logger.LogWarning("A side of the call {Call} does not hear what was to be played to it: {WhyNot}", Id, whyNot);
}
