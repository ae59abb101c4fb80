using EventCalls.Contracts;

namespace EventCalls.Telephony;

/// <summary>What a node does by itself when nobody decided in time.</summary>
internal static class DefaultSteps
{
    private static readonly Handoff[] s_reject = [new Handoff { Method = HandoffMethod.Reject, Status = 480 }];

    /// <summary>The configured steps; 480 when the default is a flow, which only a router can run.</summary>
    public static IReadOnlyList<Handoff> Of(TelephonyOptions options) => options.DefaultSteps.Count > 0 ? options.DefaultSteps : s_reject;

    /// <summary>The steps in a few words.</summary>
    public static string Describe(IReadOnlyList<Handoff> steps)
    {
        var texts = new string[steps.Count];
        for (int i = 0; i < texts.Length; i++)
            texts[i] = Describe(steps[i]);
        return string.Join(", else ", texts);
    }

    private static string Describe(Handoff step) => step.Method switch
    {
        HandoffMethod.Invite => step.OutboundEndpoint is null ? $"invite {step.PhoneNumber}" : $"invite {step.PhoneNumber} via {step.OutboundEndpoint}",
        HandoffMethod.Refer => $"refer {step.ReferTo}",
        HandoffMethod.Redirect => $"redirect {string.Join(", ", step.Contacts ?? [])}",
        HandoffMethod.Bye => "bye",
        _ => $"reject {step.Status ?? 480}",
    };
}
