using EventCalls.Contracts;

namespace EventCalls.Replay;

/// <summary>Names where a step of a handoff goes, so that steps of different calls and versions to the same place have the same name.</summary>
public static class TransferTarget
{
    /// <summary>For example <c>invite +12222222 via pstn</c>, <c>refer sip:billing@pbx.example.com</c>, <c>reject 603</c> or <c>bye</c>.</summary>
    public static string Of(Handoff step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step.Method switch
        {
            HandoffMethod.Invite => $"invite {Via(step.PhoneNumber, step)}",
            HandoffMethod.Refer => $"refer {Via(step.ReferTo, step)}",
            HandoffMethod.Redirect => $"redirect {Via(string.Join(", ", step.Contacts ?? []), step)}",
            HandoffMethod.Reject => $"reject {step.Status}",
            _ => "bye",
        };
    }

    private static string Via(string? target, Handoff step) => step.OutboundEndpoint is { } endpoint ? $"{target} via {endpoint}" : target ?? "";
}
