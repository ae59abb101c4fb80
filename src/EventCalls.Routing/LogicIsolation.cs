namespace EventCalls.Routing;

/// <summary>Where routing logic runs.</summary>
public enum LogicIsolation
{
    /// <summary>On threads of this process: a decision costs the least, and logic that overflows the stack or uses up the memory ends the process, with every call of the node.</summary>
    InProcess,

    /// <summary>In processes of its own: what it does to one costs that decision and nothing else.</summary>
    Process,
}
