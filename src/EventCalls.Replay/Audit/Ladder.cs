using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Replay.Audit;

/// <summary>Turns a call's events, in order, into the steps of its ladder.</summary>
/// <remarks>An arrow is drawn for a SIP message that the stream tells of, once, although several events may tell of it.</remarks>
public sealed class Ladder
{
    private readonly Dictionary<(Guid Handoff, int Attempt), HandoffMethod> _methods = [];
    private (Guid Handoff, int Attempt, string Source, int? Status) _lastReport;
    private bool _isAnswered;
    private bool _referWaits;
    private bool _isBridged;

    /// <summary>The step of the next event as it is stored; one that cannot be read says so.</summary>
    /// <param name="type">The stored name.</param>
    /// <param name="data">The event's JSON, UTF-8.</param>
    public LadderStep Next(string type, ReadOnlyMemory<byte> data)
    {
        try
        {
            return Next(CallEventCodec.Read(type, data.Span));
        }
        catch (NotSupportedException)
        {
            return new LadderStep { Words = [$"{PlainText.Of(type)}: another program's event, or a newer one"] };
        }
        catch (JsonException e)
        {
            return new LadderStep { Words = [$"{PlainText.Of(type)}: cannot be read", PlainText.Of(e.Message)], Tone = LadderTone.Bad };
        }
    }

    /// <summary>The step of the next event.</summary>
    public LadderStep Next(CallEvent e)
    {
        var step = new LadderStep { Words = EventWords.Of(e) };
        return e switch
        {
            CallStarted => step with { Caller = Right("INVITE") },
            CallAnswered answered => Answered(answered, step),
            RoutingFailed or RoutingTimedOut => step with { Tone = LadderTone.Bad },
            TransferStarted started => Started(started, step),
            TransferProgressed progressed => Progressed(progressed, step),
            TransferCompleted completed => Completed(completed, step) with { Tone = LadderTone.Good },
            TransferFailed failed => Failed(failed, step) with { Tone = LadderTone.Bad },
            ReferReceived refer => Referred(refer, step),
            DtmfReceived { Leg: "target" } dtmf => step with { Target = Left($"digit {PlainText.Of(dtmf.Digit)}") },
            DtmfReceived dtmf => step with { Caller = Right($"digit {PlainText.Of(dtmf.Digit)}") },
            RecordingFailed => step with { Tone = LadderTone.Bad },
            MediaStatistics { Mos: < 3.1 } => step with { Tone = LadderTone.Bad },
            CallEnded ended => Ended(ended, step),
            _ => step,
        };
    }

    private static LadderArrow Right(string label) => new(label, ToTheRight: true);

    private static LadderArrow Left(string label) => new(label, ToTheRight: false);

    private static LadderStep Referred(ReferReceived refer, LadderStep step)
    {
        string answer = EventWords.Status(refer.Status, null);
        step = refer.Status is >= 200 and < 300 ? step : step with { Tone = LadderTone.Bad };
        return refer.Leg == "caller"
            ? step with { Caller = Right("REFER"), CallerThen = Left(answer) }
            : step with { Target = Left("REFER"), Words = [step.Words[0], $"answered {answer}", .. step.Words.Skip(1)] };
    }

    private LadderStep Answered(CallAnswered answered, LadderStep step)
    {
        if (answered.Leg != "caller")
            return step with { Target = Left("200 OK") };
        _isAnswered = true;
        step = step with { Caller = Left("200 OK") };
        if (!_referWaits)
            return step;
        _referWaits = false;
        return step with { CallerThen = Left("REFER"), Words = [step.Words[0], "and asked to take the call over", .. step.Words.Skip(1)] };
    }

    private LadderStep Started(TransferStarted started, LadderStep step)
    {
        _methods[(started.HandoffId, started.Attempt)] = started.Method;
        return started.Method switch
        {
            HandoffMethod.Invite => step with { Target = Right("INVITE") },
            // A REFER needs an answered caller, and waits for the 200.
            HandoffMethod.Refer when !_isAnswered => Waiting(step),
            HandoffMethod.Refer => step with { Caller = Left("REFER") },
            // A BYE, a 302 or a refusal is the end of the call and is drawn there.
            _ => step,
        };
    }

    private LadderStep Waiting(LadderStep step)
    {
        _referWaits = true;
        return step;
    }

    private LadderStep Progressed(TransferProgressed progressed, LadderStep step)
    {
        _lastReport = (progressed.HandoffId, progressed.Attempt, progressed.Source, progressed.Status);
        var label = EventWords.Status(progressed.Status, StatusLineText.PhraseOf(progressed.AsReceived));
        if (progressed.Source == "notify")
            return step with { Caller = Right(progressed.Status is { } status ? $"NOTIFY {status}" : "NOTIFY") };
        return _methods.GetValueOrDefault((progressed.HandoffId, progressed.Attempt)) == HandoffMethod.Refer
            ? step with { Caller = Right(label) }
            : step with { Target = Left(label) };
    }

    private LadderStep Completed(TransferCompleted completed, LadderStep step)
    {
        // Its 200 was drawn when the target's leg was answered.
        _isBridged |= completed.Method == HandoffMethod.Invite;
        return completed.Method == HandoffMethod.Refer
            ? Reported(completed.HandoffId, completed.Attempt, completed.Method, completed.Evidence, step)
            : step;
    }

    private LadderStep Failed(TransferFailed failed, LadderStep step)
    {
        _referWaits = false;
        return Reported(failed.HandoffId, failed.Attempt, failed.Method, failed.Evidence, step);
    }

    private LadderStep Reported(Guid handoff, int attempt, HandoffMethod method, SipEvidence evidence, LadderStep step)
    {
        if (_lastReport == (handoff, attempt, evidence.Source, evidence.Status))
            return step;
        var label = EventWords.Status(evidence.Status, evidence.ReasonPhrase);
        return evidence.Source switch
        {
            "response" when method == HandoffMethod.Refer => step with { Caller = Right(label) },
            "response" => step with { Target = Left(label) },
            "notify" => step with { Caller = Right($"NOTIFY {evidence.Status}".TrimEnd()) },
            "request" when evidence.Here() == LocalEvidence.TargetGone => step with { Target = Left("BYE") },
            _ => step,
        };
    }

    private LadderStep Ended(CallEnded ended, LadderStep step)
    {
        step = step with { Tone = ended.Cause is CallEndCause.PeerSilent or CallEndCause.SessionExpired or CallEndCause.MediaTimeout or CallEndCause.NodeLost or CallEndCause.Error ? LadderTone.Bad : LadderTone.Plain };
        if (ended.Cause is CallEndCause.PeerSilent or CallEndCause.NodeLost or CallEndCause.NotSeen)
            return step;
        var toTarget = _isBridged ? Right("BYE") : null;
        return ended.EndedBy switch
        {
            CallParty.Caller => step with { Caller = Right(_isAnswered || ended.Cause != CallEndCause.Cancelled ? "BYE" : "CANCEL"), Target = toTarget },
            CallParty.Target => step with { Caller = Left("BYE"), Target = Left("BYE") },
            _ when ended.Status is { } status => step with { Caller = Left(EventWords.Status(status, null)), Target = toTarget },
            _ => step with { Caller = Left("BYE"), Target = toTarget },
        };
    }
}
