using EventCalls.Contracts;
using EventCalls.Routing.Lookups;
using Microsoft.Extensions.Logging;

namespace EventCalls.Routing.Values;

/// <summary>Follows what operators set for <c>conv.Config</c>, within a second; while it cannot be read the last values stay.</summary>
internal sealed partial class ValueWatch(IOperatorValues values, LookupTables tables, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    // Calls are not kept waiting for a store that is away: their logic is told that nothing is known yet.
    private static readonly TimeSpan s_firstRead = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly LookupTables _known = tables.WithAnswers([KeyValuePair.Create(ValueNames.Prefix, "")]);
    private volatile ILookupSource _lookups = tables;
    private Task _loop = Task.CompletedTask;
    private long _seen = -1;
    private bool _told;

    /// <summary>The look-ups with the values as they are now.</summary>
    public ILookupSource Lookups => _lookups;

    /// <summary>Reads the values, and again every second from then on.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_firstRead);
        await ReadAsync(limit.Token).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        _loop = LoopAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task LoopAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(s_interval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!cancellationToken.IsCancellationRequested)
                await ReadAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await values.ReadValuesAsync(_seen, cancellationToken).ConfigureAwait(false) is { } read)
            {
                _lookups = new RecordedThenTables([.. read.Values.Select(v => new LookupAnswer(ValueNames.Prefix + v.Key, "", v.Value))], _known);
                _seen = read.Number;
            }

            _told = false;
        }
        catch (Exception e)
        {
            if (!_told && !_stop.IsCancellationRequested)
                LogNotRead(e);
            _told = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What operators have set for routing logic cannot be read now; what was read last stays, and it is tried again every second.")]
    private partial void LogNotRead(Exception e);
}
