using EventCalls.Contracts;
using EventCalls.Replay.Choosing;
using EventCalls.Replay.Resuming;
using EventCalls.Store;

namespace EventCalls.Replay;

/// <summary>One replay: decides the chosen calls, keeps how far it came, and says what was replayed against what.</summary>
/// <param name="request">What was asked for.</param>
/// <param name="store">Where the calls are.</param>
/// <param name="candidate">The version that decides again: its hash, or <c>webhook:</c> and an address.</param>
/// <param name="time">The clock.</param>
public sealed class ReplaySession(ReplayRequest request, ICallStore store, string candidate, TimeProvider time)
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
        CandidateName = LogicVersionName.IsHash(request.Logic) ? "stored version" : request.Webhook is null ? request.Logic : "web service",
        Store = store.Description,
        Query = request.Choice.Query,
        Where = request.Words,
        LiveLookups = request.LiveLookups,
        LiveHandoffs = request.LiveHandoffs,
        BeganAt = _beganAt,
        Elapsed = Elapsed,
        Cancelled = isStopped,
    };
}
