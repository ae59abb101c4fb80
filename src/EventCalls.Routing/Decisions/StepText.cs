using EventCalls.Contracts;

namespace EventCalls.Routing.Decisions;

/// <summary>Handoffs in a few words, for people.</summary>
public static class StepText
{
    /// <summary><c>refer sip:support@example.com, else invite +1222 via pstn</c>.</summary>
    public static string Of(IReadOnlyList<Contracts.Handoff> steps) => string.Join(", else ", steps.Select(Of));

    /// <summary><c>invite +1222 via pstn</c>.</summary>
    public static string Of(Contracts.Handoff step)
    {
        ArgumentNullException.ThrowIfNull(step);
        string what = step.Method switch
        {
            HandoffMethod.Invite => $"invite {step.PhoneNumber}",
            HandoffMethod.Refer => $"refer {step.ReferTo}",
            HandoffMethod.Redirect => $"redirect {string.Join(", ", step.Contacts ?? [])}",
            HandoffMethod.Reject => $"reject {step.Status}",
            _ => "bye",
        };
        return step.OutboundEndpoint is null ? what : $"{what} via {step.OutboundEndpoint}";
    }
}
