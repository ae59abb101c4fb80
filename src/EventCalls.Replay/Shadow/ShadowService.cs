using EventCalls.Contracts;
using EventCalls.Replay.Reports.Contents;
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

    // What does not compile now hardly does a moment later, and compiling is dear.
    private static readonly TimeSpan s_compileAgain = TimeSpan.FromMinutes(10);

    private ShadowRun? _run;
    private ShadowStatus? _unusable;
    private DateTimeOffset _compiled;
    private long _seen;
    private bool _told;

    /// <summary>How many calls may wait; the others are dropped.</summary>
    public int MostWaiting { get; init; } = 2000;

    /// <summary>What it came to so far; null while no version is the shadow.</summary>
    public ShadowStatus? Status => Last is { Ended: null } status ? status : null;

    /// <summary>The same of the last one also when it is over; null when there was none since this process began.</summary>
    public ShadowStatus? Last => Volatile.Read(ref _run)?.Status ?? Volatile.Read(ref _unusable);

    /// <summary>The report of the last one, as <c>eventcalls replay</c> writes it; null when there is none in this process.</summary>
    /// <param name="asPage">As a page; else as JSON.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<byte[]?> ReportAsync(bool asPage, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _run) is not { } run)
            return null;
        using var bytes = new MemoryStream();
        await run.WriteAsync(bytes, asPage, cancellationToken).ConfigureAwait(false);
        return bytes.ToArray();
    }

    /// <summary>Goes on; whether there is more to do at once.</summary>
    public async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        var kept = await ((ILogicSteering)store).LastProofAsync(ProofKind.Shadow, cancellationToken).ConfigureAwait(false);
        if ((kept?.Number ?? 0) != _seen || (_unusable is not null && time.GetUtcNow() - _compiled >= s_compileAgain))
        {
            var record = ShadowRecord.Read(kept!);
            if (record.Challenger is { } challenger)
                await BeginAsync(record, challenger, cancellationToken).ConfigureAwait(false);
            else if (_run is { } ends)
                await ends.EndAsync(record, cancellationToken).ConfigureAwait(false);
            else
                Volatile.Write(ref _unusable, null);
            _seen = kept!.Number;
        }
        return _run is { Ended: null } run && await run.GoOnAsync(cancellationToken).ConfigureAwait(false);
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

    private async Task BeginAsync(ShadowRecord record, string challenger, CancellationToken cancellationToken)
    {
        var version = await store.FindLogicVersionAsync(challenger, cancellationToken).ConfigureAwait(false);
        var check = version is null ? null : await compile(version.Sources, cancellationToken).ConfigureAwait(false);
        var next = check?.Logic is { } logic ? new ShadowRun(record, logic, store, options, MostWaiting, time) : null;
        string? problem = next is not null ? null : check is null ? "its sources are not in the store" : $"it does not compile: {check.Diagnostics[0]}";
        if (problem is not null && (_unusable?.Record.Number, _unusable?.Problem) != (record.Number, problem))
            LogUnusable(challenger, problem);
        _compiled = time.GetUtcNow();
        Volatile.Write(ref _unusable, problem is null ? null : new ShadowStatus(record, new ReportTotals(0, 0, 0, 0), 0, 0) { Problem = problem });
        Interlocked.Exchange(ref _run, next)?.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The shadow {Version} decides no calls again: {Problem}")]
    private partial void LogUnusable(string version, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The shadow cannot go on now; tried again every second. {Problem}")]
    private partial void LogNotDone(string problem);
}
