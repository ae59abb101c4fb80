namespace EventCalls.Routing.Deciders;

/// <summary>Which build this is: a parent whose program was replaced on the disk must not talk to one of the next.</summary>
internal static class DeciderBuild
{
    public static Guid Id { get; } = typeof(DeciderBuild).Module.ModuleVersionId;
}
