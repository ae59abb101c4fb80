using System.CommandLine;
using EventCalls.Host.Commands.Calls;
using EventCalls.Host.Commands.Calls.Explaining;
using EventCalls.Host.Commands.Calls.Forking;

namespace EventCalls.Host.Commands;

/// <summary><c>eventcalls calls</c>: audit from the shell.</summary>
internal static class CallsCommand
{
    public static Command Create(CommandContext context) => new("calls", "Calls, past and present, out of the event store.")
    {
        CallsListCommand.Create(context),
        CallsShowCommand.Create(context),
        CallsExplainCommand.Create(context),
        CallsForkCommand.Create(context),
        CallsToSippCommand.Create(context),
        CallsExportCommand.Create(context),
    };
}
