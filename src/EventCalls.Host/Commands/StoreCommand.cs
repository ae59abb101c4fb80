using System.CommandLine;
using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Host.Commands;

/// <summary><c>eventcalls store</c>: whether the tables are those of this version, and the SQL for those who may not let a program change them.</summary>
internal static class StoreCommand
{
    public static Command Create(CommandContext context) => new("store", "The tables of the event store: whether they are right, and their SQL.")
    {
        CreateCheck(context),
        CreateScript(context),
    };

    private static Command CreateCheck(CommandContext context)
    {
        var command = new Command("check", "Says whether the tables are those of this version, and what is not; changes nothing. Exits with 1 when something is not.");
        var json = JsonOption.AddTo(command, "One JSON object: store, matches, differences.");
        command.SetAction((parsed, ct) => CheckAsync(context, parsed.GetValue(json), ct));
        return command;
    }

    private static Command CreateScript(CommandContext context)
    {
        var whole = new Option<bool>("--new") { Description = "All of it, for an empty database; nothing is connected to." };
        var command = new Command("script", "Writes the SQL that brings the tables up to date, for somebody else to run; changes nothing.") { whole };
        var json = JsonOption.AddTo(command, "One JSON object: store, sql (null when there is nothing to do).");
        command.SetAction((parsed, ct) => ScriptAsync(context, parsed.GetValue(whole), parsed.GetValue(json), ct));
        return command;
    }

    private static async Task<int> CheckAsync(CommandContext context, bool asJson, CancellationToken ct)
    {
        await using var store = ConfiguredStore.Open(context);
        var differences = await store.CheckSchemaAsync(ct).ConfigureAwait(false);
        if (asJson)
        {
            new JsonLines(context.Out).Write(new SchemaReport(store.Description, differences.Count == 0, differences), SchemaJson.Default.SchemaReport);
        }
        else if (differences.Count == 0)
        {
            await context.Out.WriteLineAsync($"{store.Description}: the tables are those of this version.");
        }
        else
        {
            await context.Out.WriteLineAsync($"{store.Description}:");
            foreach (string difference in differences)
                await context.Out.WriteLineAsync($"  {difference}");
            await context.Out.WriteLineAsync("The service brings them up to date when it starts, where EventCalls:Store:SchemaChanges lets it; 'eventcalls store script' prints the SQL.");
        }
        return differences.Count == 0 ? ExitCodes.Done : ExitCodes.NotSo;
    }

    private static async Task<int> ScriptAsync(CommandContext context, bool whole, bool asJson, CancellationToken ct)
    {
        await using var store = ConfiguredStore.Open(context);
        string? sql = whole ? store.CreationScript() : await store.UpdateScriptAsync(ct).ConfigureAwait(false);
        if (asJson)
            new JsonLines(context.Out).Write(new SchemaScript(store.Description, sql), SchemaJson.Default.SchemaScript);
        else
            await context.Out.WriteAsync(sql ?? "-- Nothing to do: the tables are those of this version.\n");
        return ExitCodes.Done;
    }
}
