using System.CommandLine;
using EventCalls.Contracts;
using EventCalls.Routing;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Kit;

namespace EventCalls.Host.Commands.Logic;

/// <summary><c>eventcalls logic test DIR</c>: runs the cases of a logic folder.</summary>
internal static class LogicTestCommand
{
    public static Command Create(CommandContext context)
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of the routing logic; the cases are its cases/*.json." };
        var command = new Command("test", "Runs the cases of routing logic: calls, and what is expected to be decided of them.") { folder };
        var json = JsonOption.AddTo(command, "One JSON object: how many cases passed, and what came out otherwise.");
        command.SetAction((result, ct) => Task.FromResult(Run(context, result.GetValue(folder)!, result.GetValue(json), ct)));
        return command;
    }

    private static int Run(CommandContext context, string folder, bool asJson, CancellationToken ct)
    {
        var settings = context.LoadSettings();
        var options = new DecideOptions { Lookups = settings.Lookups, TimeLimit = settings.Router.TimeLimit, KnownEndpoints = settings.KnownEndpoints };
        var result = LogicCases.Run(Path.GetFullPath(folder, context.Folder), options, context.Time, ct);
        if (asJson)
            new JsonLines(context.Out).Write(new CasesObject(result), LogicJson.Default.CasesObject);
        else if (result.Check.Diagnostics.Count > 0)
            LogicCheckCommand.WriteRefusal(context, folder, result.Check);
        else if (result.Error is { } error)
            context.Error.WriteLine(PlainText.Of(error));
        else
            result.WriteTo(line => context.Out.WriteLine(PlainText.Of(line)));
        return result.Ok ? ExitCodes.Done : ExitCodes.NotSo;
    }
}
