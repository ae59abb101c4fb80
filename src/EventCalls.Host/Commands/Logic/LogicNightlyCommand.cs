using System.CommandLine;
using EventCalls.Contracts;
using EventCalls.Host.Commands.Replay;
using EventCalls.Replay.Nightly;
using EventCalls.Store.Steering;

namespace EventCalls.Host.Commands.Logic;

/// <summary><c>eventcalls logic nightly</c>: the calls of the day before, decided again by the versions that had decided them.</summary>
internal static class LogicNightlyCommand
{
    private const int Shown = 30;

    public static Command Create(CommandContext context)
    {
        var now = new Option<bool>("--now") { Description = "Does it now, as 'eventcalls replay --self', and keeps nothing; exit code 1 when a call comes out otherwise." };
        var command = new Command("nightly", "Lists what came of deciding each day's calls again by the versions that had decided them (Replay:Nightly), the newest first.") { now };
        var json = JsonOption.AddTo(command, "One JSON object a line for each.");
        command.SetAction((result, ct) => result.GetValue(now)
            ? ReplayCommand.StoppableAsync(context, stop => SelfReplayFromShell.RunAsync(context, new SelfReplayRequest(Json: result.GetValue(json) ? "-" : null), stop), ct)
            : ListAsync(context, result.GetValue(json), ct));
        return command;
    }

    private static async Task<int> ListAsync(CommandContext context, bool asJson, CancellationToken ct)
    {
        await using var store = ConfiguredStore.Open(context);
        var kept = await ((ILogicSteering)store).ListProofsAsync(ProofKind.Nightly, Shown, ct).ConfigureAwait(false);
        var lines = new JsonLines(context.Out);
        foreach (var result in kept.Select(NightlyResult.Read))
        {
            if (asJson)
                lines.Write(result, HostJson.Default.NightlyResult);
            else
                context.Out.WriteLine(PlainText.Of(result.ToString()));
        }
        if (kept.Count == 0)
            context.Error.WriteLine($"There is none in {store.Description}; Replay:Nightly says when it is done, and --now does it now.");
        return ExitCodes.Done;
    }
}
