using EventCalls.Contracts;
using EventCalls.Sip.Extensions.Refer;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Calls;
using EventCalls.Telephony.Dialling;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Transfers;

/// <summary>Asks the caller's side to take the call over: REFER in the caller's dialog, and then its reports (RFC 3515).</summary>
/// <remarks>
/// A caller who is not answered yet is answered on hold first. After a BYE that came before the final report, a report that
/// crosses it is waited for a little; without one nobody knows whether the transfer came about, and the outcome says so: no_notify.
/// </remarks>
internal sealed class ReferTransfer(Call call, HandoffRun run) : TransferAttempt(call, run), IReferHandler
{
    private const int MostTries = 3;
    private const int PauseMs = 1000;
    private const int LongestPauseSeconds = 10;

    private OutgoingRefer _refer = null!;
    private ReferSubscription? _subscription;
    private SipEvidence? _lastReport;
    private string? _byeReason;
    private int _tries;
    private bool _isRecorded;
    private bool _isAccepted;
    private RetryPause? _pause;
    private ByeGrace? _grace;

    /// <summary>Whether the caller has said BYE, so that only a report that crosses it is waited for.</summary>
    private bool HasLeft => _grace is not null;

    /// <inheritdoc />
    protected override SipEvidence? Prepare(ref SentWords sent)
    {
        sent.Headers = Step.SipHeaders;
        sent.Trunk = Step.OutboundEndpoint;
        sent.Target = Step.ReferTo ?? "";
        sent.CallerId = Step.PhoneNumber;
        if (CustomHeaders.WhyNot(Step.SipHeaders) is { } wrong)
            return SipEvidence.Local(LocalEvidence.InvalidTarget, wrong);
        if (Step.NotifyTimeoutSeconds is < 1 or > 600)
            return SipEvidence.Local(LocalEvidence.InvalidTarget, $"the notify timeout of {Step.NotifyTimeoutSeconds} s is not from 1 to 600 s");
        if (Step.ReferTo is not { Length: > 0 } target)
            return SipEvidence.Local(LocalEvidence.InvalidTarget, "there is no number or URI to refer to", NoTarget.Incomplete);
        if (Call.CompleteUri(target, Step.OutboundEndpoint, mayBeName: false, out var refusal) is not { } referTo)
            return refusal;
        string? referredBy = $"<{Call.LocalUri}>";
        if (Step.PhoneNumber is { Length: > 0 } number)
        {
            if (Call.CompleteUri(number, Step.OutboundEndpoint, mayBeName: true, out refusal) is not { } by)
                return refusal;
            referredBy = $"<{by}>";
        }
        _refer = new OutgoingRefer
        {
            ReferTo = referTo,
            ReferredBy = referredBy,
            Headers = CustomHeaders.Lines(Step.SipHeaders, 0),
            Credentials = Call.Kept.Trunk?.Credentials,
            NotifyTimeoutMs = 1000 * (Step.NotifyTimeoutSeconds ?? Shard.Options.NotifyTimeoutSeconds),
        };
        sent.Target = referTo;
        return null;
    }

    /// <inheritdoc />
    protected override void Go()
    {
        _isRecorded = true;
        if (!Call.IsCallerAnswered && !Call.AnswerOnHold(StartedId, Run.Request.HandoffId))
            Fail(SipEvidence.Local(LocalEvidence.OfferNotAnswerable));
        SendWhenReady();
    }

    /// <inheritdoc />
    public override void OnCallerAcknowledged(SipMessage ack) => SendWhenReady();

    /// <inheritdoc />
    public override bool OutlivesCaller(string method, string? reason)
    {
        if (IsOver || _tries == 0)
            return base.OutlivesCaller(method, reason);
        _byeReason = reason;
        _pause?.Stop();
        (_grace = new ByeGrace(this)).Start(Shard.Options.NotifyGraceMs);
        return true;
    }

    /// <inheritdoc />
    public override SipEvidence EvidenceOfSilence(string detail) => _isAccepted
        ? SipEvidence.Local(LocalEvidence.NoFinalNotify, detail, _lastReport?.Status) with { SubscriptionState = _lastReport?.SubscriptionState }
        : base.EvidenceOfSilence(detail);

    /// <inheritdoc />
    public override void Release() => Withdraw(null);

    /// <inheritdoc />
    protected override void Withdraw(string? reason)
    {
        if (_subscription is { IsActive: true } subscription)
            subscription.Abandon();
    }

    /// <inheritdoc />
    protected override void StopTimers()
    {
        _pause?.Stop();
        _grace?.Stop();
    }

    /// <summary>No report has crossed the BYE.</summary>
    private void OnGraceOver()
    {
        var evidence = SipEvidence.OfRequest(_isAccepted ? LocalEvidence.ByeBeforeFinalNotify : LocalEvidence.CallerGone, "BYE", _byeReason);
        Fail(evidence with { Status = _lastReport?.Status, SubscriptionState = _lastReport?.SubscriptionState });
    }

    private void SendWhenReady()
    {
        if (!IsOver && _isRecorded && _tries == 0 && Call.Kept.IsConfirmed)
            Send();
    }

    private void Send()
    {
        if (_tries++ == 0)
            SentAt = Shard.Agent.Now;
        var subscription = Call.Kept.Leg.Refer(_refer, this);
        if (!IsOver)
            _subscription = subscription;
    }

    void IReferHandler.OnAccepted(ReferSubscription s, SipMessage response)
    {
        if (IsOver)
            return;
        _isAccepted = true;
        Progress("response", response.StatusCode, SipText.Get(response.StartLine));
        if (s.Expected)
            return;
        Complete(Evidence.OfResponse(response));
        Call.OnReferred();
    }

    void IReferHandler.OnRefused(ReferSubscription s, SipMessage response)
    {
        if (IsOver)
            return;
        if (!HasLeft && _tries < MostTries && PauseAfter(response) is { } pauseMs)
        {
            Progress("response", response.StatusCode, SipText.Get(response.StartLine));
            (_pause ??= new RetryPause(this)).Start(pauseMs);
            return;
        }
        Fail(HasLeft ? SipEvidence.OfRequest(LocalEvidence.CallerGone, "BYE", _byeReason) : Evidence.OfResponse(response));
    }

    void IReferHandler.OnNoResponse(ReferSubscription s, NoResponse why)
    {
        if (IsOver)
            return;
        Fail(HasLeft || why == NoResponse.Ended
            ? SipEvidence.OfRequest(LocalEvidence.CallerGone, "BYE", _byeReason)
            : SipEvidence.Local(why == NoResponse.Timeout ? LocalEvidence.NoResponse : LocalEvidence.TransportError));
    }

    void IReferHandler.OnNotify(ReferSubscription s, SipMessage notify, int? status, bool terminated)
    {
        if (IsOver)
            return;
        // A NOTIFY may overtake the 202 (RFC 3515 §2.4.4), and says as much.
        _isAccepted = true;
        if (status >= 180)
            PostDialDelay ??= Shard.Agent.Now - SentAt;
        bool isFinal = status >= 200 || terminated;
        if (!isFinal)
            Progress("notify", status, ReceivedFacts.BodyText(notify));
        var report = Evidence.OfNotify(notify);
        if (status is null && _lastReport?.Status is { } before)
            report = report with { Status = before };
        _lastReport = report;
        if (status is >= 200 and < 300)
        {
            Complete(report);
            Call.OnReferred();
        }
        else if (isFinal)
        {
            Fail(report);
        }
    }

    void IReferHandler.OnExpired(ReferSubscription s)
    {
        if (IsOver)
            return;
        if (HasLeft)
            OnGraceOver();
        else
            Fail(SipEvidence.Local(LocalEvidence.NoFinalNotify, null, _lastReport?.Status) with { SubscriptionState = _lastReport?.SubscriptionState });
    }

    /// <summary>How long to wait before another try, milliseconds; null when the refusal is to be taken as it is.</summary>
    private static int? PauseAfter(SipMessage response)
    {
        // 491: the other side changes the session just now. 500 and 503 with Retry-After: it asks for another try.
        if (response.StatusCode == 491)
            return PauseMs;
        return response.StatusCode is 500 or 503 && RetryAfter.SecondsOf(response) is { } seconds and <= LongestPauseSeconds ? Math.Max(seconds, 1) * 1000 : null;
    }

    /// <summary>The other side asks for another try a little later.</summary>
    private sealed class RetryPause(ReferTransfer attempt) : CallTimer(attempt.Call)
    {
        protected override void Fire() => attempt.Send();
    }

    /// <summary>How long a report that crosses the BYE is waited for.</summary>
    private sealed class ByeGrace(ReferTransfer attempt) : CallTimer(attempt.Call)
    {
        protected override void Fire() => attempt.OnGraceOver();
    }
}
