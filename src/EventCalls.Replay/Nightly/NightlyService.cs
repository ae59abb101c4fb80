using EventCalls.Contracts;
using EventCalls.Store;
using EventCalls.Store.Steering;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventCalls.Replay.Nightly;

/// <summary>Decides the calls of the day before again, once a day, and raises the alarm when one comes out otherwise. Of several processes one keeps the result.</summary>
/// <param name="options">When.</param>
/// <param name="store">The store.</param>
/// <param name="replay">What decides again.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where the result goes.</param>
public sealed partial class NightlyService(NightlyOptions options, ICallStore store, SelfReplay replay, TimeProvider time, ILogger<NightlyService> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private NightlyResult? _last;
    private long _seen;

    /// <summary>What the last one came to; null before the first.</summary>
    public NightlyResult? Last => Volatile.Read(ref _last);

    /// <summary>Does it, if it is due: the day before was not decided again yet, and the time of day is past.</summary>
    /// <returns>Whether it was.</returns>
    public async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        var steering = (ILogicSteering)store;
        var now = time.GetUtcNow();
        var kept = await steering.LastProofAsync(ProofKind.Nightly, cancellationToken).ConfigureAwait(false);
        if (kept is not null && kept.Number != _seen)
        {
            Volatile.Write(ref _last, NightlyResult.Read(kept));
            _seen = kept.Number;
        }
        var (from, to) = options.Yesterday(now);
        if (!options.IsPast(now) || Last?.To >= to)
            return false;
        var result = await replay.RunAsync(from, to, cancellationToken).ConfigureAwait(false);
        await steering.TryKeepProofAsync(result.ToKept((kept?.Number ?? 0) + 1), cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _last, result);
        if (result.NotSame > 0)
            LogNotSame(result.ToString(), result.Refused.Count > 0
                ? "Until those versions can be used again, nothing shows whether they decide the same."
                : "The logic depends on something that is not the call: replays, and what was said of canaries, cannot be relied on.");
        else
            LogSame(result.ToString());
        return true;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                LogNotDone(e.Message);
            }
            await Task.Delay(s_interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Result} {Meaning}")]
    private partial void LogNotSame(string result, string meaning);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Result}")]
    private partial void LogSame(string result);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The calls of the day before cannot be decided again now; tried again in a minute. {Problem}")]
    private partial void LogNotDone(string problem);
}
