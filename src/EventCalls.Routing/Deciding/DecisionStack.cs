namespace EventCalls.Routing.Deciding;

/// <summary>The stack that decisions are taken on: the same everywhere, since how deep a recursion may go is part of what is decided.</summary>
internal static class DecisionStack
{
    /// <summary>Its size.</summary>
    public const int Bytes = 1 << 20;
}
