using System.CommandLine;
using EventCalls.Contracts;
using EventCalls.Host.Commands.Replay;
using EventCalls.Host.Configuration;
using EventCalls.Replay.Canary;
using EventCalls.Routing;
using EventCalls.Routing.Deciders;

namespace EventCalls.Host.Commands.Logic;

/// <summary><c>eventcalls logic canary</c>: a version that decides a share of the calls, until they show whether it is to decide all of them.</summary>
internal static class LogicCanaryCommand
{
    private const int Shown = 20;

    public static Command Create(CommandContext context) => new("canary", "A version that decides a share of the calls, until they show whether it is to decide all of them.")
    {
        Start(context), Status(context), Stop(context),
    };

    private static Command Start(CommandContext context)
    {
        var logic = new Option<string>("--logic") { Description = "The version: a folder of routing logic, or a version in the store by its hash.", HelpName = "DIR|sha256:…", Required = true };
        var steps = new Option<string?>("--steps") { Description = $"The shares, rising: percent:calls/minutes, and so many calls and minutes are waited for before the next one [default: {string.Join(',', CanaryPlan.Usual.Steps)}]", HelpName = "STEPS" };
        var split = new Option<string?>("--split") { Description = "What a call is assigned by [default: call]", HelpName = "call|caller" };
        split.AcceptOnlyFromAmong("call", "caller");
        var alpha = Fraction.Option("--alpha", $"How likely each wrong verdict may be, 0.0001 to 0.5 [default: {CanaryPlan.Usual.Alpha}]", "a number from 0.0001 to 0.5");
        var margin = Fraction.Option("--margin", $"How much smaller its share of successes may be, 0.001 to 0.5 [default: {CanaryPlan.Usual.Margin}]", "a number from 0.001 to 0.5");
        var row = WholeNumber.Option("--guard", $"Rolled back at once after so many attempts in a row that did not reach a target, 0 for never [default: {CanaryGuard.Usual.InARow}]", "a whole number, 0 or more", int.MinValue);
        var note = NoteOption.Create();
        var command = new Command("start", "Gives a version a share of the calls, for all routers.") { logic, steps, split, alpha, margin, row, note };
        command.SetAction((result, ct) =>
        {
            var usual = CanaryPlan.Usual;
            string? given = result.GetValue(steps);
            var plan = usual with
            {
                Steps = given is null ? usual.Steps : CanaryStep.ParseAll(given) ?? throw new SettingsException([$"--steps is '{given}'; expected percent:calls/minutes for each step, such as {string.Join(',', usual.Steps)}"]),
                Split = WireName.Parse<CanarySplit>(result.GetValue(split)) ?? usual.Split,
                Alpha = result.GetValue(alpha) ?? usual.Alpha,
                Margin = result.GetValue(margin) ?? usual.Margin,
                Guard = usual.Guard with { InARow = result.GetValue(row) ?? usual.Guard.InARow },
            };
            return plan.Problem() is { } problem ? throw new SettingsException([problem.Message]) : StartAsync(context, result.GetValue(logic)!, plan, result.GetValue(note), ct);
        });
        return command;
    }

    private static Command Status(CommandContext context)
    {
        var command = new Command("status", "Says how it stands, and who changed its share when.");
        var json = JsonOption.AddTo(command, "One JSON object: how it stands now; then one a line for each change.");
        command.SetAction((result, ct) => StatusAsync(context, result.GetValue(json), ct));
        return command;
    }

    private static Command Stop(CommandContext context)
    {
        var note = NoteOption.Create();
        var command = new Command("stop", "Takes it its share: the active version decides all calls.") { note };
        command.SetAction((result, ct) => RefusalsToldAsync(context, async () =>
        {
            await using var store = ConfiguredStore.Open(context);
            var (record, changed) = await new CanaryShares(store, context.Time).StopAsync(Environment.UserName, result.GetValue(note), ct).ConfigureAwait(false);
            context.Out.WriteLine(changed ? PlainText.Of(Line(record)) : "No version has a share of the calls; nothing was done.");
        }));
        return command;
    }

    private static Task<int> StartAsync(CommandContext context, string logic, CanaryPlan plan, string? note, CancellationToken ct) => RefusalsToldAsync(context, async () =>
    {
        var settings = context.LoadSettings();
        if (settings.Router.LogicFrom != LogicFrom.Store)
            throw new CanaryRefusedException("EventCalls:Routing:LogicFrom is 'folder': each router decides by what its folder holds. Set it to 'store', for every process.");
        await using var store = ConfiguredStore.Open(context);
        using var loaded = await CandidateLogic.LoadAsync(context, store, "--logic", logic, DeciderChoice.Of(settings.Router, settings.Lookups), ct).ConfigureAwait(false)
            ?? throw new CanaryRefusedException("Nothing was started.");
        await store.SaveLogicVersionAsync(new LogicVersionLoaded { Version = loaded.Version, Sources = loaded.Sources, LoadedAt = context.Time.GetUtcNow() }, ct).ConfigureAwait(false);
        context.Out.WriteLine(PlainText.Of(Line(await new CanaryShares(store, context.Time).StartAsync(loaded.Version, plan, Environment.UserName, note, ct).ConfigureAwait(false))));
    });

    private static async Task<int> StatusAsync(CommandContext context, bool asJson, CancellationToken ct)
    {
        await using var store = ConfiguredStore.Open(context);
        if (await new CanaryFollower(store, context.Time).ReadAsync(ct).ConfigureAwait(false) is not { } status)
        {
            context.Error.WriteLine($"No version in {store.Description} ever had a share of the calls.");
            return ExitCodes.Done;
        }
        var lines = new JsonLines(context.Out);
        if (asJson)
            lines.Write(status, HostJson.Default.CanaryStatus);
        else if (status.Record.IsOn)
            context.Out.WriteLine(PlainText.Of($"{status.Record.Challenger} has {status.Record.Share} % of the calls. {(status.Move == CanaryMove.Hold ? "Held: " : "")}{status.Why}."));
        foreach (var record in await new CanaryShares(store, context.Time).ListAsync(Shown, ct).ConfigureAwait(false))
        {
            if (asJson)
                lines.Write(record, HostJson.Default.CanaryRecord);
            else
                context.Out.WriteLine(PlainText.Of(Line(record)));
        }
        return ExitCodes.Done;
    }

    private static async Task<int> RefusalsToldAsync(CommandContext context, Func<Task> run)
    {
        try
        {
            await run().ConfigureAwait(false);
            return ExitCodes.Done;
        }
        catch (CanaryRefusedException e)
        {
            await context.Error.WriteLineAsync(PlainText.Of(e.Message)).ConfigureAwait(false);
            return ExitCodes.NotSo;
        }
    }

    private static string Line(CanaryRecord record) =>
        $"{UtcTime.Seconds(record.At)}  {record.By,-16}  {WireName.Of(record.Change),-11}  {record.Share,3} %  {record.Challenger}{(record.Note is { } note ? $"  \"{note}\"" : "")}";
}
