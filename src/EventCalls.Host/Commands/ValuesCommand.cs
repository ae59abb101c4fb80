using System.CommandLine;
using EventCalls.Contracts;
using EventCalls.Host.Configuration;
using EventCalls.Store;
using EventCalls.Store.Steering;

namespace EventCalls.Host.Commands;

/// <summary><c>eventcalls values</c>: what operators set for <c>conv.Config</c> of routing logic.</summary>
internal static class ValuesCommand
{
    private const int Shown = 50;

    public static Command Create(CommandContext context) =>
        new("values", "What conv.Config of routing logic answers: set by operators, for all routers within two seconds.") { List(context), Set(context), Remove(context), History(context) };

    private static Command List(CommandContext context)
    {
        var command = new Command("list", "Lists what is set, with who set it and when.");
        var json = JsonOption.AddTo(command, "One JSON object a line: the change by which it is so.");
        command.SetAction((result, ct) => WithStoreAsync(context, async store =>
        {
            var set = await new ValueSetting((IValueRecord)store, context.Time).ListAsync(ct).ConfigureAwait(false);
            Write(context, result.GetValue(json), set);
            if (set.Count == 0)
                context.Error.WriteLine($"Nothing is set in {store.Description}; 'eventcalls values set NAME VALUE' sets what conv.Config(\"NAME\") answers.");
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Set(CommandContext context)
    {
        var (name, value, note) = (Name(), new Argument<string>("VALUE") { Description = "What it is to be: a text of at most 1,000 characters." }, NoteOption.Create());
        var command = new Command("set", "Sets a value for all routers.") { name, value, note };
        command.SetAction((result, ct) => ChangeAsync(context, result.GetValue(name)!, result.GetValue(value)!, result.GetValue(note), ct));
        return command;
    }

    private static Command Remove(CommandContext context)
    {
        var (name, note) = (Name(), NoteOption.Create());
        var command = new Command("remove", "Takes a value away: conv.Config answers null.") { name, note };
        command.SetAction((result, ct) => ChangeAsync(context, result.GetValue(name)!, null, result.GetValue(note), ct));
        return command;
    }

    private static Command History(CommandContext context)
    {
        var name = new Argument<string?>("NAME") { Description = "Of this value only.", Arity = ArgumentArity.ZeroOrOne };
        var limit = WholeNumber.Option("--limit", $"At most so many, the newest [default: {Shown}]", "how many changes, 1 or more", 1);
        var command = new Command("history", "Lists who set what when, the newest first.") { name, limit };
        var json = JsonOption.AddTo(command, "One JSON object a line for each, as GET /api/config/NAME has it.");
        command.SetAction((result, ct) => WithStoreAsync(context, async store =>
        {
            var (of, most) = (result.GetValue(name), result.GetValue(limit) ?? Shown);
            var changes = await ((IValueRecord)store).ListValueChangesAsync(of, most, ct).ConfigureAwait(false);
            Write(context, result.GetValue(json), changes);
            if (changes.Count == 0)
                context.Error.WriteLine(of is null ? $"Nothing was ever set in {store.Description}." : $"Nothing was ever set for '{PlainText.Of(of)}'; 'eventcalls values list' lists what is.");
            else if (changes.Count == most && changes[^1].Number > 1)
                context.Error.WriteLine("There may be older ones. --limit N shows N.");
            return changes.Count == 0 && of is not null ? ExitCodes.NotSo : ExitCodes.Done;
        }));
        return command;
    }

    private static Task<int> ChangeAsync(CommandContext context, string name, string? value, string? note, CancellationToken ct) => WithStoreAsync(context, async store =>
    {
        var record = (IValueRecord)store;
        bool isChanged;
        try
        {
            isChanged = await new ValueSetting(record, context.Time).SetAsync(name, value, Environment.UserName, note, ct).ConfigureAwait(false);
        }
        catch (ValueRefusedException e)
        {
            throw new SettingsException([e.Message]);
        }
        if (isChanged)
            Write(context, asJson: false, await record.ListValueChangesAsync(name, 1, ct).ConfigureAwait(false));
        else
            context.Error.WriteLine(value is null ? $"{name} is not set; nothing was done." : $"{name} is that already; nothing was done.");
        return isChanged || value is not null ? ExitCodes.Done : ExitCodes.NotSo;
    });

    private static async Task<int> WithStoreAsync(CommandContext context, Func<ICallStore, Task<int>> run)
    {
        await using var store = ConfiguredStore.Open(context);
        return await run(store).ConfigureAwait(false);
    }

    private static void Write(CommandContext context, bool asJson, IReadOnlyList<ValueChange> changes)
    {
        var lines = new JsonLines(context.Out);
        foreach (var change in changes)
        {
            if (asJson)
                lines.Write(change, HostJson.Default.ValueChange);
            else
                context.Out.WriteLine(PlainText.Of($"{UtcTime.Seconds(change.At)}  {change.By,-16}  {change.Name}{(change.Value is { } value ? $" = {value}" : " taken away")}{(change.Note is { } note ? $"  \"{note}\"" : "")}"));
        }
    }

    private static Argument<string> Name() => new("NAME") { Description = "The name that the logic asks for: 1 to 64 letters, digits, '_', '.' and '-'." };
}
