using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Import.Csv;

/// <summary>Tells a row in events: what it says, and nothing it does not say.</summary>
internal sealed class CsvCall
{
    private readonly CsvRow _row;
    private readonly CsvOptions _options;
    private readonly DateTimeOffset? _startedAt;
    private readonly DateTimeOffset? _answeredAt;
    private readonly DateTimeOffset? _endedAt;
    private readonly HandoffMethod? _method;
    private readonly TransferOutcome? _outcome;
    private readonly int? _status;

    private CsvCall(CsvRow row, CsvOptions options)
    {
        (_row, _options) = (row, options);
        _startedAt = row.Time("started_at");
        if (_startedAt is null && !row.IsBad)
            row.Wrong("started_at", "every call needs the time when it began");
        if (row.Text("caller").Length == 0 && row.Text("callee").Length == 0)
            row.Wrong("callee", "every call needs a caller or a callee");
        if (row.Text("request_uri").Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or '"'))
            row.Wrong("request_uri", "expected a URI such as sip:+15557654321@example.com, without blanks, brackets and quotation marks");
        (_answeredAt, _endedAt) = Times();
        _method = Method();
        (_outcome, _status) = Outcome();
        if (row.Text("flow").Length == 0 && row.Named(CsvColumns.State).Any())
            row.Wrong("flow", "there is a state, which belongs to a flow; name the flow");
    }

    /// <summary>The events of a row; null when something in it is not right, or the table said it before, which is noted.</summary>
    public static IReadOnlyList<CallEvent>? Build(CsvRow row, CsvOptions options, string file, CsvRecords records)
    {
        var call = new CsvCall(row, options);
        if (row.IsBad)
            return null;
        var id = records.IdOf(call._startedAt!.Value, row, out long same);
        if (id is null)
            row.LeftOut($"the row says the same as line {same}; it is left out");
        return id is { } own ? call.Build(own, file) : null;
    }

    private (DateTimeOffset? Answered, DateTimeOffset? Ended) Times()
    {
        var answered = _row.Time("answered_at");
        var ended = _row.Time("ended_at");
        var duration = _row.Seconds("duration_seconds");
        var talk = _row.Seconds("talk_seconds");
        ended ??= _startedAt + duration ?? answered + talk;
        // A talking time of nothing says that nobody answered.
        if (answered is null && ended is not null && talk > TimeSpan.Zero)
            answered = ended - talk;
        if (answered < _startedAt)
            _row.Wrong("answered_at", "a call cannot be answered before it began");
        if (ended < (answered ?? _startedAt))
            _row.Wrong("ended_at", "a call cannot end before it began or was answered");
        return (answered, ended);
    }

    private HandoffMethod? Method()
    {
        var method = _row.Word<HandoffMethod>("handoff");
        bool hasTarget = _row.Text("target").Length > 0;
        if (method is HandoffMethod.Invite or HandoffMethod.Refer or HandoffMethod.Redirect && !hasTarget)
            _row.Wrong("target", $"a handoff by {WireName.Of(method)} needs one");
        if (method is null && !hasTarget && _row.Text("handoff").Length == 0 && _row.Text("outcome").Length > 0)
            _row.Wrong("target", "there is an outcome, but of no handoff; name the target or the handoff");
        return method ?? (hasTarget ? HandoffMethod.Invite : null);
    }

    private (TransferOutcome? Outcome, int? Status) Outcome()
    {
        int? status = null;
        if (_row.Text("sip_status") is { Length: > 0 } text && (status = CsvOutcomes.StatusOf(text)) is null)
            _row.Wrong("sip_status", "expected a final SIP status, 200 to 699");
        if (_row.Text("outcome") is not { Length: > 0 } word)
            return (status is { } final && _method is { } used ? CsvOutcomes.OfStatus(final, used) : null, status);
        if (_method is not { } method)
            return (null, status);
        var outcome = CsvOutcomes.Parse(word, method);
        if (outcome is null)
            _row.Wrong("outcome", $"expected {string.Join(", ", WireName.All<TransferOutcome>())}, a SIP status, or what call detail records say, such as ANSWERED, NO ANSWER or USER_BUSY");
        return (outcome, status ?? CsvOutcomes.StatusOf(word));
    }

    private IReadOnlyList<CallEvent> Build(Guid id, string file)
    {
        var started = _startedAt!.Value;
        var stream = new ImportedStream(id, file);
        var startedId = stream.Add(Guid.Empty, started, new CallStarted
        {
            Node = stream.Node,
            Trunk = _row.TextOrNull("trunk") ?? _options.Trunk ?? Calls.Perspective.UnknownTrunk,
            Transport = _row.Text("transport"),
            RemoteEndPoint = "",
            SipCallId = _row.Text("call_id"),
            RequestUri = _row.Text("request_uri"),
            CallerNumber = CsvNumbers.NumberOf(_row.Text("caller")),
            CalleeNumber = CsvNumbers.NumberOf(_row.Text("callee")),
            Headers = HeadersOf(CsvColumns.Header),
            ImportedFrom = file,
        });
        var decidedId = AddFlow(stream, startedId);
        if (_method is { } method)
            AddHandoff(stream, decidedId, method);
        else if (_answeredAt is { } answeredAt)
            stream.AddAnswered("caller", startedId, null, answeredAt);
        var at = _endedAt ?? _answeredAt ?? started;
        return stream.End(at, Ended(at));
    }

    private Guid AddFlow(ImportedStream stream, Guid startedId) => _row.TextOrNull("flow") is not { } flow ? startedId : stream.Add(startedId, _startedAt!.Value, new FlowSelected
    {
        Flow = flow,
        State = _row.Named(CsvColumns.State).GroupBy(s => s.Name).ToDictionary(s => s.Key, s => ValueOf(s.Last().Value)),
        LogicVersion = _row.TextOrNull("logic_version") ?? LogicVersionName.None,
        DecisionMicroseconds = 0,
        DecidedBy = "import",
    });

    private void AddHandoff(ImportedStream stream, Guid decidedId, HandoffMethod method)
    {
        var step = StepOf(method);
        var at = _startedAt!.Value;
        var handoff = stream.NextHandoff();
        var requested = stream.Add(decidedId, at, new HandoffRequested
        {
            Node = stream.Node,
            HandoffId = handoff,
            Steps = [step],
            RequestedBy = Requester.Import,
        });
        bool isOwn = method is HandoffMethod.Bye or HandoffMethod.Redirect or HandoffMethod.Reject;
        if (_outcome is null && !isOwn)
        {
            if (_answeredAt is { } alone)
                stream.AddAnswered("caller", requested, handoff, alone);
            return;
        }
        var attempt = new Calls.AttemptEvents(stream, requested, handoff, 1, isFinal: true);
        var begun = attempt.Start(at, method, method == HandoffMethod.Redirect ? string.Join(", ", step.Contacts ?? []) : CsvNumbers.AddressOf(_row.Text("target")), step.OutboundEndpoint, step.OutboundCallerId, step.SipHeaders);
        if (_answeredAt is { } answeredAt)
            stream.AddAnswered("caller", begun, handoff, answeredAt);
        bool isAnswered = _outcome is { } known && TransferOutcomes.IsSuccess(known);
        attempt.End((isAnswered ? _answeredAt : null) ?? _endedAt ?? at, EvidenceOf(isOwn), null, null);
    }

    private Handoff StepOf(HandoffMethod method)
    {
        string target = CsvNumbers.AddressOf(_row.Text("target"));
        var step = new Handoff { Method = method, OutboundEndpoint = _row.TextOrNull("outbound_endpoint"), SipHeaders = HeadersOf(CsvColumns.HandoffHeader) };
        return method switch
        {
            HandoffMethod.Invite => step with { PhoneNumber = CsvNumbers.NumberOf(target) is { Length: > 0 } number && !target.Contains('@') ? number : target, OutboundCallerId = _row.TextOrNull("outbound_caller_id") },
            HandoffMethod.Refer => step with { ReferTo = target },
            HandoffMethod.Redirect => step with { Contacts = CsvNumbers.AddressesOf(_row.Text("target")) },
            HandoffMethod.Reject => step with { Status = _status is >= 400 ? _status : null, Reason = _row.TextOrNull("reason") },
            _ => step with { Reason = _row.TextOrNull("reason") },
        };
    }

    private SipEvidence EvidenceOf(bool isOwn) => new()
    {
        Source = "record",
        Status = _status,
        ReasonPhrase = _outcome is { } outcome
            ? $"{WireName.Of(outcome)}{(_row.TextOrNull("outcome") is { } said && said != WireName.Of(outcome) ? $": {said}" : "")}"
            : isOwn ? WireName.Of(TransferOutcome.Accepted) : null,
        Reason = isOwn ? null : _row.TextOrNull("reason"),
    };

    private CallEnded Ended(DateTimeOffset at)
    {
        var (by, cause) = (_row.Word<CallParty>("ended_by"), _row.Word<CallEndCause>("end_cause"));
        cause ??= _method switch
        {
            HandoffMethod.Bye => CallEndCause.GivenBack,
            HandoffMethod.Redirect => CallEndCause.Redirected,
            HandoffMethod.Reject => CallEndCause.Rejected,
            _ => _outcome == TransferOutcome.CallerHungUp && _answeredAt is null ? CallEndCause.Cancelled
                : by is not null && _answeredAt is not null ? CallEndCause.HungUp
                : CallEndCause.NotSeen,
        };
        return new CallEnded
        {
            EndedBy = by ?? (cause == CallEndCause.Cancelled ? CallParty.Caller : CallParty.System),
            Cause = cause.Value,
            Status = _answeredAt is null && cause is CallEndCause.Rejected or CallEndCause.Redirected ? _status : null,
            Reason = _row.TextOrNull("reason"),
            DurationMs = (long)(at - _startedAt!.Value).TotalMilliseconds,
            AnsweredMs = _answeredAt is { } answered ? (long)(at - answered).TotalMilliseconds : null,
        };
    }

    private SipHeader[] HeadersOf(string prefix) => [.. _row.Named(prefix).Select(header => new SipHeader(header.Name, Unfolded(header.Value)))];

    // A field of several lines is one line with a blank for each (RFC 3261 §7.3.1).
    private static string Unfolded(string value) => value.AsSpan().ContainsAny('\r', '\n') ? value.ReplaceLineEndings(" ") : value;

    private static JsonElement ValueOf(string text) => JsonSerializer.SerializeToElement(text, StateText.Default.String);
}
