using System.CommandLine;
using EventCalls.Contracts;
using EventCalls.Store.Steering;

namespace EventCalls.Host.Commands.Logic;

/// <summary><c>eventcalls logic activations</c>: what all routers were told to decide by, by whom and when.</summary>
internal static class LogicActivationsCommand
{
    private const int Shown = 50;

    public static Command Create(CommandContext context)
    {
        var limit = WholeNumber.Option("--limit", $"At most so many, the newest [default: {Shown}]", "how many activations, 1 or more", 1);
        var command = new Command("activations", "Lists what was activated for all routers and rolled back, the newest first: who, when, which version.") { limit };
        var json = JsonOption.AddTo(command, "One JSON object a line for each, as GET /api/logic has it.");
        command.SetAction((result, ct) => RunAsync(context, result.GetValue(limit) ?? Shown, result.GetValue(json), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, int limit, bool asJson, CancellationToken ct)
    {
        await using var store = ConfiguredStore.Open(context);
        var activations = await ((ILogicSteering)store).ListActivationsAsync(limit, ct).ConfigureAwait(false);
        var lines = new JsonLines(context.Out);
        foreach (var (place, activation) in activations.Index())
        {
            if (asJson)
                lines.Write(activation, HostJson.Default.LogicActivation);
            else
                context.Out.WriteLine(PlainText.Of(Line(activation, holds: place == 0)));
        }
        if (activations.Count == 0)
            context.Error.WriteLine($"Nothing was activated in {store.Description} yet: each router decides by its folder.");
        else if (!asJson && activations.Count == limit && activations[^1].Number > 1)
            context.Error.WriteLine($"There are {activations[^1].Number - 1} older ones. --limit N shows N.");
        return ExitCodes.Done;
    }

    private static string Line(LogicActivation activation, bool holds) =>
        $"{UtcTime.Seconds(activation.At)}  {activation.By,-16}  {(activation.RolledBack ? "rolled back to" : "activated"),-14}  {activation.Version ?? "each router's folder"}"
        + $"{(holds ? "  (decides now)" : "")}{(activation.Note is { } note ? $"  \"{note}\"" : "")}";
}
