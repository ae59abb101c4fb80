using EventCalls.Contracts;
using EventCalls.Media.Sessions;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Calls;

/// <content>Media that goes through this node: once it does on one side of the call, it does on the other.</content>
internal sealed partial class Call
{
    /// <summary>The sessions of this call whose media goes through here.</summary>
    private List<LegSession>? _anchored;

    /// <summary>Has the media of the side that is kept and of a target go through here, where that is asked for; null, or why that is not possible.</summary>
    /// <param name="target">The target's session.</param>
    /// <param name="hop">How the target is reached.</param>
    /// <param name="trunk">The endpoint it is dialled by; null for none.</param>
    /// <param name="step">What says how they are connected.</param>
    /// <param name="other">The call that the target's leg is still part of; null for none but this.</param>
    public SipEvidence? Anchor(LegSession target, Hop hop, Trunk? trunk, Handoff step, Call? other = null)
    {
        if (IsForEngine(target, trunk, step))
            return Pair(target, hop, trunk, step, other);
        if (Shard.Media is not { } relay || !(Session.Media is not null || target.Media is not null || IsAnchored(Kept.Trunk ?? Trunk, trunk, step)))
            return null;
        var offer = Session.Described;
        if (!TryOpen(relay, Session, Kept.Leg.Hop, Kept.Trunk, offer) || !TryOpen(relay, target, hop, trunk, offer))
        {
            LetGo(target);
            return SipEvidence.Local(LocalEvidence.NoMediaPort);
        }
        target.Transcodes |= IsTranscoded(trunk);
        if (Session.Media!.WhyNot is { } whyNot)
        {
            LetGo(target);
            return SipEvidence.Local(LocalEvidence.OfferNotAnswerable, whyNot);
        }
        // Who talks to somebody goes on hearing them until the target has answered.
        if (Bridge is null)
            MediaLeg.Connect(Session.Media, target.Media!);
        return null;
    }

    /// <summary>Has the media of a caller go through here that is answered before anybody is called; where no port is free it is put on hold as others are.</summary>
    private void AnchorAlone(Handoff? step)
    {
        // A caller who is to hear a prompt hears it from here where no engine can write what it offers.
        bool isAnchored = step?.Prompt is not null || IsAnchored(Kept.Trunk ?? Trunk, null, step);
        if (Shard.Media is { } relay && Session.Media is null && isAnchored && !TryOpen(relay, Session, Kept.Leg.Hop, Kept.Trunk, Session.Described))
            LetGo(Session);
    }

    /// <summary>The side that is kept is connected to nobody, and hears something meanwhile.</summary>
    private void PlayHold()
    {
        if (!IsCallerAnswered || Session.Whole is not null)
            return;
        Session.Media?.Play(Shard.HoldSound);
        _hold?.Play(Session, Shard.HoldSound);
    }

    /// <summary>A leg of this call is over: its ports are closed.</summary>
    public void LetGo(LegSession session)
    {
        LetGoOfPairs(session);
        if (session.Media is not { } media || _anchored is null || !_anchored.Remove(session))
            return;
        session.Media = null;
        if (_phase != CallPhase.Over)
            RecordMedia(session, media);
        media.Close();
    }

    private void RecordMedia(LegSession session, MediaLeg media)
    {
        if (media.Counts is { } counts && counts is not { Received: 0, Sent: 0, Ignored: 0 })
            SayCounts(NameOf(session), counts);
    }

    private void SayCounts(string leg, MediaCounts counts) => Stream.Append(Stream.Last, new MediaStatistics
    {
        Leg = leg,
        Codec = counts.Codec,
        Received = counts.Received,
        Lost = counts.Lost,
        JitterMs = Rounded(counts.JitterMs),
        Mos = Rounded(counts.Mos),
        Sent = counts.Sent,
        Ignored = counts.Ignored,
    });

    private string NameOf(LegSession session) => session == Session ? Kept.Name : Bridge?.Peer is { } peer && session == peer.Session ? peer.Name : TargetName;

    private static double? Rounded(double? figure) => figure is { } known ? Math.Round(known, 2) : null;

    /// <summary>A side's media is another call's affair from now on.</summary>
    private void GiveMedia(LegSession session, Call other)
    {
        if (_anchored is null || !_anchored.Remove(session))
            return;
        session.Whole?.Forget();
        session.Media?.LetGo();
        (other._anchored ??= []).Add(session);
        session.MediaOf = other;
    }

    private void ConnectMedia(LegSession target)
    {
        ConnectPair(target);
        EndHold(Session.PairWith(target));
        if (Session.Media is not { } kept || target.Media is not { } media)
            return;
        if (Session.Whole is null)
            kept.Play(null);
        MediaLeg.Connect(kept, media);
    }

    /// <summary>The call is about to end: what is to be said of media is said before.</summary>
    private void EndMedia()
    {
        foreach (var session in _anchored ?? [])
        {
            if (session.Media is { } media)
                RecordMedia(session, media);
        }
    }

    private void CloseMedia()
    {
        Close(_pairs?.ToList());
        foreach (var session in _anchored?.ToArray() ?? [])
            LetGo(session);
    }

    private bool TryOpen(MediaRelay relay, LegSession session, Hop hop, Trunk? trunk, Content? offer)
    {
        // Another address of the target's may be reached from another one of ours.
        if (session.Media is { } open && !open.Shown.Equals(hop.SessionAddress))
            LetGo(session);
        if (session.Media is null)
        {
            session.Anchor(relay.Open(
                hop.Local.Address,
                hop.SessionAddress,
                () => Shard.Post(new SilentMedia(session)),
                (digit, ms) => Shard.Post(new PressedDigit(session, digit, ms)),
                trunk?.Srtp ?? MediaProtection.None));
            (_anchored ??= []).Add(session);
            session.MediaOf = this;
        }
        return offer is null || SessionText.In(offer) is not { IsEmpty: false } description || session.Media!.TryOpen(description);
    }

    private bool IsTranscoded(Trunk? target) => Shard.Options.Media.Transcode || (Kept.Trunk ?? Trunk).Transcodes || target?.Transcodes == true;

    private bool IsAnchored(Trunk from, Trunk? to, Handoff? step) => ModeOf(from, to, step) == MediaMode.Anchor;

    private MediaMode ModeOf(Trunk from, Trunk? to, Handoff? step)
    {
        bool isProtected = from.IsProtected || to?.IsProtected == true;
        bool isMade = (step?.Record ?? (from.Record || to?.Record == true)) || from.Transcodes || to?.Transcodes == true || step?.Prompt is not null;
        var said = step?.Media switch
        {
            HandoffFields.Anchor => MediaMode.Anchor,
            HandoffFields.Rtpengine => MediaMode.Rtpengine,
            HandoffFields.Direct => MediaMode.Direct,
            // The one side's word, when it is not the other's, is that with more to it.
            _ => from.Media is null && to?.Media is null ? Shard.Options.Media.Mode : (MediaMode)Math.Max((byte)(from.Media ?? MediaMode.Direct), (byte)(to?.Media ?? MediaMode.Direct)),
        };
        bool goesHere = isMade && step?.Media is null && (from.Media == MediaMode.Anchor || to?.Media == MediaMode.Anchor);
        if (said != MediaMode.Direct || !(isMade || isProtected))
            return goesHere ? MediaMode.Anchor : said;
        // What is recorded, transcoded or preceded by a prompt goes through here, and what is protected through an engine too, whatever is said of media.
        return !isMade && Shard.Options.Media.Mode == MediaMode.Rtpengine ? MediaMode.Rtpengine : MediaMode.Anchor;
    }

    /// <summary>Nothing was heard for long of a side that should send: nobody talks there any more.</summary>
    private void OnMediaSilent(LegSession session)
    {
        if (session.Media is not null && (session == Session || session == Bridge?.Peer.Session))
            EndAsSilent();
    }

    private void EndAsSilent()
    {
        if (_phase == CallPhase.Connected && !IsAskedToRefer && _flow is null)
            End(new CallEnding { By = CallParty.System, Cause = CallEndCause.MediaTimeout });
    }

    private sealed class PressedDigit(LegSession session, char digit, int milliseconds) : CallWork
    {
        protected override Call? Find() => session.MediaOf is { _phase: not CallPhase.Over } call ? call : null;

        protected override void Do(Call call) => call.OnPressed(session, digit, milliseconds);
    }

    private sealed class SilentMedia(LegSession session) : CallWork
    {
        protected override Call? Find() => session.MediaOf is { _phase: not CallPhase.Over } call ? call : null;

        protected override void Do(Call call) => call.OnMediaSilent(session);
    }
}
