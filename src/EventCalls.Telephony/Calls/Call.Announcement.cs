using EventCalls.Media.Sessions;

namespace EventCalls.Telephony.Calls;

/// <content>What both hear before they are recorded, and what a side hears behind what it was to hear whole.</content>
internal sealed partial class Call
{
    /// <summary>A side has heard something whole: it hears whom it is connected to again, or what is played to who is connected to nobody.</summary>
    public void HearOn(LegSession session)
    {
        if (IsEnding)
            return;
        if (session == Session && Bridge is null)
            PlayHold();
        else
            OwnMedia(session)?.Play(null);
        Mix();
    }

    /// <summary>A side begins to hear something whole: where an engine plays it, only the engine has their media meanwhile.</summary>
    public void HearWhole() => ConnectedPair?.LeadPast();

    /// <summary>Has both who are to be recorded hear that they are; where an engine has their media it plays it, and the recording has it in place of what they say.</summary>
    private void AnnounceRecording()
    {
        if (Shard.Announcement is not { } announcement)
            return;
        var pair = ConnectedPair;
        foreach (var session in new[] { Session, Bridge!.Peer.Session })
            new Announcement(this, session, announcement, pair).Start();
    }

    private sealed class Announcement(Call call, LegSession to, Sound sound, EnginePair? pair) : WholeSound(call, to)
    {
        private MediaLeg? _recorded;

        protected override int Begin()
        {
            if (pair is not null && pair != Call.ConnectedPair)
                return 0;
            pair?.Block(pair.OtherOf(To), true);
            pair?.Play(To, sound);
            _recorded = pair is null ? Call.OwnMedia(To) : pair.Heard(To);
            _recorded?.Announce(sound);
            return sound.Milliseconds;
        }

        protected override void End()
        {
            _recorded?.EndAnnouncement();
            // Where the other one has left, what it says stays unheard.
            if (pair == Call.ConnectedPair)
                pair?.Block(pair.OtherOf(To), false);
        }
    }
}
