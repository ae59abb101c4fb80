using System.CommandLine;
using EventCalls.Contracts;
using EventCalls.Host.Commands.Replay;
using EventCalls.Replay;
using EventCalls.Replay.Choosing;
using EventCalls.Replay.Shadow;
using EventCalls.Routing.Deciders;
using EventCalls.Store;

namespace EventCalls.Host.Commands.Logic;

/// <summary><c>eventcalls logic shadow</c>: a version that decides live calls again, and does nothing by that.</summary>
internal static class LogicShadowCommand
{
    private const int Shown = 20;

    public static Command Create(CommandContext context) => new("shadow", "A version that decides every live call again when it has ended, and does nothing by that.")
    {
        Start(context), Status(context), Stop(context), Report(context),
    };

    private static Command Start(CommandContext context)
    {
        var logic = new Option<string>("--logic") { Description = "The version: a folder of routing logic, or a version in the store by its hash.", HelpName = "DIR|sha256:…", Required = true };
        var note = NoteOption.Create();
        var command = new Command("start", "Has a version decide the calls again that begin from now on; the process that records does it.") { logic, note };
        command.SetAction((result, ct) => StartAsync(context, result.GetValue(logic)!, result.GetValue(note), ct));
        return command;
    }

    private static Command Status(CommandContext context)
    {
        var command = new Command("status", "Says which version decides calls again, and who asked for which when.");
        var json = JsonOption.AddTo(command, "One JSON object a line for each change, the newest first; the first one holds now.");
        command.SetAction((result, ct) => StatusAsync(context, result.GetValue(json), ct));
        return command;
    }

    private static Command Stop(CommandContext context)
    {
        var note = NoteOption.Create();
        var command = new Command("stop", "Has no version decide calls again any more.") { note };
        command.SetAction(async (result, ct) =>
        {
            await using var store = ConfiguredStore.Open(context);
            // Without any record there is nothing to stop, and none is made.
            bool isOn = await LastAsync(context, store, ct).ConfigureAwait(false) is { Challenger: not null };
            context.Out.WriteLine(isOn
                ? PlainText.Of(Line((await new Shadows(store, context.Time).SetAsync(null, Environment.UserName, result.GetValue(note), ct).ConfigureAwait(false)).Record))
                : "No version decides calls again; nothing was done.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Report(CommandContext context)
    {
        var json = new Option<string?>("--json") { Description = "Writes the report as one JSON object; - for standard output.", HelpName = "FILE" };
        var html = new Option<string?>("--html") { Description = "Writes the report as one page for a browser or for paper; - for standard output.", HelpName = "FILE" };
        var command = new Command("report", "Says what it would have done, or the last one when it is over: decides here the calls again that began since it was asked for and have ended, as 'eventcalls replay' does.") { json, html };
        command.SetAction((result, ct) => ReportAsync(context, result.GetValue(json), result.GetValue(html), ct));
        return command;
    }

    private static async Task<int> StartAsync(CommandContext context, string logic, string? note, CancellationToken ct)
    {
        var settings = context.LoadSettings();
        await using var store = ConfiguredStore.Open(context);
        using var loaded = await CandidateLogic.LoadAsync(context, store, "--logic", logic, DeciderChoice.Of(settings.Router, settings.Lookups), ct).ConfigureAwait(false);
        if (loaded is null)
        {
            await context.Error.WriteLineAsync("Nothing was started.").ConfigureAwait(false);
            return ExitCodes.NotSo;
        }
        await store.SaveLogicVersionAsync(new LogicVersionLoaded { Version = loaded.Version, Sources = loaded.Sources, LoadedAt = context.Time.GetUtcNow() }, ct).ConfigureAwait(false);
        var (record, changed) = await new Shadows(store, context.Time).SetAsync(loaded.Version, Environment.UserName, note, ct).ConfigureAwait(false);
        context.Out.WriteLine(PlainText.Of(changed ? Line(record) : $"{record.Challenger} decides calls again since {UtcTime.Seconds(record.At)} already; nothing was done."));
        return ExitCodes.Done;
    }

    private static async Task<int> StatusAsync(CommandContext context, bool asJson, CancellationToken ct)
    {
        await using var store = ConfiguredStore.Open(context);
        var records = await new Shadows(store, context.Time).ListAsync(Shown, ct).ConfigureAwait(false);
        var lines = new JsonLines(context.Out);
        foreach (var record in records)
        {
            if (asJson)
                lines.Write(record, HostJson.Default.ShadowRecord);
            else
                context.Out.WriteLine(PlainText.Of(Line(record)));
        }
        if (records.Count == 0)
            context.Error.WriteLine($"No version in {store.Description} ever decided live calls again.");
        return ExitCodes.Done;
    }

    private static async Task<int> ReportAsync(CommandContext context, string? json, string? html, CancellationToken ct)
    {
        ShadowSpan? last;
        await using (var store = ConfiguredStore.Open(context))
            last = ShadowSpan.Last(await new Shadows(store, context.Time).ListAsync(2, ct).ConfigureAwait(false));
        if (last is null)
        {
            await context.Error.WriteLineAsync("No version ever decided live calls again, so there is no report: 'eventcalls logic shadow start --logic DIR' has one do it; 'eventcalls replay' decides past calls.").ConfigureAwait(false);
            return ExitCodes.NotSo;
        }
        if (last.Ended is { } ended)
            await context.Error.WriteLineAsync(PlainText.Of($"It is over since {UtcTime.Seconds(ended.At)}, stopped by {ended.By}; this is what it came to.")).ConfigureAwait(false);
        return await ReplayCommand.RunAsync(context, new ReplayRequest
        {
            Logic = last.Started.Challenger!,
            Choice = new CallChoice { Query = new CallQuery { From = last.Started.At, To = last.Ended?.At, Ended = true } },
            Words = last.Words,
            Threads = Environment.ProcessorCount,
            LiveLookups = false,
            Json = json,
            Html = html,
        }, ct).ConfigureAwait(false);
    }

    private static async Task<ShadowRecord?> LastAsync(CommandContext context, ICallStore store, CancellationToken ct) =>
        (await new Shadows(store, context.Time).ListAsync(1, ct).ConfigureAwait(false)).FirstOrDefault();

    private static string Line(ShadowRecord record) =>
        $"{UtcTime.Seconds(record.At)}  {record.By,-16}  {(record.Challenger is { } challenger ? $"started  {challenger}" : "stopped")}{(record.Note is { } note ? $"  \"{note}\"" : "")}";
}
