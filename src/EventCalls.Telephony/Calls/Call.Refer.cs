using EventCalls.Contracts;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions.Refer;

namespace EventCalls.Telephony.Calls;

/// <content>A REFER of one of the two who talk: decided by policy or by the routers, it becomes a handoff of the other one (RFC 3515, RFC 7647).</content>
internal sealed partial class Call
{
    private const int MostRefers = 50;
    private const int PolicyRefuses = ReferSteps.RefusedStatus;

    private int _refers;

    /// <summary>The last REFER that was accepted.</summary>
    private AcceptedRefer? _refer;

    /// <summary>Those who had the call handed on, and have not hung up yet.</summary>
    public List<Farewell> Leavers { get; } = [];

    private bool IsAskedToRefer => _refer is { IsAsked: true };

    /// <summary>Who refers, for the INVITE that a handoff sends (RFC 3892 §2.2); null when the handoff comes of no REFER, or that does not say.</summary>
    public string? ReferredBy(HandoffRun run) => _refer is { } refer && refer.HandoffId == run.Request.HandoffId ? refer.Received.ReferredBy : null;

    /// <summary>Answers a REFER, records it, and has the handoff it asks for carried out or decided.</summary>
    public void OnRefer(CallSide by, IncomingRequest request)
    {
        if (ReceivedRefer.Of(request.Message, out int status, out string? phrase) is not { } asked)
        {
            request.Respond(status, phrase);
            return;
        }
        if (_refers++ >= MostRefers)
        {
            request.Respond(PolicyRefuses);
            return;
        }
        asked = asked.WithoutSecrets(Shard.Trunks.TokenHeaders);
        var policy = by.Trunk?.Refer ?? ReferPolicy.CarryOut;
        bool isDecided = _selected is { DecidesRefers: true };
        status = WhyNotNow() ?? (policy == ReferPolicy.Refuse && !isDecided ? PolicyRefuses : 202);
        var received = Stream.Stamp(Stream.Last, ReferTarget.Complete(new ReferReceived
        {
            Leg = by.Name,
            ReferTo = asked.ReferTo,
            Target = asked.Target,
            Headers = [.. asked.Headers.Select(h => new SipHeader(h.Name, h.Value))],
            Replaces = asked.Replaces,
            ReferredBy = asked.ReferredBy,
            Policy = policy,
            Status = status,
        }, by, this));
        if (status != 202)
        {
            Stream.Append(received);
            request.Respond(status);
            return;
        }
        _refer = new AcceptedRefer(received, by, ReferNotifier.Accept(request, asked, isFirst: by.Refers++ == 0));
        // Who refers may hang up at once: the other one is kept.
        if (Kept == by)
            Turn();
        if (isDecided)
            Ask(received);
        else
            CarryOut(received, null, by.Name == CallerName ? Requester.Caller : Requester.Target);
    }

    /// <summary>The new target of a handoff, or whoever takes the call over, was heard of.</summary>
    public void OnAttemptProgress(HandoffRun run, int? status, string? statusLine)
    {
        if (ReferOf(run) is { } refer)
            refer.Report(status, StatusLineText.PhraseOf(statusLine));
    }

    /// <summary>A handoff has succeeded.</summary>
    public void OnAttemptCompleted(HandoffRun run, SipEvidence evidence)
    {
        bool isAnswer = evidence is { Source: "response" or "notify", Status: >= 200 and < 300 and not 202 };
        ReferOf(run)?.Finish(isAnswer ? evidence.Status!.Value : 200, isAnswer ? evidence.ReasonPhrase : null);
    }

    /// <summary>Whether a handoff comes of a REFER.</summary>
    public bool IsOfRefer(HandoffRun run) => ReferOf(run) is not null;

    private AcceptedRefer? ReferOf(HandoffRun run) => _refer is { } refer && refer.HandoffId == run.Request.HandoffId ? refer : null;

    /// <summary>A handoff has failed for good: its REFER's sender hears the very status of the new target, or what it comes to.</summary>
    private void TellFailure(Guid handoffId, TransferFailed failed)
    {
        if (_refer is not { } refer || refer.HandoffId != handoffId)
            return;
        bool isReal = failed.Evidence is { Source: "response" or "notify", Status: >= 300 };
        refer.Finish(CallerStatus.OfReferred(failed.Outcome, failed.Evidence), isReal ? failed.Evidence.ReasonPhrase : null);
    }

    /// <summary>Why there is nothing to hand off now, as a status; null when there is.</summary>
    private int? WhyNotNow()
    {
        if (Bridge is null && _phase is not CallPhase.HandingOff)
            return 403;
        // One at a time; whoever asked again later may be lucky (RFC 3261 §21.4.27).
        return _phase != CallPhase.Connected || IsAskedToRefer || _flow is not null || Bridge is not { Peer.IsConfirmed: true } || !Kept.IsConfirmed ? 491 : null;
    }

    private void Ask(ReferReceived received)
    {
        var question = new RerouteEntry(Shard, new RerouteCall
        {
            Started = Started,
            Selected = _selected,
            State = _state?.Now,
            Refer = received,
            Target = Bridge!.Peer.Uri,
            CallerAnswered = true,
        });
        Stream.Append(question);
        _state?.OnAsked();
        (_decision = new DecisionWait(this, question)).Start();
    }

    /// <summary>Does what the policy says.</summary>
    private void CarryOut(ReferReceived received, CallEvent? because, Requester by)
    {
        var handoff = Stream.Stamp((because ?? received).EventId, new HandoffRequested
        {
            Node = Shard.Options.Node,
            HandoffId = EventIds.Handoff(Stream.CallId, (because ?? received).EventId),
            Steps = [ReferSteps.Of(received)],
            RequestedBy = by,
        });
        // The bus brings the handoff back here as it does a router's; it is known then.
        _handoffs.Add(handoff.HandoffId);
        Stream.Append(because is null ? new JournalEntry(received, handoff) : new JournalEntry(because, handoff));
        _refer!.HandoffId = handoff.HandoffId;
        Begin(handoff);
    }

    /// <summary>The two sides change places.</summary>
    private void Turn()
    {
        Kept = Bridge!.Turn(Kept);
        Kept.GiveTo(this);
    }

    /// <summary>The handoff failed and both still talk: it is the caller again that is kept.</summary>
    private void TurnBack()
    {
        if (Kept.Name != CallerName && Bridge?.Peer.Name == CallerName)
            Turn();
    }
}
