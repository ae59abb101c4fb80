using System.CommandLine;
using EventCalls.Contracts;
using EventCalls.Replay.Nightly;
using EventCalls.Routing.Deciders;
using EventCalls.Store.Steering;

namespace EventCalls.Host.Commands.Logic;

/// <summary><c>eventcalls logic nightly</c>: the calls of the day before, decided again by the versions that had decided them.</summary>
internal static class LogicNightlyCommand
{
    private const int Shown = 30;

    public static Command Create(CommandContext context)
    {
        var now = new Option<bool>("--now") { Description = "Does it now, and keeps nothing; exit code 1 when a call comes out otherwise." };
        var command = new Command("nightly", "Lists what came of deciding each day's calls again by the versions that had decided them (Replay:Nightly), the newest first.") { now };
        var json = JsonOption.AddTo(command, "One JSON object a line for each.");
        command.SetAction((result, ct) => RunAsync(context, result.GetValue(now), result.GetValue(json), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, bool now, bool asJson, CancellationToken ct)
    {
        var settings = context.LoadSettings();
        await using var store = ConfiguredStore.Open(context);
        var lines = new JsonLines(context.Out);
        List<NightlyResult> results = [];
        if (now)
        {
            var deciders = DeciderChoice.Of(settings.Router, settings.Lookups);
            var (from, to) = settings.Nightly.Yesterday(context.Time.GetUtcNow());
            results.Add(await new SelfReplay(store, (files, token) => DeciderChoice.CompileAsync(deciders, files, context.Time, token), settings.Replay(deciders), context.Time).RunAsync(from, to, ct).ConfigureAwait(false));
        }
        else
        {
            results.AddRange((await ((ILogicSteering)store).ListProofsAsync(ProofKind.Nightly, Shown, ct).ConfigureAwait(false)).Select(NightlyResult.Read));
        }
        foreach (var result in results)
        {
            if (asJson)
                lines.Write(result, HostJson.Default.NightlyResult);
            else
                context.Out.WriteLine(PlainText.Of(result.ToString()));
        }
        if (results.Count == 0)
            context.Error.WriteLine($"There is none in {store.Description}; Replay:Nightly says when it is done, and --now does it now.");
        return now && results[0].NotSame > 0 ? ExitCodes.NotSo : ExitCodes.Done;
    }
}
