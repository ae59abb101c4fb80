using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Calls;
using EventCalls.Telephony.Dialling;

namespace EventCalls.Telephony.Transfers;

/// <summary>Refuses the call: a final 4xx–6xx, or BYE with a Reason to a caller who is answered already.</summary>
/// <remarks>A refusal moves nobody anywhere, so it does not wait for the bus: a caller is let go also when the bus is down.</remarks>
internal sealed class RejectTransfer(Call call, HandoffRun run) : TransferAttempt(call, run)
{
    private const int StandardStatus = 480;

    private List<HeaderLine> _headers = [];

    /// <inheritdoc />
    protected override bool WaitsForConfirmation => false;

    private int Status => Step.Status ?? StandardStatus;

    /// <inheritdoc />
    protected override SipEvidence? Prepare(ref SentWords sent)
    {
        sent.Headers = Step.SipHeaders;
        if (Status is < 400 or > 699)
            return SipEvidence.Local(LocalEvidence.InvalidTarget, $"the status {Status} is not from 400 to 699");
        if (CustomHeaders.WhyNot(Step.SipHeaders) is { } wrong)
            return SipEvidence.Local(LocalEvidence.InvalidTarget, wrong);
        if (Step.Reason is { } reason && !SipText.IsSafeHeaderValue(reason))
            return SipEvidence.Local(LocalEvidence.InvalidTarget, "the reason holds CR, LF or NUL");
        _headers = CustomHeaders.Lines(Step.SipHeaders, 3);
        // What logic says itself stays the only one.
        foreach (var header in TargetsWords.Of(Call, Status))
        {
            if (!Step.SipHeaders.Any(h => h.Name.Equals(header.Name, StringComparison.OrdinalIgnoreCase)))
                _headers.Add(header);
        }
        if (Call.IsCallerAnswered)
            _headers.Add(ReasonHeader.Of("SIP", Status, Step.Reason ?? ReasonPhrases.Of(Status)));
        // Two who talk are not refused: who asked for that in mid-call hears the status, and nobody else.
        return Call.Bridge is null ? null : SipEvidence.Local(LocalEvidence.AlreadyAnswered, "the two who talk go on", Status);
    }

    /// <inheritdoc />
    protected override void Go()
    {
        Complete(SipEvidence.Local(LocalEvidence.Sent, Call.IsCallerAnswered ? "BYE" : null, Status));
        Call.End(new CallEnding { By = CallParty.System, Cause = CallEndCause.Rejected, Status = Status, Phrase = Step.Reason, Headers = _headers });
    }
}
