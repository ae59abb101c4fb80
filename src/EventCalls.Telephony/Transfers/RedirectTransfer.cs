using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Calls;
using EventCalls.Telephony.Dialling;

namespace EventCalls.Telephony.Transfers;

/// <summary>Sends the caller elsewhere before answer: 302 with the Contacts, best first (RFC 3261 §21.3.3).</summary>
internal sealed class RedirectTransfer(Call call, HandoffRun run) : TransferAttempt(call, run)
{
    private const int Status = 302;

    private List<HeaderLine> _headers = [];

    /// <inheritdoc />
    protected override SipEvidence? Prepare(ref SentWords sent)
    {
        sent.Headers = Step.SipHeaders;
        sent.Trunk = Step.OutboundEndpoint;
        if (CustomHeaders.WhyNot(Step.SipHeaders) is { } wrong)
            return SipEvidence.Local(LocalEvidence.InvalidTarget, wrong);
        if (Step.Reason is { } reason && !SipText.IsSafeHeaderValue(reason))
            return SipEvidence.Local(LocalEvidence.InvalidTarget, "the reason holds CR, LF or NUL");
        var contacts = Step.Contacts ?? [];
        if (contacts.Count == 0)
            return SipEvidence.Local(LocalEvidence.InvalidTarget, "there is no contact to redirect to");
        _headers = CustomHeaders.Lines(Step.SipHeaders, contacts.Count);
        var targets = new string[contacts.Count];
        for (int i = 0; i < targets.Length; i++)
        {
            if (Call.CompleteUri(contacts[i], Step.OutboundEndpoint, mayBeName: false, out var refusal) is not { } uri)
                return refusal;
            targets[i] = uri;
            _headers.Add(new HeaderLine("Contact", Contact(uri, i, targets.Length)));
        }
        sent.Target = string.Join(", ", targets);
        Retargeting.AddTo(_headers, Step.SipHeaders, Call, Call.Trunk.Diversion, targets, 1, deflects: true);
        return Call.IsCallerAnswered ? SipEvidence.Local(LocalEvidence.AlreadyAnswered) : null;
    }

    /// <inheritdoc />
    protected override void Go()
    {
        Complete(SipEvidence.Local(LocalEvidence.Sent, null, Status));
        Call.End(new CallEnding { By = CallParty.System, Cause = CallEndCause.Redirected, Status = Status, Phrase = Step.Reason, Headers = _headers });
    }

    // One contact needs no rank; several get q from 1.0 downwards (RFC 3261 §20.10).
    private static string Contact(string uri, int index, int count) =>
        count == 1 ? $"<{uri}>" : string.Create(CultureInfo.InvariantCulture, $"<{uri}>;q={Math.Max(1000 - index * 100, 0) / 1000.0:0.0##}");
}
