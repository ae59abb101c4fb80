using EventCalls.Contracts;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Calls;

/// <content>Recording by a recorder outside, in place of our own.</content>
internal sealed partial class Call
{
    private SiprecSession? _outside;

    private bool IsRecordedOutside => Shard.Recorders.Count > 0;

    /// <summary>The two who are connected are recorded outside, where that is asked for, or has begun before.</summary>
    private void RecordOutside(Trunk? target, Handoff step)
    {
        if (_outside is null && !IsToBeRecorded(target, step))
            return;
        if (TrySend() || IsSentOnceHeard())
            PauseFor(step);
        else
            Stream.Append(Stream.Last, new RecordingFailed { Why = "the media does not go through the node" });
    }

    /// <summary>Has both who are connected sent to a recorder; false when their media does not go through here.</summary>
    private bool TrySend()
    {
        if (Bridge is not { } bridge || ConnectedPair is { IsHeard: false } || Voice(Session) is not { } kept || Voice(bridge.Peer.Session) is not { } peer)
            return false;
        _isSentOnceHeard = false;
        _outside ??= new SiprecSession(this);
        if (Kept.Name == CallerName)
            _outside.Send(Kept, kept, bridge.Peer, peer);
        else
            _outside.Send(bridge.Peer, peer, Kept, kept);
        return true;
    }

    /// <summary>Has both sent once their engine sends a copy here; false where none has their media.</summary>
    private bool IsSentOnceHeard() => _isSentOnceHeard = ConnectedPair is not null && Hear();

    /// <summary>Why what a recorder outside records cannot be changed so, beginning with the field's name; null when it can.</summary>
    private string? WhyNotChangedOutside(RecordingChange? change) => change switch
    {
        null => $"action: is missing; give one of {string.Join(", ", WireName.All<RecordingChange>())}",
        RecordingChange.Discard => "action: the recording is with a recorder outside (Media:Siprec); delete it there",
        RecordingChange.Start when _outside is null && Bridge is null => "action: the caller is connected to nobody yet, so there is nothing to record",
        RecordingChange.Start when _outside is null && !IsHearable =>
            "action: the call's media does not go through the node, so it cannot be recorded; hand it off with record, media anchor or media rtpengine",
        RecordingChange.Start when _pausedBy != PausedBy.Nobody => "action: the recording is paused; resume it",
        not RecordingChange.Start when _outside is null => "action: the call is not recorded; start that first",
        _ => null,
    };

    private void PauseRecording(bool isPaused)
    {
        _outside?.Pause(isPaused);
        if (isPaused)
            _recording?.Pause();
        else
            _recording?.Resume();
    }
}
