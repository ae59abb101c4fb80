using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Calls;

/// <content>The end: recorded once, whatever goes wrong, and every leg is closed.</content>
internal sealed partial class Call
{
    /// <summary>How the call ends when the attempt that outlives the caller has reported; null as long as none does.</summary>
    private CallEnding? _pendingEnd;

    private long _endedAt;

    /// <summary>Ends the call; does nothing the second time.</summary>
    public void End(CallEnding ending)
    {
        if (_phase == CallPhase.Over)
            return;
        Enter(CallPhase.Over);
        // Each step is guarded by itself: one that throws must not keep the others from being done.
        Guarded(static (call, ending) => call.StopWork(ending), ending);
        _endedAt = Shard.Agent.Now;
        Guarded(static (call, _) => call.EndMonitors(), ending);
        Guarded(static (call, _) => call._outside?.End(), ending);
        Guarded(static (call, _) => call.EndMedia(), ending);
        bool isRecording = _recording is not null || _discards is { Count: > 0 };
        bool isCounted = _pairs is { Count: > 0 } || _counting is { Count: > 0 };
        if (!isRecording && !isCounted)
            Guarded(static (call, ending) => call.RecordEnd(ending), ending);
        Guarded(static (call, ending) => call.CloseCaller(ending), ending);
        Guarded(static (call, ending) => call.Bridge?.EndPeer(ending.Reason), ending);
        Guarded(static (call, _) => call.EndRefer(), ending);
        Guarded(static (call, _) => call.CloseMedia(), ending);
        // A recording is stored a moment later, and said before the end of the call is; so are the figures of an engine.
        if (isRecording || isCounted)
            Guarded(static (call, ending) => call.FinishRecording(ending), ending);
        else
            Shard.Calls.Remove(this);
        if (_commands is not null)
            Shard.EndedCommands.Add(Id, _commands);
    }

    /// <summary>The node stops, and does not wait for the call any longer.</summary>
    public void OnNodeStops() => End(new CallEnding
    {
        By = CallParty.System,
        Cause = _phase == CallPhase.Leaving ? CallEndCause.Transferred : CallEndCause.NodeStopped,
        Status = 480,
    });

    private void OnCallerGone(string method, CallEnding ending)
    {
        if (_phase == CallPhase.Over)
            return;
        Enter(CallPhase.Ending);
        if (_run?.Current is { IsOver: false } attempt && attempt.OutlivesCaller(method, ending.Reason))
        {
            _pendingEnd = ending;
            // Whoever the caller was talking to talks to nobody now.
            if (Bridge is { } left)
            {
                left.EndPeer(ending.Reason);
                LetGo(left.Peer.Session);
            }
            Bridge = null;
            Mix();
            return;
        }
        End(ending);
    }

    private void OnCallerSilent(CallEndCause silence, string detail)
    {
        if (_phase == CallPhase.Over)
            return;
        var cause = _phase == CallPhase.Leaving ? CallEndCause.Transferred : silence;
        Enter(CallPhase.Ending);
        if (_run?.Current is { } attempt)
            attempt.GiveUp(attempt.EvidenceOfSilence(detail));
        End(new CallEnding { By = CallParty.System, Cause = cause });
    }

    private void StopWork(CallEnding ending)
    {
        _decision?.Stop();
        _leave?.Stop();
        _level?.Stop();
        _holdWait?.Stop();
        if (_run?.Current is not { } attempt)
            return;
        attempt.GiveUp(ending.Cause switch
        {
            CallEndCause.NodeStopped => SipEvidence.Local(LocalEvidence.NodeStopped),
            CallEndCause.Error => SipEvidence.Local(LocalEvidence.InternalError),
            _ when ending.By == CallParty.Caller => SipEvidence.Local(LocalEvidence.CallerGone, "the call ended"),
            _ => SipEvidence.Local(LocalEvidence.CallEnded, ending.By == CallParty.Api ? "a command ended the call" : "the call ended"),
        });
        attempt.Release();
    }

    private void RecordEnd(CallEnding ending)
    {
        long ms = _endedAt;
        Stream.Append(ending.CausedBy ?? Stream.Last, new CallEnded
        {
            EndedBy = ending.By,
            Cause = ending.Cause,
            Status = _answeredAt is null && ending.Status != 0 ? ending.Status : null,
            Reason = ending.Reason,
            DurationMs = ms - _invitedAt,
            AnsweredMs = _answeredAt is { } answered ? ms - answered : null,
        });
    }

    private void CloseCaller(CallEnding ending)
    {
        if (Caller.State == LegState.Early)
            Caller.Reject(ending.Status == 0 ? 480 : ending.Status, ending.Phrase, ending.Headers);
        else
            Kept.Leg.Bye(ending.Headers ?? ReasonHeader.Passed(ending.Reason));
    }

    /// <summary>Who referred hears that nothing comes of it any more, and whoever has not hung up yet is hung up on.</summary>
    private void EndRefer()
    {
        _refer?.Finish(487);
        foreach (var farewell in Leavers.ToArray())
            farewell.End();
    }

    private void Guarded(Action<Call, CallEnding> step, CallEnding ending)
    {
        try
        {
            step(this, ending);
        }
        catch (Exception e)
        {
            Shard.Logger.LogError(e, "The end of the call {Call} could not be carried out in full", Id);
        }
    }
}
