using EventCalls.Contracts;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Calls;

/// <summary>What a node does by itself when nobody decided in time.</summary>
internal static class DefaultSteps
{
    private static readonly Handoff[] s_reject = [new Handoff { Method = HandoffMethod.Reject, Status = 480 }];

    /// <summary>The configured steps; 480 when the default is a flow, which only a router can run.</summary>
    public static IReadOnlyList<Handoff> Of(TelephonyOptions options) => options.DefaultSteps.Count > 0 ? options.DefaultSteps : s_reject;
}
