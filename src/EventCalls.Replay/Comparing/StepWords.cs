using EventCalls.Contracts;

namespace EventCalls.Replay.Comparing;

/// <summary>A handoff's steps as text, with everything in which two of them can differ.</summary>
internal static class StepWords
{
    /// <summary>The steps from one on; null when there is none.</summary>
    public static string? Of(IReadOnlyList<Handoff> steps, int from) =>
        steps.Count <= from ? null : string.Join(", else ", steps.Skip(from).Select(Of));

    /// <summary>Where the step goes to; null where it goes nowhere.</summary>
    public static string? Target(Handoff step) => step.Method switch
    {
        HandoffMethod.Invite => step.PhoneNumber,
        HandoffMethod.Refer => step.ReferTo,
        HandoffMethod.Redirect => string.Join(", ", step.Contacts ?? []),
        _ => null,
    };

    /// <summary>The number a REFER is made for; null for every other method.</summary>
    public static string? ReferredBy(Handoff step) => step.Method == HandoffMethod.Refer ? step.PhoneNumber : null;

    private static string Of(Handoff step)
    {
        var details = new List<string>();
        if (ReferredBy(step) is { } number)
            details.Add($"referred_by {number}");
        // What HandoffWords says already is not said again.
        foreach (var field in HandoffFields.All.Where(f => !f.IsTarget && f.Name is not ("outbound_endpoint" or "status")))
        {
            if (field.TextOf(step) is { } value)
                details.Add(field.Kind == HandoffValue.Headers ? value : $"{field.ComparedAs} {value}");
        }
        string target = HandoffWords.Of(step);
        return details.Count == 0 ? target : $"{target} ({string.Join(", ", details)})";
    }
}
