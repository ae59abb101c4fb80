using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Deciding;

namespace EventCalls.Routing;

/// <summary>A call that is only thought of.</summary>
public sealed record TrialCall
{
    /// <summary>The caller's number.</summary>
    public required string Caller { get; init; }

    /// <summary>The dialled number.</summary>
    public required string Callee { get; init; }

    /// <summary>The header fields; From and To are added when they are not among them.</summary>
    public IReadOnlyList<SipHeader> Headers { get; init; } = [];

    /// <summary>What the check of every Identity header among them came to; null when they were not checked.</summary>
    public IdentityVerdict? Identity { get; init; }

    /// <summary>The trunk it comes in on.</summary>
    public string Trunk { get; init; } = "trial";

    /// <summary>The request URI; null for one made from <see cref="Callee"/>.</summary>
    public string? RequestUri { get; init; }

    /// <summary>When it comes, UTC; null for now.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The state it has already; with <see cref="LastOutcome"/>.</summary>
    public IReadOnlyDictionary<string, JsonElement>? State { get; init; }

    /// <summary>How a transfer before failed, to try <c>TransferFailed</c> instead of <c>Start</c>; null for a new call.</summary>
    public TransferOutcome? LastOutcome { get; init; }

    /// <summary>The final SIP status of that transfer.</summary>
    public int? LastStatus { get; init; }

    /// <summary>Where that transfer went to.</summary>
    public string? LastTarget { get; init; }

    /// <summary>The flow that transfer was made in.</summary>
    public string LastFlow { get; init; } = "start";

    /// <summary>The seed of the random numbers; null for one that is the same each time.</summary>
    public int? Seed { get; init; }

    internal DecisionRequest ToRequest(DateTimeOffset now)
    {
        var request = Request(now);
        return Seed is { } seed ? request with { Seed = seed } : request;
    }

    private DecisionRequest Request(DateTimeOffset now)
    {
        var at = (At ?? now).ToUniversalTime();
        // Not new ids each time: the same trial draws the same random numbers.
        var callId = EventIds.Derive(Guid.Empty, "trial call");
        var started = new EventStamp(EventIds.Derive(Guid.Empty, "trial"), callId, Guid.Empty, at).On(new CallStarted
        {
            Node = "trial",
            Trunk = Trunk,
            Transport = "udp",
            RemoteEndPoint = "127.0.0.1:5060",
            SipCallId = "trial@eventcalls.invalid",
            RequestUri = RequestUri ?? $"sip:{Callee}@eventcalls.invalid",
            CallerNumber = Caller,
            CalleeNumber = Callee,
            Identity = Identity is { } verdict ? [.. new SipHeaderFields(Headers, reads: null).All("Identity").Select(value => new IdentityCheck { Kind = Passport.Parse(value)?.Kind, Verdict = verdict })] : null,
            Headers = [.. Headers, .. Missing("From", $"<sip:{Caller}@eventcalls.invalid>;tag=trial"), .. Missing("To", $"<sip:{Callee}@eventcalls.invalid>")],
        });
        if (LastOutcome is not { } outcome)
            return DecisionRequest.For(started) with { State = State ?? DecisionRequest.NoState };
        var selected = new EventStamp(EventIds.Derive(started.EventId, "flow_selected"), callId, started.EventId, at).On(new FlowSelected
        {
            Flow = LastFlow,
            State = State ?? DecisionRequest.NoState,
            LogicVersion = LogicVersionName.None,
            DecisionMicroseconds = 0,
            DecidedBy = "trial",
        });
        var failed = new EventStamp(EventIds.Derive(started.EventId, "transfer_failed"), callId, selected.EventId, at).On(new TransferFailed
        {
            HandoffId = EventIds.Derive(started.EventId, "handoff"),
            Attempt = 1,
            Method = HandoffMethod.Invite,
            Outcome = outcome,
            Evidence = new SipEvidence { Source = LastStatus is null ? "local" : "response", Status = LastStatus },
            Final = true,
        });
        return DecisionRequest.For(started, selected, failed, LastTarget, callerAnswered: false);
    }

    private IEnumerable<SipHeader> Missing(string name, string value) =>
        new SipHeaderFields(Headers, reads: null).Contains(name) ? [] : [new SipHeader(name, value)];
}
