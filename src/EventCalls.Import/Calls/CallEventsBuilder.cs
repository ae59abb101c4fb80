using EventCalls.Contracts;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;

namespace EventCalls.Import.Calls;

/// <summary>Tells a captured call in the events that the service itself would have recorded of it, as far as they were seen.</summary>
internal sealed class CallEventsBuilder
{
    private readonly CapturedDialog _call;
    private readonly CapturedLeg _incoming;
    private readonly Perspective _perspective;
    private readonly ImportedStream _stream;
    private readonly List<SeenTransfer> _transfers;
    private readonly SeenEnd _end;
    private Guid _startedId;
    private bool _isCallerAnswered;

    private CallEventsBuilder(CapturedDialog call, Perspective perspective, string file)
    {
        _call = call;
        _incoming = call.Incoming!;
        _perspective = perspective;
        _stream = new ImportedStream(ImportIds.OfCall(_incoming.InvitedAt, $"{call.CallId}\n{call.CallerTag}"), file);
        _transfers = SeenTransfer.Of(call, perspective);
        _end = SeenEnd.Of(call, _transfers);
    }

    /// <summary>The events of a call.</summary>
    /// <param name="call">The call; it has come in to us.</param>
    /// <param name="perspective">Whose calls they are.</param>
    /// <param name="file">The name of the file in which it began.</param>
    public static IReadOnlyList<CallEvent> Build(CapturedDialog call, Perspective perspective, string file) =>
        new CallEventsBuilder(call, perspective, file).Build();

    private IReadOnlyList<CallEvent> Build()
    {
        _startedId = _stream.Add(Guid.Empty, _incoming.InvitedAt, new CallStarted
        {
            Node = _stream.Node,
            Trunk = _perspective.TrunkOf(_incoming),
            Transport = _incoming.Transport,
            RemoteEndPoint = _incoming.Source.ToString(),
            SipCallId = _call.CallId,
            RequestUri = _incoming.RequestUri,
            CallerNumber = _incoming.Caller,
            CalleeNumber = _incoming.Callee,
            Headers = _incoming.Headers,
            OfferedMedia = _incoming.OfferedMedia,
            ImportedFrom = _stream.File,
        });
        AddTransfers();
        if (!_isCallerAnswered && _incoming.AnsweredAt is { } answeredAt)
            AddCallerAnswered(_startedId, null, answeredAt);
        AddOwnEnd();
        return _stream.End(_end.At, new CallEnded
        {
            EndedBy = _end.By,
            Cause = _end.Cause,
            Status = _end.Status,
            Reason = _end.Reason,
            DurationMs = Milliseconds(_end.At - _incoming.InvitedAt),
            AnsweredMs = _incoming.AnsweredAt is { } answered ? Milliseconds(_end.At - answered) : null,
        });
    }

    private void AddTransfers()
    {
        for (int i = 0; i < _transfers.Count;)
        {
            int next = i + 1;
            while (next < _transfers.Count && IsNextAddress(_transfers[next - 1], _transfers[next]))
                next++;
            var first = _transfers[i];
            var (handoff, requested) = Request(first.At, first.Leg is { } leg ? StepOf(leg, first.IsProxied) : StepOf(first.Refer!), first.By);
            for (int attempt = 1; i < next; i++, attempt++)
            {
                var started = new AttemptEvents(_stream, requested, handoff, attempt, isFinal: i == next - 1);
                if (_transfers[i].Leg is { } invited)
                    AddInvite(started, invited, _transfers[i].IsProxied, handoff);
                else
                    AddRefer(started, _transfers[i].Refer!);
            }
        }
    }

    // As the service tries the next address of an endpoint: after silence or 503, the same target again.
    private static bool IsNextAddress(SeenTransfer before, SeenTransfer next) =>
        before.Leg is { } failed && next.Leg is { } leg && leg.RequestUri == failed.RequestUri && leg.Destination != failed.Destination
        && (failed.FinalStatus == 503 || !failed.HasResponse);

    private Handoff StepOf(CapturedLeg leg, bool isProxied)
    {
        string number = leg.Callee;
        return new Handoff
        {
            Method = HandoffMethod.Invite,
            PhoneNumber = number.Length > 0 && Numbers.IsDialString(System.Text.Encoding.UTF8.GetBytes(number)) ? number : leg.RequestUri,
            OutboundEndpoint = _perspective.EndpointOf(leg.Destination),
            OutboundCallerId = leg.Caller.Length > 0 ? leg.Caller : null,
            SipHeaders = HeadersOf(leg, isProxied),
        };
    }

    private Handoff StepOf(CapturedRefer refer)
    {
        var target = System.Text.Encoding.UTF8.GetBytes(refer.ReferTo);
        string? endpoint = _perspective.EndpointOf(refer.ReferTo);
        string number = Numbers.OfUri(target);
        bool isNumber = endpoint is not null && number.Length > 0 && Numbers.IsDialString(System.Text.Encoding.UTF8.GetBytes(number));
        return new Handoff
        {
            Method = HandoffMethod.Refer,
            // A number that was completed with the host of an endpoint.
            ReferTo = isNumber ? number : refer.ReferTo,
            OutboundEndpoint = isNumber ? endpoint : null,
            // Without a number of its own, a REFER is sent on behalf of whoever was dialled.
            PhoneNumber = refer.ReferredByNumber.Length > 0 && refer.ReferredByNumber != _incoming.Callee ? refer.ReferredByNumber : null,
            SipHeaders = refer.CustomHeaders,
        };
    }

    private IReadOnlyList<SipHeader> HeadersOf(CapturedLeg leg, bool isProxied) =>
        isProxied ? SeenHeaders.Added(leg.CustomHeaders, _incoming.CustomHeaders) : leg.CustomHeaders;

    private void AddInvite(AttemptEvents attempt, CapturedLeg leg, bool isProxied, Guid handoff)
    {
        var step = StepOf(leg, isProxied);
        var startedId = attempt.Start(leg.InvitedAt, HandoffMethod.Invite, leg.RequestUri, step.OutboundEndpoint, step.OutboundCallerId, step.SipHeaders);
        attempt.Progress(leg.Progress);
        var postDial = (leg.RungAt ?? leg.AnsweredAt) - leg.InvitedAt;
        if (leg.AnsweredAt is not { } answeredAt || (_incoming.AnsweredAt is null && _end.Cause == CallEndCause.Cancelled))
        {
            // An answer that crosses the caller's CANCEL connects nobody.
            if (leg.AnsweredAt is { } crossed)
                attempt.Answered(crossed);
            attempt.End(leg.FinalAt ?? _end.At, EvidenceOf(leg), postDial, null);
            return;
        }
        attempt.Answered(answeredAt);
        if (_incoming.AnsweredAt is { } callerAt && callerAt >= answeredAt)
        {
            if (!_isCallerAnswered)
                AddCallerAnswered(startedId, handoff, callerAt);
            answeredAt = callerAt;
        }
        attempt.End(answeredAt, leg.Final!, postDial, leg.AnsweredBy);
    }

    private SipEvidence EvidenceOf(CapturedLeg leg)
    {
        bool isWithdrawn = _end.CallerWentBy is not null && (leg.FinalAt is null || leg.AnsweredAt is not null || (leg.CancelledAt is not null && leg.FinalAt >= _end.At - TimeSpan.FromSeconds(1)));
        if (isWithdrawn)
            return SipEvidence.OfRequest(LocalEvidence.CallerGone, _end.CallerWentBy!, _end.Reason);
        if (leg.Final is { } final)
            return final;
        // Timer B: half a minute without a word is silence; less may be the end of the capture.
        bool isSilence = !leg.HasResponse && (_end.Cause == CallEndCause.Rejected || _end.At - leg.InvitedAt >= TimeSpan.FromSeconds(30));
        return isSilence ? SipEvidence.Local(LocalEvidence.NoResponse) : SipEvidence.Local(LocalEvidence.NotSeen, leg.CancelledAt is null ? null : "it was cancelled");
    }

    private void AddRefer(AttemptEvents attempt, CapturedRefer refer)
    {
        var step = StepOf(refer);
        attempt.Start(refer.At, HandoffMethod.Refer, refer.ReferTo, step.OutboundEndpoint, step.PhoneNumber, step.SipHeaders);
        attempt.Progress(refer.Progress);
        var (evidence, at) = EvidenceOf(refer);
        attempt.End(at, evidence, refer.RungAt - refer.At, null);
    }

    private (SipEvidence Evidence, DateTimeOffset At) EvidenceOf(CapturedRefer refer)
    {
        bool isReported = refer.Outcome is { } outcome && (outcome.Source != "notify" || outcome.Status >= 200);
        if (isReported)
            return (refer.Outcome!, refer.OutcomeAt);
        // What became of it shows in the call it led to, when that was captured.
        if (refer.Leg is { Final: { } final } leg)
            return (final, leg.FinalAt!.Value);
        if (refer.Outcome is { } report)
            return (report, refer.OutcomeAt);
        if (_end.CallerWentBy is { } method)
        {
            var gone = SipEvidence.OfRequest(refer.IsAccepted ? LocalEvidence.ByeBeforeFinalNotify : LocalEvidence.CallerGone, method, _end.Reason);
            return (gone with { Status = refer.LastReport?.Status, SubscriptionState = refer.LastReport?.SubscriptionState }, _end.At);
        }
        if (_end.Cause == CallEndCause.NotSeen)
            return (SipEvidence.Local(LocalEvidence.NotSeen), _end.At);
        return (SipEvidence.Local(refer.IsAccepted ? LocalEvidence.NoFinalNotify : LocalEvidence.NoResponse, null, refer.LastReport?.Status), _end.At);
    }

    /// <summary>Adds what we did to the caller ourselves: a redirect, a refusal, a call given back. One that only passes on how a transfer failed is none.</summary>
    private void AddOwnEnd()
    {
        if (_end.Cause == CallEndCause.GivenBack)
        {
            Own(new Handoff { Method = HandoffMethod.Bye, Reason = TextOf(_end.Reason), SipHeaders = _call.Bye!.CustomHeaders }, "", SipEvidence.Local(LocalEvidence.Sent, "BYE"));
        }
        else if (_end is { Cause: CallEndCause.Redirected, Status: { } redirected } && _transfers.Count == 0)
        {
            Own(new Handoff { Method = HandoffMethod.Redirect, Contacts = _incoming.Contacts, SipHeaders = _incoming.FinalHeaders }, string.Join(", ", _incoming.Contacts), SipEvidence.Local(LocalEvidence.Sent, null, redirected));
        }
        else if (_end.RefusedWith is { } told && _transfers.Count == 0)
        {
            string? text = TextOf(_end.Reason);
            Own(new Handoff { Method = HandoffMethod.Reject, Status = told, Reason = text == ReasonPhrases.Of(told) ? null : text, SipHeaders = _call.Bye!.CustomHeaders }, "", SipEvidence.Local(LocalEvidence.Sent, "BYE", told));
        }
        else if (_end is { Cause: CallEndCause.Rejected, Status: { } rejected } && _transfers.Count == 0)
        {
            string? phrase = _incoming.Final!.ReasonPhrase;
            bool isOwnPhrase = phrase is { Length: > 0 } && phrase != ReasonPhrases.Of(rejected);
            Own(new Handoff { Method = HandoffMethod.Reject, Status = rejected, Reason = isOwnPhrase ? phrase : null, SipHeaders = _incoming.FinalHeaders }, "", SipEvidence.Local(LocalEvidence.Sent, null, rejected));
        }
    }

    private (Guid Handoff, Guid Requested) Request(DateTimeOffset at, Handoff step, Requester by)
    {
        var handoff = _stream.NextHandoff();
        var requested = _stream.Add(_startedId, at, new HandoffRequested
        {
            Node = _stream.Node,
            HandoffId = handoff,
            Steps = [step],
            RequestedBy = by,
        });
        return (handoff, requested);
    }

    private void Own(Handoff step, string target, SipEvidence evidence)
    {
        var (handoff, requested) = Request(_end.At, step, Requester.Import);
        var attempt = new AttemptEvents(_stream, requested, handoff, 1, isFinal: true);
        attempt.Start(_end.At, step.Method, target, null, null, step.SipHeaders);
        attempt.End(_end.At, evidence, null, null);
    }

    private void AddCallerAnswered(Guid cause, Guid? handoff, DateTimeOffset at)
    {
        _isCallerAnswered = true;
        _stream.AddAnswered("caller", cause, handoff, at);
    }

    // The text parameter of a Reason (RFC 3326), which is what logic sets with a BYE.
    private static string? TextOf(string? reason)
    {
        int start = reason?.IndexOf("text=\"", StringComparison.OrdinalIgnoreCase) ?? -1;
        int end = start < 0 ? -1 : reason!.IndexOf('"', start + 6);
        return end < 0 ? null : reason![(start + 6)..end];
    }

    private static long Milliseconds(TimeSpan span) => Math.Max(0, (long)span.TotalMilliseconds);
}
