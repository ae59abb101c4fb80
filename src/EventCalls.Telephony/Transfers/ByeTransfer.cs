using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Calls;
using EventCalls.Telephony.Dialling;

namespace EventCalls.Telephony.Transfers;

/// <summary>Gives the call back: BYE with headers and a Reason. A caller who is not answered yet is answered on hold first, as only an answered call has a BYE.</summary>
/// <remarks>
/// BYE waits for the caller's ACK (RFC 3261 §15). An offer that cannot be answered ends with 480 and the same headers: what stands in them is then
/// still told. Who wants the call refused without an answer, and without being charged for it, takes reject.
/// </remarks>
internal sealed class ByeTransfer(Call call, HandoffRun run) : TransferAttempt(call, run)
{
    private const int NotAnsweredStatus = 480;

    private List<HeaderLine> _headers = [];
    private bool _isRecorded;
    private bool _isUnanswerable;

    /// <inheritdoc />
    protected override SipEvidence? Prepare(ref SentWords sent)
    {
        sent.Headers = Step.SipHeaders;
        if (CustomHeaders.WhyNot(Step.SipHeaders) is { } wrong)
            return SipEvidence.Local(LocalEvidence.InvalidTarget, wrong);
        if (Step.Reason is { } reason && !SipText.IsSafeHeaderValue(reason))
            return SipEvidence.Local(LocalEvidence.InvalidTarget, "the reason holds CR, LF or NUL");
        _headers = CustomHeaders.Lines(Step.SipHeaders, 1);
        if (Step.Reason is { } text)
            _headers.Add(ReasonHeader.Of("Q.850", 16, text));
        return null;
    }

    /// <inheritdoc />
    protected override void Go()
    {
        _isRecorded = true;
        if (!Call.IsCallerAnswered)
            _isUnanswerable = !Call.AnswerOnHold(StartedId, Run.Request.HandoffId);
        EndWhenReady();
    }

    /// <inheritdoc />
    public override void OnCallerAcknowledged(SipMessage ack) => EndWhenReady();

    private void EndWhenReady()
    {
        if (IsOver || !_isRecorded || !(_isUnanswerable || Call.Kept.IsConfirmed))
            return;
        Complete(SipEvidence.Local(LocalEvidence.Sent, _isUnanswerable ? null : "BYE", _isUnanswerable ? NotAnsweredStatus : null));
        Call.End(new CallEnding { By = CallParty.System, Cause = CallEndCause.GivenBack, Status = NotAnsweredStatus, Headers = _headers });
    }
}
