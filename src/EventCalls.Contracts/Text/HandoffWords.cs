namespace EventCalls.Contracts;

/// <summary>Handoffs in a few words; steps of different calls and versions to the same place have the same words.</summary>
public static class HandoffWords
{
    /// <summary>What is taken by default when nobody decides about two who talk.</summary>
    public const string NoneTaken = "none: the two who talk go on";

    /// <summary><c>refer sip:support@example.com, else invite +1222 via pstn</c>; <c>nothing</c> without a step.</summary>
    public static string Of(IReadOnlyList<Handoff> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        return steps.Count == 0 ? "nothing" : string.Join(", else ", steps.Select(Of));
    }

    /// <summary><c>invite +1222 via pstn</c>, <c>refer sip:billing@pbx.example.com</c>, <c>reject 603</c> or <c>bye</c>.</summary>
    public static string Of(Handoff step)
    {
        ArgumentNullException.ThrowIfNull(step);
        string what = step.Method switch
        {
            HandoffMethod.Invite => $"invite {step.PhoneNumber}",
            HandoffMethod.Refer => $"refer {step.ReferTo}",
            HandoffMethod.Redirect => $"redirect {string.Join(", ", step.Contacts ?? [])}",
            HandoffMethod.Reject => $"reject {step.Status ?? 480}",
            _ => "bye",
        };
        return step.OutboundEndpoint is null || step.Method is HandoffMethod.Reject or HandoffMethod.Bye ? what : $"{what} via {step.OutboundEndpoint}";
    }
}
