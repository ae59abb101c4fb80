using System.CommandLine;
using EventCalls.Contracts;
using EventCalls.Routing;
using EventCalls.Routing.Deciding;
using EventCalls.Terminal;

namespace EventCalls.Host.Commands.Logic;

/// <summary><c>eventcalls logic try DIR</c>: decides one call that is only thought of.</summary>
internal static class LogicTryCommand
{
    public static Command Create(CommandContext context)
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of the routing logic." };
        var command = new Command("try", "Decides one call given as numbers and headers; nothing is sent or recorded.") { folder };
        var options = new TrialOptions(command);
        var json = JsonOption.AddTo(command, "One JSON object: the decision and how it came about.");
        command.SetAction((result, ct) => RunAsync(context, result.GetValue(folder)!, options.Call(result), result.GetValue(json), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string folder, TrialCall call, bool asJson, CancellationToken ct)
    {
        var settings = context.LoadSettings();
        var options = new DecideOptions
        {
            Lookups = settings.Lookups,
            TimeLimit = settings.Router.TimeLimit,
            // Logic can be tried where no trunk is configured, such as on the machine it is written on.
            KnownEndpoints = settings.KnownEndpoints,
        };
        var path = Path.GetFullPath(folder, context.Folder);
        var trial = await LogicTrial.DecideAsync(path, call, options, context.Time, ct, settings.Router.Sources).ConfigureAwait(false);
        if (asJson)
            new JsonLines(context.Out).Write(new TrialObject(trial), LogicJson.Default.TrialObject);
        else if (trial.Decision is { } decision)
            TrialView.Write(context.Out, context.Error, decision, trial.DecisionJson);
        else
            LogicCheckCommand.WriteRefusal(context, folder, trial.Check);
        return trial.Decision is { Failure: null } ? ExitCodes.Done : ExitCodes.NotSo;
    }
}
