using EventCalls.Contracts;
using EventCalls.Replay.Calls;

namespace EventCalls.Replay.Gate;

/// <summary>A target as people name it: a number, a URI or its user part, or as <see cref="HandoffWords.Of(Handoff)"/> names it.</summary>
internal static class TargetName
{
    public static bool IsMeant(string name, Handoff step) =>
        name == HandoffWords.Of(step)
        || Is(name, step.PhoneNumber, step.Method == HandoffMethod.Invite)
        || Is(name, step.ReferTo, true)
        || step.Contacts?.Any(contact => Is(name, contact, true)) == true;

    public static bool IsMeant(string name, Decided? decision) => decision?.Steps.Any(step => IsMeant(name, step)) == true;

    private static bool Is(string name, string? target, bool isTarget) =>
        isTarget && target is not null && (name == target || name == UserOf(target));

    /// <summary>The user part of a URI; a number as it is.</summary>
    public static string UserOf(string target)
    {
        int colon = target.IndexOf(':');
        int at = target.IndexOf('@');
        return colon >= 0 && at > colon ? target[(colon + 1)..at].Split(';')[0] : target;
    }
}
