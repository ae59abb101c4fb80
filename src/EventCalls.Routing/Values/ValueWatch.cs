using EventCalls.Contracts;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;
using Microsoft.Extensions.Logging;

namespace EventCalls.Routing.Values;

/// <summary>Follows what operators set for <c>conv.Config</c>, within a second; while it cannot be read the last values stay.</summary>
internal sealed partial class ValueWatch : IAsyncDisposable
{
    // Calls are not kept waiting for a store that is away: their logic is told that nothing is known yet.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    private readonly IOperatorValues _values;
    private readonly ILogger _logger;
    private readonly StorePoll _poll;
    private readonly LookupTables _known;
    private volatile ILookupSource _lookups;
    private long _seen = -1;

    public ValueWatch(IOperatorValues values, LookupTables tables, TimeProvider time, ILogger logger)
    {
        (_values, _logger) = (values, logger);
        _known = tables.WithAnswers([KeyValuePair.Create(ValueNames.Prefix, "")]);
        _lookups = tables;
        _poll = new StorePoll(ReadAsync, LogNotRead, time);
    }

    /// <summary>The look-ups with the values as they are now.</summary>
    public ILookupSource Lookups => _lookups;

    /// <summary>Reads the values, and again every second from then on.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _poll.LookAsync(cancellationToken).ConfigureAwait(false);
        _poll.Start();
    }

    public ValueTask DisposeAsync() => _poll.DisposeAsync();

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        // A read that hangs is as good as one that fails.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        if (await _values.ReadValuesAsync(_seen, limit.Token).ConfigureAwait(false) is not { } read)
            return;
        _lookups = new RecordedThenTables([.. read.Values.Select(v => new LookupAnswer(ValueNames.Prefix + v.Key, "", v.Value))], _known);
        _seen = read.Number;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What operators have set for routing logic cannot be read now; what was read last stays, and it is tried again every second.")]
    private partial void LogNotRead(Exception e);
}
