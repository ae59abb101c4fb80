using EventCalls.Contracts;

namespace EventCalls.Replay.Reports.Outcomes;

/// <summary>Compares steps of handoffs by where they go alone, as <see cref="HandoffWords.Of(Handoff)"/> does, without making a name of each.</summary>
internal sealed class SameTarget : IEqualityComparer<Handoff>
{
    public static readonly SameTarget Comparer = new();

    /// <summary>The step without anything that is not its target, to be kept.</summary>
    public static Handoff Only(Handoff step) => new()
    {
        Method = step.Method,
        PhoneNumber = step.Method == HandoffMethod.Invite ? step.PhoneNumber : null,
        ReferTo = step.Method == HandoffMethod.Refer ? step.ReferTo : null,
        Contacts = step.Method == HandoffMethod.Redirect ? step.Contacts : null,
        OutboundEndpoint = HasPlace(step) ? step.OutboundEndpoint : null,
        Status = step.Method == HandoffMethod.Reject ? step.Status : null,
    };

    /// <inheritdoc />
    public bool Equals(Handoff? x, Handoff? y)
    {
        if (ReferenceEquals(x, y))
            return true;
        if (x is null || y is null || x.Method != y.Method)
            return false;
        return x.Method switch
        {
            HandoffMethod.Invite => x.PhoneNumber == y.PhoneNumber && x.OutboundEndpoint == y.OutboundEndpoint,
            HandoffMethod.Refer => x.ReferTo == y.ReferTo && x.OutboundEndpoint == y.OutboundEndpoint,
            HandoffMethod.Redirect => x.OutboundEndpoint == y.OutboundEndpoint && Contacts(x).SequenceEqual(Contacts(y), StringComparer.Ordinal),
            HandoffMethod.Reject => x.Status == y.Status,
            _ => true,
        };
    }

    /// <inheritdoc />
    public int GetHashCode(Handoff step)
    {
        int place = step.Method switch
        {
            HandoffMethod.Invite => HashCode.Combine(step.PhoneNumber, step.OutboundEndpoint),
            HandoffMethod.Refer => HashCode.Combine(step.ReferTo, step.OutboundEndpoint),
            HandoffMethod.Redirect => HashCode.Combine(Contacts(step).Count, Contacts(step).Count > 0 ? Contacts(step)[0] : "", step.OutboundEndpoint),
            HandoffMethod.Reject => step.Status ?? 0,
            _ => 0,
        };
        return HashCode.Combine(step.Method, place);
    }

    private static bool HasPlace(Handoff step) => step.Method is HandoffMethod.Invite or HandoffMethod.Refer or HandoffMethod.Redirect;

    private static IReadOnlyList<string> Contacts(Handoff step) => step.Contacts ?? [];
}
