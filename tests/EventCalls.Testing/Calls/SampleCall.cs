using EventCalls.Contracts;

namespace EventCalls.Testing.Calls;

/// <summary>Builds the stream of one call, event by event, each caused by the one before it; times and ids are always the same.</summary>
public sealed class SampleCall
{
    private readonly List<CallEvent> _events = [];
    private readonly int _number;
    private DateTimeOffset _now;
    private Guid _handoff;

    /// <param name="number">Distinguishes the calls of a test, 1 to 255; also their order in time, a minute apart.</param>
    /// <param name="caller">The caller's number.</param>
    /// <param name="callee">The dialled number.</param>
    /// <param name="trunk">The trunk it comes in on.</param>
    public SampleCall(int number = 1, string caller = "+15551234567", string callee = "+15557654321", string trunk = "carrier")
    {
        _number = number;
        _now = new DateTimeOffset(2026, 11, 22, 13, 48, 44, 123, TimeSpan.Zero).AddMinutes(number - 1);
        Id = new Guid(0x0199c3d2, 0x7a1b, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, (byte)number);
        _events.Add(Draft.Started(NextId(), Id, _now, caller, callee, trunk) with { SipCallId = SipCallId });
    }

    /// <summary>The call's id.</summary>
    public Guid Id { get; }

    /// <summary>Its SIP Call-ID.</summary>
    public string SipCallId => $"a84b4c76e66710-{_number}@192.0.2.1";

    /// <summary>What happened until now.</summary>
    public IReadOnlyList<CallEvent> Events => _events;

    /// <summary>The first event.</summary>
    public CallStarted Started => (CallStarted)_events[0];

    /// <summary>The last event.</summary>
    public CallEvent Last => _events[^1];

    /// <summary>Lets time go by, milliseconds.</summary>
    public SampleCall After(int milliseconds)
    {
        _now = _now.AddMilliseconds(milliseconds);
        return this;
    }

    /// <summary>Anything happens.</summary>
    /// <param name="draft">What; its ids and time are set here.</param>
    /// <param name="cause">What caused it; the event before when it is not given.</param>
    public SampleCall Then(CallEvent draft, CallEvent? cause = null)
    {
        _events.Add(draft.After(cause ?? Last, NextId()) with { OccurredAt = _now });
        return this;
    }

    /// <summary>Logic decides: a flow and a handoff.</summary>
    public SampleCall Decided(string flow, params Handoff[] steps) => After(4).Then(Draft.Selected(flow) with
    {
        DecisionMicroseconds = 412,
        DecidedBy = "SupportLine.VipSupport (SupportLine.cs:16)",
        Inputs = new DecisionInputs { Now = _now, Seed = 7, Lookups = [new LookupAnswer("branches", "+15557654321", "North Branch")] },
    }).HandedOff(Requester.Router, steps);

    /// <summary>A handoff is asked for.</summary>
    public SampleCall HandedOff(Requester by, params Handoff[] steps) => Then(Draft.Requested(_handoff = EventIds.Derive(Last.EventId, "handoff"), by, steps));

    /// <summary>Logic fails, and the default is taken.</summary>
    public SampleCall RoutingFails() => After(3).Then(Draft.RoutingFailed(RoutingFailureCause.LogicThrew, "NullReferenceException in SupportLine.cs:12"));

    /// <summary>The default stands in for a decision.</summary>
    public SampleCall DefaultTaken() => Then(Draft.Selected("default") with { State = new Dictionary<string, System.Text.Json.JsonElement>(), DecisionMicroseconds = 0, DecidedBy = "default" });

    /// <summary>An attempt begins.</summary>
    public SampleCall Attempt(int attempt, HandoffMethod method, string target, string? trunk = null, params SipHeader[] headers) =>
        After(2).Then(Draft.Attempt(_handoff, attempt, method, target) with { Trunk = trunk, HeadersSent = headers });

    /// <summary>A provisional response or a report arrives.</summary>
    public SampleCall Progress(int attempt, string source, int status, string asReceived) => Then(Draft.Progressed(_handoff, attempt, source, status, asReceived));

    /// <summary>A leg is answered.</summary>
    public SampleCall Answered(string leg) => Then(Draft.Answered(leg, _handoff));

    /// <summary>The attempt succeeds.</summary>
    public SampleCall Completed(int attempt, HandoffMethod method, SipEvidence evidence, string? by = null, long? delay = null) =>
        Then(Draft.Completed(_handoff, attempt, method, evidence) with { AnsweredBy = by, PostDialDelayMs = delay });

    /// <summary>The attempt fails.</summary>
    public SampleCall Failed(int attempt, HandoffMethod method, SipEvidence evidence, bool final = true) => Then(Draft.Failed(_handoff, attempt, method, evidence, final));

    /// <summary>The call ends.</summary>
    public SampleCall Ended(CallParty by, CallEndCause cause, int? status = null, string? reason = null)
    {
        var answered = _events.OfType<CallAnswered>().FirstOrDefault(a => a.Leg == "caller")?.OccurredAt;
        return Then(Draft.Ended(by, cause, Since(Started.OccurredAt), answered is { } at ? Since(at) : null) with { Status = status, Reason = reason });
    }

    private long Since(DateTimeOffset at) => (long)(_now - at).TotalMilliseconds;

    private Guid NextId() => new(0x0199c3d2, 0x7a1b, 0x7000, 0x90, 0, 0, 0, 0, 0, (byte)_number, (byte)(_events.Count + 1));
}
