using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Host.Configuration;
using EventCalls.Replay;
using EventCalls.Replay.Choosing;
using EventCalls.Replay.Deciding;
using EventCalls.Replay.Gate;
using EventCalls.Replay.Histories;
using EventCalls.Replay.Reports;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Diffs;
using EventCalls.Replay.Reports.Review;
using EventCalls.Replay.Resuming;
using EventCalls.Routing.Deciders;
using EventCalls.Store;
using EventCalls.Terminal;

namespace EventCalls.Host.Commands.Replay;

/// <summary>One replay from the shell: reads, decides, reports, and says whether the gate lets it pass.</summary>
internal static class ReplayFromShell
{
    public static async Task<int> RunAsync(CommandContext context, ReplayRequest request, CancellationToken ct)
    {
        if (request.Outages.Count > 0)
            return await OutagesFromShell.RunAsync(context, request, ct).ConfigureAwait(false);
        var settings = context.LoadSettings();
        var golden = ReadGolden(context, request.Golden);
        using var reports = new ReportFiles(request, context.Folder, context.Out);
        var file = OpenHistory(context, request.History);
        await using var database = file is null ? ConfiguredStore.Open(context) : null;
        IPastCalls store = (IPastCalls?)file ?? database!;
        var deciders = DeciderChoice.Of(settings.Router with { Isolation = request.Isolation ?? settings.Router.Isolation }, settings.Lookups);
        using var webhook = CandidateWebhook.Of(context, request, settings);
        using var candidate = webhook is null ? await CandidateLogic.LoadAsync(context, store, "--logic", request.Logic, deciders, ct).ConfigureAwait(false) : null;
        if (webhook is null && candidate is null)
            return ExitCodes.NotSo;
        using var baseline = request.Baseline is { } against ? await CandidateLogic.LoadAsync(context, store, "--baseline", against, deciders, ct).ConfigureAwait(false) : null;
        if (baseline is null && request.Baseline is not null)
            return ExitCodes.NotSo;
        var session = new ReplaySession(webhook is null ? request with { LogicPath = RepositoryPath.Of(request.Logic, context.Folder) } : request, store, webhook?.Version ?? candidate!.Version, context.Time, baseline, candidate?.Sources);
        var options = Options(request, settings, deciders) with { Baseline = baseline, Inputs = request.Inputs ?? (file?.IsAnonymized == true ? new OtherInputs() : null) };
        using var replayer = webhook is null ? new Replayer(candidate!, options, context.Time) : new Replayer(webhook, options, context.Time);
        using var state = NewState(context, request);
        var checkpoint = Resume(context, request, session, state);
        var calls = await ChosenCalls.FindAsync(store, request.Choice, ct).ConfigureAwait(false);
        var progress = new ReplayProgress(context, calls.Count);
        progress.Skip(state.Totals.Calls);
        bool isStopped = false;
        await progress.ShowAsync(async () => isStopped = !await session.DecideAsync(replayer, calls, state, checkpoint, progress.Add, ct).ConfigureAwait(false)).ConfigureAwait(false);
        var tripped = isStopped ? [] : await GateCheck.FindAsync(store, replayer, state.Rules, state.Totals, state.Expected, golden, ct).ConfigureAwait(false);
        // Who stopped the run still gets the report of what was decided.
        var report = state.Report.Build(session.Describe(state.Totals, isStopped)) with
        {
            Tripped = tripped,
            Expected = ExpectedReport.Of(state.Expected),
            Checks = session.Checks(golden, state.Expected),
            Diff = isStopped ? SourceChanges.None : await session.DiffAsync(state.Totals, ct).ConfigureAwait(false),
        };
        reports.Write(report, state.Report.Changes, isStopped ? CancellationToken.None : ct);
        if (!request.IsOutputTaken)
            new ReplayReportView(Screen.On(context.Out)).Write(report);
        if (file?.IsAnonymized == true && baseline is null)
            context.Error.WriteLine("Tokens stand in that file for who called: what looks at whole numbers, or at headers that were not kept, decides otherwise by that alone. --baseline with the version that had decided, or yours of today, has both decide by the same tokens.");
        foreach (string rule in tripped)
            context.Error.WriteLine($"Failed: {PlainText.Of(rule)}");
        if (isStopped)
        {
            await context.Error.WriteLineAsync(
                $"Stopped before all calls were decided: the report is of a part of them.{(checkpoint is null ? "" : " The same command goes on from here.")}").ConfigureAwait(false);
            return ExitCodes.Interrupted;
        }
        checkpoint?.Delete();
        return tripped.Count > 0 ? ExitCodes.NotSo : ExitCodes.Done;
    }

    private static HistoryFile? OpenHistory(CommandContext context, string? path)
    {
        try
        {
            return path is null ? null : HistoryFile.Open(Path.GetFullPath(path, context.Folder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new SettingsException([$"--history is '{path}'; {e.Message}"]);
        }
    }

    private static IReadOnlyList<GoldenCall> ReadGolden(CommandContext context, string? file)
    {
        if (file is null)
            return [];
        try
        {
            return GoldenCall.Read(File.ReadLines(Path.GetFullPath(file, context.Folder)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new SettingsException([$"--golden is '{file}'; {e.Message}"]);
        }
    }

    private static ExpectedChanges? ReadExpected(CommandContext context, string? file)
    {
        if (file is null)
            return null;
        try
        {
            return ExpectedChangesFile.Read(File.ReadAllText(Path.GetFullPath(file, context.Folder)), context.Time.GetUtcNow());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new SettingsException([$"--expected is '{file}'; {e.Message}"]);
        }
    }

    private static ReplayProgressState NewState(CommandContext context, ReplayRequest request)
    {
        try
        {
            return new ReplayProgressState(request.Rules, ReadExpected(context, request.Expected));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"No file can be made in the folder for temporary files, {Path.GetTempPath()}: {e.Message} Set TMPDIR to one that you may write to."]);
        }
    }

    private static CheckpointFile? Resume(CommandContext context, ReplayRequest request, ReplaySession session, ReplayProgressState state)
    {
        try
        {
            var checkpoint = session.Resume(state, context.Folder);
            if (state.Totals.Calls > 0)
                context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Going on behind {state.Totals.Calls} calls that were decided before."));
            return checkpoint;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"--resume is '{request.Resume}'; {e.Message}; remove the file to begin anew, or name another"]);
        }
    }

    private static ReplayOptions Options(ReplayRequest request, Settings settings, DeciderProcessOptions? deciders) => settings.Replay(deciders).For(request) with
    {
        LiveLookups = request.LiveLookups ? settings.Lookups : null,
        Handoffs = request.LiveHandoffs ? settings.Router.Handoffs : null,
        ShiftTimeZone = true,
    };
}
