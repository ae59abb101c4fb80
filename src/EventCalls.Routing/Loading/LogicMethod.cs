namespace EventCalls.Routing.Loading;

/// <summary>A method of compiled logic that decides.</summary>
internal sealed record LogicMethod(string Name, string File, int Line, Func<RoutingLogic, Conversation, Decision?> Invoke)
{
    public string NameAndPlace { get; } = Line > 0 ? $"{Name} ({File}:{Line})" : Name;
}
