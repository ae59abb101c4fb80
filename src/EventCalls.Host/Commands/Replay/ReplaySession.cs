using System.Globalization;
using EventCalls.Host.Configuration;
using EventCalls.Replay;
using EventCalls.Replay.Choosing;
using EventCalls.Replay.Gate;
using EventCalls.Replay.Resuming;
using EventCalls.Routing.Loading;
using EventCalls.Store;

namespace EventCalls.Host.Commands.Replay;

/// <summary>One replay from the shell: reads, decides, reports, and says whether the gate lets it pass.</summary>
internal sealed class ReplaySession(CommandContext context, ReplayRequest request)
{
    private readonly DateTimeOffset _beganAt = context.Time.GetUtcNow();
    private readonly long _began = context.Time.GetTimestamp();
    private TimeSpan _before;

    private TimeSpan Elapsed => _before + context.Time.GetElapsedTime(_began);

    public async Task<int> RunAsync(CancellationToken ct)
    {
        var settings = context.LoadSettings();
        var golden = GoldenFile.Read(context, request.Golden);
        using var reports = new ReplayReports(context, request);
        await using var store = ConfiguredStore.Open(context);
        using var candidate = await CandidateLogic.LoadAsync(context, store, request.Logic, ct).ConfigureAwait(false);
        if (candidate is null)
            return ExitCodes.NotSo;
        using var replayer = new Replayer(candidate, Options(settings), context.Time);
        using var state = ReplayReports.NewState(request.Rules);
        var checkpoint = Resume(store, candidate, state);
        var calls = await ChosenCalls.FindAsync(store, request.Choice, ct).ConfigureAwait(false);
        var progress = new ReplayProgress(context, calls.Count);
        progress.Skip(state.Totals.Calls);
        bool isStopped = false;
        await progress.ShowAsync(async () => isStopped = !await DecideAsync(replayer, calls, state, checkpoint, progress, ct).ConfigureAwait(false)).ConfigureAwait(false);
        var tripped = isStopped ? [] : await GateCheck.FindAsync(store, replayer, state, golden, ct).ConfigureAwait(false);
        // Who stopped the run still gets the report of what was decided.
        reports.Write(state, Run(candidate, store, state.Totals, isStopped), tripped, isStopped ? CancellationToken.None : ct);
        if (isStopped)
        {
            await context.Error.WriteLineAsync(
                $"Stopped before all calls were decided: the report is of a part of them.{(checkpoint is null ? "" : " The same command goes on from here.")}").ConfigureAwait(false);
            return ExitCodes.Interrupted;
        }
        checkpoint?.Delete();
        return tripped.Count > 0 ? ExitCodes.NotSo : ExitCodes.Done;
    }

    private CheckpointFile? Resume(ICallStore store, CompiledLogic candidate, ReplayProgressState state)
    {
        if (request.Resume is not { } file)
            return null;
        string live = request.LiveLookups ? ", with today's look-ups" : "";
        string rules = string.Concat(request.Rules.Select(rule => $", {rule.Text}"));
        var checkpoint = new CheckpointFile(
            Path.GetFullPath(file, context.Folder), $"{candidate.Version} on {store.Description}, {(request.Words.Length == 0 ? "all calls" : request.Words)}{live}{rules}", context.Time);
        try
        {
            _before = checkpoint.Load(state);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"--resume is '{file}'; {e.Message}; remove the file to begin anew, or name another"]);
        }
        if (state.Totals.Calls > 0)
            context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Going on behind {state.Totals.Calls} calls that were decided before."));
        return checkpoint;
    }

    private ReplayOptions Options(Settings settings) => new()
    {
        Threads = request.Threads,
        LiveLookups = request.LiveLookups ? settings.Lookups : null,
        TimeLimit = settings.Router.TimeLimit,
        KnownEndpoints = settings.UsesSampleTrunks ? null : settings.Router.KnownEndpoints,
        Chosen = request.Choice.Predicate,
        ShiftTimeZone = true,
    };

    /// <summary>Decides all calls; false when it was stopped before the last one.</summary>
    private async Task<bool> DecideAsync(
        Replayer replayer, ChosenCalls calls, ReplayProgressState state, CheckpointFile? checkpoint, ReplayProgress progress, CancellationToken ct)
    {
        try
        {
            await foreach (var call in replayer.RunAsync(calls.ReadAsync(state.Last, ct), ct).ConfigureAwait(false))
            {
                state.Add(call);
                progress.Add();
                checkpoint?.SaveNowAndThen(state, Elapsed);
            }
            return true;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            checkpoint?.Save(state, Elapsed);
            return false;
        }
        catch (StoreUnreachableException)
        {
            checkpoint?.Save(state, Elapsed);
            throw;
        }
    }

    private ReplayRun Run(CompiledLogic candidate, ICallStore store, ReplayTotals totals, bool isStopped) => new()
    {
        Baseline = totals.Baseline,
        Candidate = candidate.Version,
        CandidateName = CandidateLogic.NameOf(request.Logic),
        Store = store.Description,
        Query = request.Choice.Query,
        Where = request.Words,
        LiveLookups = request.LiveLookups,
        BeganAt = _beganAt,
        Elapsed = Elapsed,
        Cancelled = isStopped,
    };
}
