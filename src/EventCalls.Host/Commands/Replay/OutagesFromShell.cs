using EventCalls.Contracts;
using EventCalls.Host.Configuration;
using EventCalls.Replay;
using EventCalls.Replay.Choosing;
using EventCalls.Replay.Reports;
using EventCalls.Routing.Deciders;
using EventCalls.Simulation.Forks;
using EventCalls.Simulation.Outages;
using EventCalls.Terminal;

namespace EventCalls.Host.Commands.Replay;

/// <summary>What-if of a trunk or a target that does not do what it did: plays each chosen call with the candidate.</summary>
internal static class OutagesFromShell
{
    public static async Task<int> RunAsync(CommandContext context, ReplayRequest request, CancellationToken ct)
    {
        if (request is not { Inputs: null, History: null, Baseline: null, Expected: null, Golden: null, Resume: null, Html: null, Csv: null, Markdown: null, JUnit: null, Sarif: null, Annotations: null, Rules: [], Choice.Conditions: [] })
            throw new SettingsException(["--set with trunk: or target: plays each call, which takes whole streams and gives a report of its own; leave out --history, --baseline, --expected, --golden, --resume, --fail-on, --header, --where, other --set and reports but --json"]);
        if (request.Webhook is not null)
            throw new SettingsException([$"--logic is '{PlainText.Of(request.Logic)}'; --set with trunk: or target: plays each call, for which a folder or a version of the logic is needed"]);
        var settings = context.LoadSettings();
        using var json = request.Json is { } file ? new ReportFile("--json", file, context.Folder, context.Out) : null;
        await using var store = ConfiguredStore.Open(context);
        var fork = settings.Fork with { Router = settings.Fork.Router with { Isolation = request.Isolation ?? settings.Router.Isolation } };
        var deciders = DeciderChoice.Of(fork.Router, settings.Lookups);
        using var candidate = await CandidateLogic.LoadAsync(context, store, "--logic", request.Logic, deciders, ct).ConfigureAwait(false);
        if (candidate is null)
            return ExitCodes.NotSo;
        var play = new OutagePlay([.. request.Outages.Select(text => Outage.Read(text)!)], candidate, fork, settings.Lookups, request.Threads, context.Time);
        var calls = await ChosenCalls.FindAsync(store, request.Choice, ct).ConfigureAwait(false);
        var progress = new ReplayProgress(context, calls.Count);
        OutageReport? report = null;
        await progress.ShowAsync(async () => report = await play.RunAsync(calls.ReadWholeAsync(CancellationToken.None), progress.Add, ct).ConfigureAwait(false)).ConfigureAwait(false);
        json?.Write(report!, OutageJson.Default.OutageReport);
        if (!request.IsOutputTaken)
            OutageView.Write(Screen.On(context.Out), report!);
        return report!.Stopped ? ExitCodes.Interrupted : ExitCodes.Done;
    }
}
