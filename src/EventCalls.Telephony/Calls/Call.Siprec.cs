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
        if (_outside is null)
        {
            _outside = new SiprecSession(this);
            AnnounceRecording();
        }
        if (Kept.Name == CallerName)
            _outside.Send(Kept, kept, bridge.Peer, peer);
        else
            _outside.Send(bridge.Peer, peer, Kept, kept);
        return true;
    }

    /// <summary>The two who are connected have agreed on another session.</summary>
    public void OnChanged() => _outside?.Refresh();

    /// <summary>Has both sent once their engine sends a copy here; false where none has their media.</summary>
    private bool IsSentOnceHeard() => _isSentOnceHeard = ConnectedPair is not null && Hear();

    private void PauseRecording(bool isPaused)
    {
        _outside?.Pause(isPaused);
        if (isPaused)
            _recording?.Pause();
        else
            _recording?.Resume();
    }
}
