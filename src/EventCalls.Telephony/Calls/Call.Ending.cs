using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Telephony.Transfers;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Calls;

/// <content>The end: recorded once, whatever goes wrong, and every leg is closed.</content>
internal sealed partial class Call
{
    /// <summary>Ends the call; does nothing the second time.</summary>
    public void End(CallEnding ending)
    {
        if (_isOver)
            return;
        _isOver = true;
        IsEnding = true;
        // Each step is guarded by itself: one that throws must not keep the others from being done.
        Guarded(static (call, ending) => call.StopWork(ending), ending);
        Guarded(static (call, ending) => call.RecordEnd(ending), ending);
        Guarded(static (call, ending) => call.CloseCaller(ending), ending);
        Guarded(static (call, ending) => call.Bridge?.EndTarget(ending.Reason), ending);
        Shard.Calls.Remove(this);
    }

    /// <summary>The node stops, and does not wait for the call any longer.</summary>
    public void OnNodeStops() => End(new CallEnding
    {
        By = CallParty.System,
        Cause = _isLeaving ? CallEndCause.Transferred : CallEndCause.NodeStopped,
        Status = 480,
    });

    private void OnCallerGone(string method, CallEnding ending)
    {
        if (_isOver)
            return;
        IsEnding = true;
        if (_run?.Current is { IsOver: false } attempt && attempt.OutlivesCaller(method, ending.Reason))
        {
            _pendingEnd = ending;
            // Whoever the caller was talking to talks to nobody now.
            Bridge?.EndTarget(ending.Reason);
            Bridge = null;
            return;
        }
        End(ending);
    }

    private void OnCallerSilent(string detail)
    {
        if (_isOver)
            return;
        IsEnding = true;
        if (_run?.Current is { } attempt)
            attempt.GiveUp(attempt.EvidenceOfSilence(detail));
        End(new CallEnding { By = CallParty.System, Cause = _isLeaving ? CallEndCause.Transferred : CallEndCause.PeerSilent });
    }

    private void StopWork(CallEnding ending)
    {
        Shard.Agent.Wheel.Cancel(this);
        if (_run?.Current is { } attempt)
        {
            attempt.GiveUp(ending.Cause switch
            {
                CallEndCause.NodeStopped => SipEvidence.Local(LocalEvidence.NodeStopped),
                CallEndCause.Error => SipEvidence.Local(LocalEvidence.InternalError),
                _ => SipEvidence.Local(LocalEvidence.CallerGone, "the call ended"),
            });
        }
        _lastAttempt?.Release();
    }

    private void RecordEnd(CallEnding ending)
    {
        long ms = Shard.Agent.Now;
        Stream.Append(Stream.Last, new CallEnded
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
            Caller.Bye(ending.Headers ?? ReasonHeader.Passed(ending.Reason));
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
