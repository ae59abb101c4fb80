using EventCalls.Contracts;
using EventCalls.Telephony.Calls;

namespace EventCalls.Telephony.Transfers;

/// <summary>Which attempt carries out which method of a handoff.</summary>
internal static class TransferMethods
{
    /// <summary>Makes the attempt for the run's present step.</summary>
    public static TransferAttempt Of(Call call, HandoffRun run) => run.Step.Method switch
    {
        HandoffMethod.Invite when run.Arrival is { } arrival => new ReplacingTransfer(call, run, arrival),
        HandoffMethod.Invite when JoinTransfer.ReplacedBy(call, run.Step) is { } replaced => new JoinTransfer(call, run, replaced),
        HandoffMethod.Invite => new InviteTransfer(call, run),
        HandoffMethod.Refer => new ReferTransfer(call, run),
        HandoffMethod.Bye => new ByeTransfer(call, run),
        HandoffMethod.Redirect => new RedirectTransfer(call, run),
        _ => new RejectTransfer(call, run),
    };
}
