using EventCalls.Contracts;
using EventCalls.Media.Sessions;
using EventCalls.Telephony.Dialling;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Calls;

/// <content>What comes here of what the two say: all of it where their media goes through this node, and a copy where an engine sends one.</content>
internal sealed partial class Call
{
    /// <summary>Whether both are to hear that they are recorded as soon as they are heard here.</summary>
    private bool _isToBeAnnounced;

    /// <summary>Whether the call is to be sent to a recorder outside as soon as it is heard here.</summary>
    private bool _isSentOnceHeard;

    /// <summary>The engine's part of the two who are connected; null where nobody is, or no engine has one.</summary>
    private EnginePair? ConnectedPair => Bridge is { } bridge ? Session.PairWith(bridge.Peer.Session) : null;

    private bool IsListenedTo => Shard.Options.Media.RtpengineDigits || _monitors is { Count: > 0 } || _level is { IsScheduled: true };

    /// <summary>Has what the two say come here, where that is possible; false where it is not.</summary>
    private bool Hear() => Bridge is { } bridge && ((Session.Media is not null && bridge.Peer.Session.Media is not null) || ConnectedPair?.Hear() == true);

    /// <summary>Whether what the two say can come here.</summary>
    private bool IsHearable => Bridge is { } bridge && ((Session.Media is not null && bridge.Peer.Session.Media is not null) || (ConnectedPair is not null && Shard.Media is not null));

    /// <summary>What comes here of what a side says, as long as that is this call's affair.</summary>
    private MediaLeg? Voice(LegSession session) => OwnMedia(session) ?? ConnectedPair?.Heard(session);

    /// <summary>An engine sends what both say by now.</summary>
    public void OnHeard(EnginePair pair)
    {
        if (pair != ConnectedPair)
            return;
        if (_isToBeAnnounced)
            AnnounceRecording();
        _isToBeAnnounced = false;
        if (!_isSentOnceHeard || !TrySend())
            return;
        if (_pausedBy != PausedBy.Nobody)
            _outside?.Pause(true);
    }

    /// <summary>An engine does not send what both say: it is not recorded, and nobody hears it here.</summary>
    public void OnNotHeard(EnginePair pair, string whyNot)
    {
        if (pair != ConnectedPair && pair != _hold)
            return;
        Shard.Logger.LogWarning("What is said in the call {Call} does not come here: {WhyNot}", Id, whyNot);
        if (pair != ConnectedPair)
            return;
        if (_recording is not null || _isSentOnceHeard)
            Stream.Append(Stream.Last, new RecordingFailed { Why = $"its media engine sends no copy: {CustomHeaders.Shown(whyNot)}" });
        _isSentOnceHeard = _isToBeAnnounced = false;
        foreach (var monitor in _monitors?.ToArray() ?? [])
            monitor.End(MonitorEndCause.Lost, "its media engine sends no copy");
    }

    /// <summary>Somebody needs to hear the call no longer: where nobody does its engine sends no copy.</summary>
    private void HearNoMore()
    {
        if (!IsListenedTo && _recording is null && _outside is null && !_isSentOnceHeard)
            ConnectedPair?.EndCopies();
    }
}
