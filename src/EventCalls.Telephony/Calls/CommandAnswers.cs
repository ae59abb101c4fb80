using EventCalls.Contracts;

namespace EventCalls.Telephony.Calls;

/// <summary>What a command is answered that is not taken.</summary>
internal static class CommandAnswers
{
    /// <summary>It is not taken.</summary>
    public static CommandAnswer Refuse(CallCommand command, CommandResult why, string problem) =>
        new() { CommandId = command.CommandId, Result = why, Problem = problem };

    /// <summary>There is no such call here.</summary>
    public static CommandAnswer Unknown(CallCommand command) =>
        Refuse(command, CommandResult.UnknownCall, $"the node {command.Node} has no call {command.CallId}; it is over, or the node was started anew");

    /// <summary>The call is ending or over.</summary>
    public static CommandAnswer Over(CallCommand command) => Refuse(command, CommandResult.CallOver, "the call is ending or over");
}
