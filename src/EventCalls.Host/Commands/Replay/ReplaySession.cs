using EventCalls.Host.Configuration;
using EventCalls.Replay;
using EventCalls.Routing.Loading;
using EventCalls.Store;

namespace EventCalls.Host.Commands.Replay;

/// <summary>One replay from the shell: reads, decides, reports, and says whether the gate lets it pass.</summary>
internal sealed class ReplaySession(CommandContext context, ReplayRequest request)
{
    private readonly ReplayTotals _totals = new();
    private readonly DateTimeOffset _beganAt = context.Time.GetUtcNow();
    private readonly long _began = context.Time.GetTimestamp();

    public async Task<int> RunAsync(CancellationToken ct)
    {
        var settings = context.LoadSettings();
        var golden = GoldenFile.Read(context, request.Golden);
        await using var store = ConfiguredStore.Open(context);
        using var candidate = await CandidateLogic.LoadAsync(context, store, request.Logic, ct).ConfigureAwait(false);
        if (candidate is null)
            return ExitCodes.NotSo;
        using var replayer = new Replayer(candidate, Options(settings), context.Time);
        var calls = await ChosenCalls.FindAsync(store, request.Choice, ct).ConfigureAwait(false);
        var progress = new ReplayProgress(context, calls.Count);
        using var reports = new ReplayReports(context, request);
        bool isStopped = false;
        await progress.ShowAsync(async () => isStopped = !await DecideAsync(replayer, calls, progress, reports, ct).ConfigureAwait(false)).ConfigureAwait(false);
        var run = Run(candidate, store, isStopped);
        var tripped = isStopped ? [] : await TrippedAsync(store, replayer, golden, ct).ConfigureAwait(false);
        // Who stopped the run still gets the report of what was decided.
        reports.Finish(run, tripped, isStopped ? CancellationToken.None : ct);
        foreach (string rule in tripped)
            await context.Error.WriteLineAsync($"Failed: {PlainText.Of(rule)}").ConfigureAwait(false);
        if (isStopped)
            await context.Error.WriteLineAsync("Stopped before all calls were decided: the report is of a part of them.").ConfigureAwait(false);
        return isStopped ? ExitCodes.Interrupted : tripped.Count > 0 ? ExitCodes.NotSo : ExitCodes.Done;
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
    private async Task<bool> DecideAsync(Replayer replayer, ChosenCalls calls, ReplayProgress progress, ReplayReports reports, CancellationToken ct)
    {
        try
        {
            await foreach (var call in replayer.RunAsync(calls.ReadAsync(null, ct), ct).ConfigureAwait(false))
            {
                _totals.Add(call);
                foreach (var rule in request.Rules)
                    rule.Add(call);
                reports.Add(call);
                progress.Add();
            }
            return true;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<IReadOnlyList<string>> TrippedAsync(ICallStore store, Replayer replayer, IReadOnlyList<GoldenCall> golden, CancellationToken ct)
    {
        var tripped = request.Rules.Select(rule => rule.Find(_totals)).OfType<string>().ToList();
        if (request.Rules.Count > 0 && _totals.Calls == 0)
            tripped.Add("no call was decided again, so that the rules show nothing");
        foreach (var call in golden)
        {
            if (await FindAsync(store, replayer, call, ct).ConfigureAwait(false) is { } problem)
                tripped.Add(problem);
        }
        return tripped;
    }

    private static async Task<string?> FindAsync(ICallStore store, Replayer replayer, GoldenCall golden, CancellationToken ct)
    {
        try
        {
            var calls = await ChosenCalls.FindAsync(store, new CallChoice { Ids = [golden.Id] }, ct).ConfigureAwait(false);
            await foreach (var history in calls.ReadAsync(null, ct).ConfigureAwait(false))
                return golden.Find(await replayer.RunAsync(history, ct).ConfigureAwait(false));
            return $"golden call {golden.Id}: it cannot be read";
        }
        catch (UnknownCallException e)
        {
            return $"golden call {golden.Id}: {e.Message}";
        }
    }

    private ReplayRun Run(CompiledLogic candidate, ICallStore store, bool isStopped) => new()
    {
        Baseline = _totals.Baseline,
        Candidate = candidate.Version,
        CandidateName = CandidateLogic.NameOf(request.Logic),
        Store = store.Description,
        Query = request.Choice.Query,
        Where = request.Words,
        LiveLookups = request.LiveLookups,
        BeganAt = _beganAt,
        Elapsed = context.Time.GetElapsedTime(_began),
        Cancelled = isStopped,
    };
}
