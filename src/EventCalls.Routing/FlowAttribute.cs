namespace EventCalls.Routing;

/// <summary>Marks a method of the logic, <c>Decision Name(Conversation conv)</c>, as a flow that <see cref="Conversation.GotoFlow"/> can go to.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FlowAttribute(string name) : Attribute
{
    /// <summary>The flow's name, as recorded.</summary>
    public string Name { get; } = name;
}
