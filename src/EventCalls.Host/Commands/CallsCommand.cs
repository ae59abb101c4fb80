using System.CommandLine;
using EventCalls.Host.Commands.Calls;
using EventCalls.Host.Commands.Calls.Explaining;
using EventCalls.Host.Commands.Calls.Forking;
using EventCalls.Store.Keeping;

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
        CallsKeepCommand.Create(context, KeepingAction.Archive, "Takes ended calls out of lists, searches and replays; --archived still finds them."),
        CallsKeepCommand.Create(context, KeepingAction.Mask, "Takes who called, and what was said about them, out of ended calls."),
        CallsKeepCommand.Create(context, KeepingAction.Erase, "Deletes ended calls with all their events, for ever; what was counted of them stays counted."),
    };
}
