using EventCalls.Contracts;
using EventCalls.Routing.Deciding;

namespace EventCalls.Routing.Tests;

public class LastTransferTests
{
    [Fact]
    public void What_a_decision_read_of_the_failed_transfer_and_the_flow_is_told_when_asked_for()
    {
        var logic = Logics.Load(
            """
            using EventCalls.Routing;
            public sealed class Retries : RoutingLogic
            {
                public override Decision Start(Conversation conv) => Handoff.Bye();
                public override Decision TransferFailed(Conversation conv) =>
                    conv.Flow == "vip_support" && conv.LastTransfer!.Outcome == TransferOutcome.Busy && conv.LastTransfer.Status == 486 && conv.LastTransfer.Reason is null
                        ? Handoff.Bye(conv.LastTransfer.Target) : Handoff.Reject(480);
            }
            """);
        var started = Calls.Started();
        var failed = new TransferFailed
        {
            EventId = Guid.CreateVersion7(),
            CallId = started.CallId,
            CausationId = started.EventId,
            OccurredAt = Calls.Noon,
            HandoffId = Guid.CreateVersion7(),
            Attempt = 1,
            Method = HandoffMethod.Invite,
            Outcome = TransferOutcome.Busy,
            Evidence = new SipEvidence { Source = "response", Status = 486, ReasonPhrase = "Busy Here" },
            Final = true,
        };

        var result = Decider.Decide(logic, DecisionRequest.For(started, Calls.Selected(started), failed, "sip:1@192.0.2.1", true), new DecideOptions { Trace = true });

        Assert.Equal(
            [new("flow", "vip_support"), new("last_transfer.outcome", "busy"), new("last_transfer.status", "486"), new("last_transfer.reason", null), new("last_transfer.target", "sip:1@192.0.2.1")],
            result.Reads!);
    }
}
