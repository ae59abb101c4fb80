using System.CommandLine;
using EventCalls.Host.Commands.Logic;

namespace EventCalls.Host.Commands;

/// <summary><c>eventcalls logic</c>: routing logic before it goes live, and what went live.</summary>
internal static class LogicCommand
{
    public static Command Create(CommandContext context) => new("logic", "Routing logic, before it goes live, and what went live.")
    {
        LogicCheckCommand.Create(context),
        LogicTryCommand.Create(context),
        LogicNewCommand.Create(context),
        LogicTestCommand.Create(context),
        LogicActivationsCommand.Create(context),
        LogicCanaryCommand.Create(context),
        LogicShadowCommand.Create(context),
        LogicNightlyCommand.Create(context),
    };
}
