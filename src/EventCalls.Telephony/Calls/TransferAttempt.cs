using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Calls;

/// <summary>One attempt of a handoff: recorded first, then done, then reported exactly once.</summary>
internal abstract class TransferAttempt(Call call, HandoffRun run)
{
    private const int MostProgress = 50;

    private ConfirmationWait? _confirmation;
    private int _progress;
    private int _lastStatus;

    /// <summary>The call.</summary>
    public Call Call { get; } = call;

    /// <summary>The handoff this is an attempt of.</summary>
    public HandoffRun Run { get; } = run;

    /// <summary>Whether its outcome is recorded; nothing it hears matters any more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether it failed and the call has gone on without it: what throws on its leg from then on is no affair of the call's.</summary>
    protected bool IsLetGo { get; private set; }

    /// <summary>The URI it goes to, as recorded; empty for bye and reject.</summary>
    public string Target { get; private set; } = "";

    /// <summary>What is asked for.</summary>
    public Handoff Step { get; } = run.Step;

    /// <summary>The id of its <see cref="TransferStarted"/>.</summary>
    public Guid StartedId { get; private set; }

    /// <summary>When the first request left, milliseconds of the shard's clock.</summary>
    protected long SentAt { get; set; }

    /// <summary>From the first request to the first ringing or answer, milliseconds; null as long as nothing rang.</summary>
    protected long? PostDialDelay { get; set; }

    /// <summary>The shard.</summary>
    protected CallShard Shard => Call.Shard;

    /// <summary>Whether the bus must have confirmed the beginning before <see cref="Go"/>.</summary>
    protected virtual bool WaitsForConfirmation => true;

    /// <summary>Records the beginning and goes on when it is confirmed; what is not valid fails at once and sends nothing.</summary>
    public void Begin()
    {
        var sent = new SentWords();
        var refusal = Prepare(ref sent) ?? Call.WhyNotPrompt(Step);
        Target = sent.Target;
        var started = Call.Stream.Stamp(Run.Cause, new TransferStarted
        {
            HandoffId = Run.Request.HandoffId,
            Attempt = Run.Attempt,
            Method = Step.Method,
            Target = sent.Target,
            Trunk = sent.Trunk,
            CallerId = sent.CallerId,
            HeadersSent = refusal is null ? sent.Headers : [],
        });
        if (refusal is not null)
        {
            Call.Stream.Append(started);
            StartedId = started.EventId;
            Fail(refusal, Run.Redirects.HasMore);
            return;
        }
        if (!WaitsForConfirmation)
        {
            Call.Stream.Append(started);
            StartedId = started.EventId;
            Go();
            return;
        }
        (_confirmation = new ConfirmationWait(this)).Start(Shard.Options.ConfirmTimeoutMs);
        Call.Stream.Append(new StartedEntry(this, started));
        StartedId = started.EventId;
    }

    /// <summary>The bus has confirmed the beginning.</summary>
    public void OnConfirmed()
    {
        if (IsOver || _confirmation is not { IsScheduled: true } confirmation)
            return;
        confirmation.Stop();
        if (Step.Prompt is { Length: > 0 } prompt && Run.TakePrompt())
            Call.LetHear(prompt, this);
        else
            Go();
    }

    /// <summary>The caller has heard the prompt; or why not, which is a failure.</summary>
    public void OnPrompted(SipEvidence? whyNot = null)
    {
        if (IsOver)
            return;
        if (whyNot is null)
            Go();
        else
            Fail(whyNot);
    }

    /// <summary>The caller's leg acknowledged our answer.</summary>
    public virtual void OnCallerAcknowledged(SipMessage ack)
    {
    }

    /// <summary>The side that is kept was put on hold, or refused that: it can be offered a session.</summary>
    public virtual void OnKeptOnHold()
    {
    }

    /// <summary>A caller that is not answered yet changes its session by UPDATE; false when the attempt has nobody to ask.</summary>
    public virtual bool TryChangeEarly(IncomingRequest request) => false;

    /// <summary>
    /// The caller's leg has ended by a request of the caller's, and the call is about to end. True: the attempt still waits for a
    /// report, and ends the call itself when it has it.
    /// </summary>
    public virtual bool OutlivesCaller(string method, string? reason)
    {
        Fail(SipEvidence.OfRequest(LocalEvidence.CallerGone, method, reason));
        return false;
    }

    /// <summary>What a caller that went silent, without BYE, says about the attempt.</summary>
    public virtual SipEvidence EvidenceOfSilence(string detail) => SipEvidence.Local(LocalEvidence.CallerGone, detail);

    /// <summary>Gives the attempt up because the call ends, with what is to be recorded of it.</summary>
    public void GiveUp(SipEvidence evidence)
    {
        if (!IsOver)
            Fail(evidence);
    }

    /// <summary>Lets go of what a successful attempt still holds; the call is over.</summary>
    public virtual void Release()
    {
    }

    /// <summary>Works out what will be sent and describes it; what makes it impossible is returned.</summary>
    protected abstract SipEvidence? Prepare(ref SentWords sent);

    /// <summary>Does it; the beginning is recorded. Nothing leaves before, an answer to the caller as little as a request.</summary>
    protected abstract void Go();

    /// <summary>Stops what timers it has besides that of the confirmation: the outcome is decided.</summary>
    protected virtual void StopTimers()
    {
    }

    /// <summary>Takes back what is still on its way: the outcome is decided. Never throws for a leg that is over already.</summary>
    protected virtual void Withdraw(string? reason)
    {
    }

    /// <summary>Records a provisional response or a report; repetitions and floods are left out.</summary>
    protected void Progress(string source, int? status, string? asReceived)
    {
        if (_progress >= MostProgress || (source == "response" && status == _lastStatus))
            return;
        _progress++;
        _lastStatus = status ?? 0;
        Call.OnAttemptProgress(Run, status, asReceived);
        Call.Stream.Append(StartedId, new TransferProgressed
        {
            HandoffId = Run.Request.HandoffId,
            Attempt = Run.Attempt,
            Source = source,
            Status = status,
            AsReceived = asReceived,
        });
    }

    /// <summary>Records success. The caller of this goes on with the call.</summary>
    protected void Complete(SipEvidence evidence, string? answeredBy = null)
    {
        if (IsOver)
            return;
        IsOver = true;
        _confirmation?.Stop();
        StopTimers();
        Call.Stream.Append(StartedId, new TransferCompleted
        {
            HandoffId = Run.Request.HandoffId,
            Attempt = Run.Attempt,
            Method = Step.Method,
            Outcome = TransferOutcomes.Derive(Step.Method, evidence),
            Evidence = evidence,
            PostDialDelayMs = PostDialDelay,
            AnsweredBy = answeredBy,
        });
        Call.OnAttemptCompleted(Run, evidence);
    }

    /// <summary>Records failure, withdraws what is under way, and lets the call go on with the next attempt.</summary>
    /// <param name="evidence">What SIP said, or what happened here.</param>
    /// <param name="anotherAddress">Whether the endpoint's next address is to be tried.</param>
    protected void Fail(SipEvidence evidence, bool anotherAddress = false)
    {
        if (IsOver)
            return;
        IsOver = true;
        _confirmation?.Stop();
        StopTimers();
        // A journal that did not take the beginning has no such event to refer to.
        var failed = Call.Stream.Stamp(StartedId == Guid.Empty ? Run.Cause : StartedId, new TransferFailed
        {
            HandoffId = Run.Request.HandoffId,
            Attempt = Run.Attempt,
            Method = Step.Method,
            Outcome = TransferOutcomes.Derive(Step.Method, evidence),
            Evidence = evidence,
            PostDialDelayMs = PostDialDelay,
            Final = Call.IsEnding || !Run.HasNext(anotherAddress),
        });
        Withdraw(evidence.Reason);
        Call.OnAttemptFailed(Run, failed, anotherAddress);
        IsLetGo = true;
    }

    private sealed class ConfirmationWait(TransferAttempt attempt) : CallTimer(attempt.Call)
    {
        protected override void Fire() => Call.EndUnconfirmed(attempt);
    }
}
