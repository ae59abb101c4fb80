using EventCalls.Contracts;
using EventCalls.Routing.Loading;
using EventCalls.Store;
using EventCalls.Store.Steering;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventCalls.Replay.Shadow;

/// <summary>Has the version that is the shadow decide the calls again that end.</summary>
/// <param name="store">The store.</param>
/// <param name="compile">Compiles a version.</param>
/// <param name="options">How calls are decided again.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Says what cannot be done.</param>
public sealed partial class ShadowService(
    ICallStore store, Func<IReadOnlyList<LogicSource>, CancellationToken, Task<LogicCheck>> compile, ReplayOptions options, TimeProvider time, ILogger<ShadowService> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private ShadowRun? _run;
    private long _seen;
    private bool _told;

    /// <summary>How many calls may wait; the others are dropped.</summary>
    public int MostWaiting { get; init; } = 2000;

    /// <summary>What it came to so far; null while no version is the shadow.</summary>
    public ShadowStatus? Status => Volatile.Read(ref _run)?.Status;

    /// <summary>The report so far, as <c>eventcalls replay</c> writes it; null while no version is the shadow.</summary>
    /// <param name="asPage">As a page; else as JSON.</param>
    public byte[]? Report(bool asPage)
    {
        if (Volatile.Read(ref _run) is not { } run)
            return null;
        using var bytes = new MemoryStream();
        run.Write(bytes, asPage);
        return bytes.ToArray();
    }

    /// <summary>Goes on; whether there is more to do at once.</summary>
    public async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        var kept = await ((ILogicSteering)store).LastProofAsync(ProofKind.Shadow, cancellationToken).ConfigureAwait(false);
        if ((kept?.Number ?? 0) != _seen)
        {
            await BeginAsync(ShadowRecord.Read(kept!), cancellationToken).ConfigureAwait(false);
            _seen = kept!.Number;
        }
        return _run is { } run && await run.GoOnAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Interlocked.Exchange(ref _run, null)?.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await LookAsync(stoppingToken).ConfigureAwait(false))
                {
                }
                _told = false;
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                if (!_told)
                    LogNotDone(e.Message);
                _told = true;
            }
            await Task.Delay(s_interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task BeginAsync(ShadowRecord record, CancellationToken cancellationToken)
    {
        ShadowRun? next = null;
        if (record.Challenger is { } challenger)
        {
            var version = await store.FindLogicVersionAsync(challenger, cancellationToken).ConfigureAwait(false) ?? throw new InvalidDataException($"The sources of {challenger} are not in the store.");
            var check = await compile(version.Sources, cancellationToken).ConfigureAwait(false);
            next = new ShadowRun(record, check.Logic ?? throw new InvalidDataException($"{challenger} cannot be used: {check.Diagnostics[0]}"), store, options, MostWaiting, time);
        }
        Interlocked.Exchange(ref _run, next)?.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The shadow cannot go on now; tried again every second. {Problem}")]
    private partial void LogNotDone(string problem);
}
