using EventCalls.Contracts;

namespace EventCalls.Import.Calls;

/// <summary>Writes the events of one attempt to transfer an imported call.</summary>
internal sealed class AttemptEvents(ImportedStream stream, Guid requestedId, Guid handoff, int attempt, bool isFinal)
{
    private Guid _startedId;
    private HandoffMethod _method;

    /// <summary>It begins; the event's id.</summary>
    public Guid Start(DateTimeOffset at, HandoffMethod method, string target, string? endpoint, string? callerId, IReadOnlyList<SipHeader> headers)
    {
        _method = method;
        return _startedId = stream.Add(requestedId, at, new TransferStarted
        {
            HandoffId = handoff,
            Attempt = attempt,
            Method = method,
            Target = target,
            Trunk = endpoint,
            CallerId = callerId,
            HeadersSent = headers,
        });
    }

    /// <summary>How far it came on the way.</summary>
    public void Progress(IReadOnlyList<SeenProgress> progress)
    {
        foreach (var seen in progress)
        {
            stream.Add(_startedId, seen.At, new TransferProgressed
            {
                HandoffId = handoff,
                Attempt = attempt,
                Source = seen.Source,
                Status = seen.Status,
                AsReceived = seen.AsReceived,
            });
        }
    }

    /// <summary>The target answered.</summary>
    public void Answered(DateTimeOffset at) => stream.AddAnswered("target", _startedId, handoff, at);

    /// <summary>What came of it.</summary>
    public void End(DateTimeOffset at, SipEvidence evidence, TimeSpan? postDialDelay, string? answeredBy)
    {
        var outcome = TransferOutcomes.Derive(_method, evidence);
        long? delay = postDialDelay is { } given ? Math.Max(0, (long)given.TotalMilliseconds) : null;
        if (TransferOutcomes.IsSuccess(outcome))
        {
            stream.Add(_startedId, at, new TransferCompleted
            {
                HandoffId = handoff,
                Attempt = attempt,
                Method = _method,
                Outcome = outcome,
                Evidence = evidence,
                PostDialDelayMs = delay,
                AnsweredBy = answeredBy,
            });
            return;
        }
        stream.Add(_startedId, at, new TransferFailed
        {
            HandoffId = handoff,
            Attempt = attempt,
            Method = _method,
            Outcome = outcome,
            Evidence = evidence,
            PostDialDelayMs = delay,
            Final = isFinal,
        });
    }
}
