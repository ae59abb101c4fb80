using EventCalls.Contracts;
using EventCalls.Replay.Choosing;
using EventCalls.Replay.Gate;
using EventCalls.Replay.Reports.Diffs;
using EventCalls.Replay.Resuming;
using EventCalls.Routing.Loading;
using EventCalls.Store;

namespace EventCalls.Replay;

/// <summary>One replay: decides the chosen calls, keeps how far it came, and says what was replayed against what.</summary>
/// <param name="request">What was asked for.</param>
/// <param name="store">Where the calls are.</param>
/// <param name="candidate">The version that decides again: its hash, or <c>webhook:</c> and an address.</param>
/// <param name="time">The clock.</param>
/// <param name="baseline">What decides beside it; null to compare with the record. Not disposed here.</param>
/// <param name="sources">The candidate's sources; null when it has none that are known here, as a web service.</param>
public sealed class ReplaySession(ReplayRequest request, IPastCalls store, string candidate, TimeProvider time, CompiledLogic? baseline = null, IReadOnlyList<LogicSource>? sources = null)
{
    private readonly DateTimeOffset _beganAt = time.GetUtcNow();
    private readonly long _began = time.GetTimestamp();
    private TimeSpan _before;

    private TimeSpan Elapsed => _before + time.GetElapsedTime(_began);

    /// <summary>Goes on from where the same replay was stopped; null when nothing is to be kept of how far it came.</summary>
    /// <param name="state">What the replayed calls are added to; has those of the run before afterwards.</param>
    /// <param name="folder">Where a relative path is meant from.</param>
    /// <exception cref="InvalidDataException">The file is of another replay, or damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be read.</exception>
    public CheckpointFile? Resume(ReplayProgressState state, string folder)
    {
        if (request.Resume is not { } file)
            return null;
        string live = request.LiveLookups ? ", with today's look-ups" : "";
        live += request.LiveHandoffs ? ", with today's destinations" : "";
        if (request.Inputs is { } inputs)
            live += $", with now {inputs.Now?.ToString("O")} {inputs.Shift} and {string.Join(' ', inputs.Lookups)}";
        if (baseline is not null)
            live += $", against {baseline.Version}";
        if (request.Expected is { } expected)
            live += $", expecting {expected}";
        string rules = string.Concat(request.Rules.Select(rule => $", {rule.Text}"));
        var checkpoint = new CheckpointFile(
            Path.GetFullPath(file, folder), $"{candidate} on {store.Description}, {(request.Words.Length == 0 ? "all calls" : request.Words)}{live}{rules}", time);
        _before = checkpoint.Load(state);
        return checkpoint;
    }

    /// <summary>Decides all calls; false when it was stopped before the last one.</summary>
    /// <param name="replayer">What decides.</param>
    /// <param name="calls">The calls.</param>
    /// <param name="state">What they are added to.</param>
    /// <param name="checkpoint">Keeps how far it came; null for nothing.</param>
    /// <param name="decided">Called after each call.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="StoreUnreachableException">The store cannot be read any more; how far it came is kept.</exception>
    /// <exception cref="NoDeciderException">What decides is not there any more; how far it came is kept.</exception>
    public async Task<bool> DecideAsync(
        Replayer replayer, ChosenCalls calls, ReplayProgressState state, CheckpointFile? checkpoint, Action decided, CancellationToken ct)
    {
        try
        {
            await foreach (var call in replayer.RunAsync(calls.ReadAsync(state.Last, ct), ct).ConfigureAwait(false))
            {
                state.Add(call);
                decided();
                checkpoint?.SaveNowAndThen(state, Elapsed);
            }
            return true;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            checkpoint?.Save(state, Elapsed);
            return false;
        }
        catch (Exception e) when (e is StoreUnreachableException or NoDeciderException)
        {
            checkpoint?.Save(state, Elapsed);
            throw;
        }
    }

    /// <summary>What was replayed against what, for the report.</summary>
    /// <param name="totals">What it came to.</param>
    /// <param name="isStopped">Whether it was stopped before the last call.</param>
    public ReplayRun Describe(ReplayTotals totals, bool isStopped) => new()
    {
        Baseline = totals.Baseline,
        Candidate = candidate,
        CandidateName = request.Webhook is null ? NameOf(request.Logic) : "web service",
        CandidatePath = request.LogicPath,
        Against = baseline?.Version,
        AgainstName = baseline is null ? "" : NameOf(request.Baseline!),
        Console = request.Console,
        Store = store.Description,
        Query = request.Choice.Query,
        Where = request.Words,
        LiveLookups = request.LiveLookups,
        LiveHandoffs = request.LiveHandoffs,
        BeganAt = _beganAt,
        Elapsed = Elapsed,
        Cancelled = isStopped,
    };

    /// <summary>In what the candidate's sources differ from the baseline's, or from those of the version that had decided most calls; none where those are not known.</summary>
    /// <param name="totals">What the replay came to.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<SourceChanges> DiffAsync(ReplayTotals totals, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(totals);
        return sources is null ? SourceChanges.None
            : baseline is not null ? SourceChanges.Between(baseline.Sources, sources)
            : await DiffAsync(store, totals.Baseline, sources, ct).ConfigureAwait(false);
    }

    /// <summary>In what a version's sources differ from those of the version that had decided most of the calls; none where those are not known.</summary>
    /// <param name="store">Where versions are kept.</param>
    /// <param name="decided">The versions that had decided, with how many calls each.</param>
    /// <param name="sources">The sources of the version that decides now.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<SourceChanges> DiffAsync(IPastCalls store, IReadOnlyDictionary<string, long> decided, IReadOnlyList<LogicSource> sources, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(decided);
        return decided.Count > 0 && await store.FindLogicVersionAsync(decided.MaxBy(b => b.Value).Key, ct).ConfigureAwait(false) is { } known
            ? SourceChanges.Between(known.Sources, sources)
            : SourceChanges.None;
    }

    /// <summary>What the replay has to meet, each as the line begins that says it does not.</summary>
    /// <param name="golden">The calls that must not change.</param>
    /// <param name="expected">The changes that were announced; null for none.</param>
    public IReadOnlyList<string> Checks(IReadOnlyList<GoldenCall> golden, ExpectedChanges? expected) =>
    [
        .. request.Rules.Select(rule => rule.Text),
        .. (expected?.Rules ?? []).Select(rule => $"expected change '{rule.Name}'"),
        .. golden.Select(call => $"golden call {call.Id}"),
    ];

    private static string NameOf(string logic) => LogicVersionName.IsHash(logic) ? "stored version" : logic;
}
