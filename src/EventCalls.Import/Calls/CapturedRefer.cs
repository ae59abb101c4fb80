using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Import.Captures;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;

namespace EventCalls.Import.Calls;

/// <summary>A REFER within a dialog, and what was reported of it (RFC 3515).</summary>
internal sealed class CapturedRefer
{
    private const int MostProgress = 50;

    private readonly HashSet<uint> _reports = [];
    private uint _cseq;
    private SipEvidence? _lastReport;
    private bool _isAnswered;

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The tag of who sent it.</summary>
    public required string SenderTag { get; init; }

    /// <summary>To where.</summary>
    public required NetEndPoint Destination { get; init; }

    /// <summary>The URI referred to.</summary>
    public required string ReferTo { get; init; }

    /// <summary>The number of that.</summary>
    public string ReferredByNumber { get; init; } = "";

    /// <summary>The header fields somebody chose to send.</summary>
    public IReadOnlyList<SipHeader> CustomHeaders { get; init; } = [];

    /// <summary>The 2xx and the reports that were not final.</summary>
    public List<SeenProgress> Progress { get; } = [];

    /// <summary>Whether it was accepted.</summary>
    public bool IsAccepted { get; private set; }

    /// <summary>When the first ringing or answer was reported, UTC; null when it was not.</summary>
    public DateTimeOffset? RungAt { get; private set; }

    /// <summary>What decided it; null while nothing did.</summary>
    public SipEvidence? Outcome { get; private set; }

    /// <summary>When that was, UTC.</summary>
    public DateTimeOffset OutcomeAt { get; private set; }

    /// <summary>The last report that was not final; null when there was none.</summary>
    public SipEvidence? LastReport => _lastReport;

    /// <summary>The leg that came of it, when that was captured.</summary>
    public CapturedLeg? Leg { get; set; }

    /// <summary>Whether it succeeded, as far as it was seen.</summary>
    public bool HasSucceeded => Outcome is { } evidence && TransferOutcomes.IsSuccess(TransferOutcomes.Derive(HandoffMethod.Refer, evidence));

    /// <summary>Takes a REFER down; null when it does not say where to.</summary>
    public static CapturedRefer? Of(in CapturedMessage captured)
    {
        var refer = captured.Message;
        if (SeenHeaders.UriOf(refer.Header(HeaderId.ReferTo)) is not { } target)
            return null;
        string? by = refer.Has(HeaderId.ReferredBy) ? SeenHeaders.UriOf(refer.Header(HeaderId.ReferredBy)) : null;
        return new CapturedRefer
        {
            At = captured.Time,
            SenderTag = SipText.Get(refer.FromTag),
            Destination = captured.Destination,
            ReferTo = target,
            ReferredByNumber = by is null ? "" : Numbers.OfUri(System.Text.Encoding.UTF8.GetBytes(by)),
            CustomHeaders = SeenHeaders.CustomOf(refer),
            _cseq = refer.CSeqNumber,
        };
    }

    /// <summary>Whether the REFER is the same again: repeated, at another hop, or sent anew after a refusal.</summary>
    public bool IsSame(in CapturedMessage refer)
    {
        uint cseq = refer.Message.CSeqNumber;
        if (!refer.Message.FromTag.SequenceEqual(System.Text.Encoding.UTF8.GetBytes(SenderTag)))
            return false;
        if (cseq <= _cseq)
            return true;
        return Outcome is { Source: "response", Status: 401 or 407 or 491 or 500 or 503 } && SeenHeaders.UriOf(refer.Message.Header(HeaderId.ReferTo)) == ReferTo;
    }

    /// <summary>Takes the same REFER again.</summary>
    public void Retry(in CapturedMessage refer)
    {
        if (refer.Message.CSeqNumber <= _cseq)
            return;
        _cseq = refer.Message.CSeqNumber;
        if (Outcome is { Status: not (401 or 407) } refusal)
            Progress.Add(new SeenProgress(OutcomeAt, "response", refusal.Status, $"SIP/2.0 {refusal.Status} {refusal.ReasonPhrase}"));
        _isAnswered = false;
        Outcome = null;
    }

    /// <summary>Whether a response or report is about this REFER.</summary>
    public bool IsAbout(SipMessage message)
    {
        if (!message.IsRequest)
            return message.CSeqNumber == _cseq;
        int id = message.Header(HeaderId.Event).IndexOf("id="u8);
        if (id < 0)
            return true;
        var digits = message.Header(HeaderId.Event)[(id + 3)..];
        int end = digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return uint.TryParse(end < 0 ? digits : digits[..end], NumberStyles.None, CultureInfo.InvariantCulture, out uint cseq) && cseq == _cseq;
    }

    /// <summary>Takes a response to the REFER.</summary>
    public void Respond(in CapturedMessage captured)
    {
        var response = captured.Message;
        if (_isAnswered || response.StatusCode < 200)
            return;
        _isAnswered = true;
        if (response.StatusCode >= 300)
        {
            Decide(CapturedEvidence.OfResponse(response), captured.Time);
            return;
        }
        IsAccepted = true;
        Note(new SeenProgress(captured.Time, "response", response.StatusCode, SipText.Get(response.StartLine)));
        // No report will come (RFC 4488 §4).
        if (SipText.EqualsIgnoreCase(response.Header(HeaderId.ReferSub), "false"u8))
            Decide(CapturedEvidence.OfResponse(response), captured.Time);
    }

    /// <summary>Takes a NOTIFY about the REFER.</summary>
    public void Report(in CapturedMessage captured)
    {
        var notify = captured.Message;
        if (Outcome is not null || _reports.Count >= MostProgress || !_reports.Add(notify.CSeqNumber))
            return;
        IsAccepted = true;
        var report = CapturedEvidence.OfNotify(notify);
        int? status = report.Status;
        if (status is >= 180 and < 300)
            RungAt ??= captured.Time;
        if (status is null && _lastReport?.Status is { } before)
            report = report with { Status = before };
        bool isOver = report.SubscriptionState?.StartsWith("terminated", StringComparison.OrdinalIgnoreCase) == true;
        if (status >= 200 || isOver)
            Decide(report, captured.Time);
        else
            Note(new SeenProgress(captured.Time, "notify", status, ReceivedFacts.BodyText(notify)));
        _lastReport = report;
    }

    private void Note(SeenProgress progress)
    {
        if (Progress.Count < MostProgress)
            Progress.Add(progress);
    }

    private void Decide(SipEvidence evidence, DateTimeOffset at)
    {
        Outcome ??= evidence;
        OutcomeAt = at;
    }
}
