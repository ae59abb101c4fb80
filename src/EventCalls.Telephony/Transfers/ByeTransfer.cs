using EventCalls.Contracts;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony;

/// <summary>Gives the call back: BYE with headers and a Reason, or 480 with the same headers to a caller who is not answered yet.</summary>
internal sealed class ByeTransfer(Call call, HandoffRun run) : TransferAttempt(call, run)
{
    private const int NotAnsweredStatus = 480;

    private List<HeaderLine> _headers = [];

    /// <inheritdoc />
    protected override SipEvidence? Prepare(ref TransferStarted started)
    {
        started = started with { HeadersSent = Step.SipHeaders };
        if (CustomHeaders.WhyNot(Step.SipHeaders) is { } wrong)
            return Evidence.Local(LocalEvidence.InvalidTarget, wrong);
        if (Step.Reason is { } reason && !SipText.IsSafeHeaderValue(reason))
            return Evidence.Local(LocalEvidence.InvalidTarget, "the reason holds CR, LF or NUL");
        _headers = CustomHeaders.Lines(Step.SipHeaders, 1);
        if (Step.Reason is { } text)
            _headers.Add(ReasonHeader.Of("Q.850", 16, text));
        return null;
    }

    /// <inheritdoc />
    protected override void Go()
    {
        bool answered = Call.IsCallerAnswered;
        Complete(Evidence.Local(LocalEvidence.Sent, answered ? "BYE" : null, answered ? null : NotAnsweredStatus));
        Call.End(new CallEnding { By = CallParty.System, Cause = CallEndCause.GivenBack, Status = NotAnsweredStatus, Headers = _headers });
    }
}
