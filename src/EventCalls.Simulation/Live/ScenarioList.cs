using EventCalls.Contracts;
using static EventCalls.Contracts.HandoffMethod;
using static EventCalls.Contracts.TransferOutcome;

namespace EventCalls.Simulation.Live;

/// <summary>The kinds of call that the demo plays against the sample logic in <c>routing/</c>, the most telling first.</summary>
public static class ScenarioList
{
    public static readonly IReadOnlyList<Scenario> All =
    [
        new()
        {
            Name = "support answers",
            Callee = "+12125550100",
            Expected = Bridged("support"),
        },
        new()
        {
            Name = "a platinum customer goes to the VIP desk, which hangs up first",
            Callee = "+12125550100",
            Headers = [new("X-Customer-Tier", "platinum"), new("X-Customer-ID", "C-1007")],
            Script = new() { HangsUp = false },
            Expected = Bridged("vip_support") with { EndedBy = CallParty.Target },
        },
        new()
        {
            Name = "the SBC takes the call over by REFER",
            Callee = "+12125550120",
            Script = new() { Refer = ReferReaction.TakesOver },
            Expected = Referred("billing", Answered, CallEndCause.Transferred),
        },
        new()
        {
            Name = "REFER is refused, so the call is bridged",
            Callee = "+12125550130",
            Script = new() { Refer = ReferReaction.Refuses },
            Expected = Bridged("claims") with { Attempts = [(Refer, NotAllowed), (Invite, Answered)] },
        },
        new()
        {
            Name = "nobody answers at the first desk, the second one does",
            Callee = "+12125550140",
            Expected = Bridged("roadside") with { Attempts = [(Invite, NoAnswer), (Invite, Answered)] },
        },
        new()
        {
            Name = "the account manager is busy, so voicemail takes it",
            Callee = "+12125550110",
            Headers = [new("X-Customer-ID", "C-2002")],
            Script = new() { HangsUp = false },
            Expected = Bridged("voicemail") with { Attempts = [(Invite, Busy), (Invite, Answered)], EndedBy = CallParty.Target },
        },
        new()
        {
            Name = "the SBC accepts REFER and reports nothing, so the call is given back",
            Callee = "+12125550121",
            Script = new() { Refer = ReferReaction.KeepsSilent },
            Expected = Referred("collections", NoNotify, CallEndCause.GivenBack) with
            {
                Attempts = [(Refer, NoNotify), (Bye, Accepted)],
                EndedBy = CallParty.System,
            },
        },
        new()
        {
            Name = "the branch has moved, the carrier is redirected",
            Callee = "+12125550150",
            Expected = Refused("moved", Redirect, CallEndCause.Redirected, 302),
        },
        new()
        {
            Name = "a blocked caller is refused",
            Callee = "+12125550100",
            Caller = "+19005550166",
            Expected = Refused("blocked", Reject, CallEndCause.Rejected, 603),
        },
        new()
        {
            Name = "the caller gives up waiting in the queue",
            Callee = "+12125550101",
            Script = new() { CancelsAfterMs = 600 },
            Expected = Bridged("queue") with
            {
                Attempts = [(Invite, CallerHungUp)],
                Outcome = CallerHungUp,
                EndCause = CallEndCause.Cancelled,
                Status = 487,
            },
        },
        new()
        {
            Name = "the account manager declines, sales takes it",
            Callee = "+12125550110",
            Headers = [new("X-Customer-ID", "C-2001")],
            Expected = Bridged("sales") with { Attempts = [(Invite, Declined), (Invite, Answered)] },
        },
        new()
        {
            Name = "the SBC reports that the target of the REFER is busy, so voicemail takes it",
            Callee = "+12125550120",
            Script = new() { Refer = ReferReaction.ReportsBusy, HangsUp = false },
            Expected = Bridged("voicemail") with { Attempts = [(Refer, Busy), (Invite, Answered)], EndedBy = CallParty.Target },
        },
        new()
        {
            Name = "the old office's number does not exist",
            Callee = "+12125550151",
            Expected = Failed("old_office", NotFound, 404),
        },
        new()
        {
            Name = "the night desk cannot be reached",
            Callee = "+12125550160",
            Expected = Failed("night_desk", Unreachable, 502),
        },
        new()
        {
            Name = "the SBC accepts REFER and hangs up without a final report",
            Callee = "+12125550120",
            Script = new() { Refer = ReferReaction.HangsUp },
            Expected = Referred("billing", NoNotify, CallEndCause.HungUp),
        },
        new()
        {
            Name = "a number that is not served is given back to the carrier",
            Callee = "+12125550170",
            Expected = Refused("returned", Bye, CallEndCause.GivenBack, null),
        },
        new()
        {
            Name = "a caller without number reaches sales",
            Callee = "+12125550111",
            IsWithheld = true,
            Expected = Bridged("sales"),
        },
        new()
        {
            Name = "the SBC takes the call over by REFER and leaves hanging up to us",
            Callee = "+12125550120",
            Script = new() { Refer = ReferReaction.TakesOverAndStays },
            Expected = Referred("billing", Answered, CallEndCause.Transferred) with { EndedBy = CallParty.System },
        },
    ];

    private static Expectation Bridged(string flow) => new()
    {
        Flow = flow,
        Attempts = [(Invite, Answered)],
        Handoff = Invite,
        Outcome = Answered,
        EndedBy = CallParty.Caller,
        EndCause = CallEndCause.HungUp,
    };

    private static Expectation Referred(string flow, TransferOutcome outcome, CallEndCause cause) => new()
    {
        Flow = flow,
        Attempts = [(Refer, outcome)],
        Handoff = Refer,
        Outcome = outcome,
        EndedBy = CallParty.Caller,
        EndCause = cause,
    };

    private static Expectation Refused(string flow, HandoffMethod method, CallEndCause cause, int? status) => new()
    {
        Flow = flow,
        Attempts = [(method, Accepted)],
        Handoff = method,
        Outcome = Accepted,
        EndedBy = CallParty.System,
        EndCause = cause,
        Status = status,
    };

    private static Expectation Failed(string flow, TransferOutcome outcome, int status) => new()
    {
        Flow = flow,
        Attempts = [(Invite, outcome), (Reject, Accepted)],
        Handoff = Invite,
        Outcome = outcome,
        EndedBy = CallParty.System,
        EndCause = CallEndCause.Rejected,
        Status = status,
    };
}
