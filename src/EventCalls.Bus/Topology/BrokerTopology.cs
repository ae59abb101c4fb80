using MassTransit;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;

namespace EventCalls.Bus.Topology;

/// <summary>Keeps the queues on the broker: declared before the first message, at every new connection, and when a message came back because no queue took it.</summary>
internal sealed partial class BrokerTopology : IReceiveEndpointObserver, IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(30);

    private readonly BusOptions _options;
    private readonly RabbitMqDeclaration _declaration;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private Task _reconnected = Task.CompletedTask;
    private long _declaredAt;
    private long? _warnedAt;
    private int _returned;
    private int _away;

    public BrokerTopology(BusOptions options, IReadOnlyList<BusEndpoint> endpoints, TimeProvider time, ILogger logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        _declaration = new RabbitMqDeclaration(options, endpoints);
    }

    /// <summary>How many messages came back.</summary>
    public int Returned => Volatile.Read(ref _returned);

    /// <summary>Declares the queues; keeps trying while the broker is away.</summary>
    /// <exception cref="BusRefusedException">The broker is there, and refuses.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var backOff = new BackOff();
        while (true)
        {
            try
            {
                await _declaration.DeclareAsync(cancellationToken).ConfigureAwait(false);
                _declaredAt = _time.GetTimestamp();
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && IsUnreachable(e))
            {
                if (RabbitMqDeclaration.Explain(_options, "the connection", e) is { } refusal)
                    throw refusal;
                LogUnreachable(_options.Description, e.InnerException?.Message ?? e.Message);
                await Task.Delay(backOff.Next(), _time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>A message came back: says so now and then, and declares the queues again.</summary>
    /// <param name="sentAt">When it was sent, by <see cref="TimeProvider.GetTimestamp"/>. Many come back at once; what was declared since then need not be again.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task OnReturnedAsync(long sentAt, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _returned);
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_warnedAt is not { } at || _time.GetElapsedTime(at) > s_quiet)
            {
                _warnedAt = _time.GetTimestamp();
                LogReturned(_options.Description, Returned);
            }
            if (_declaredAt <= sentAt)
                await AgainAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    public Task Ready(ReceiveEndpointReady ready)
    {
        if (Interlocked.Exchange(ref _away, 0) == 1 && _reconnected.IsCompleted)
            _reconnected = ReconnectedAsync();
        return Task.CompletedTask;
    }

    public Task Faulted(ReceiveEndpointFaulted faulted) => Away();

    public Task Completed(ReceiveEndpointCompleted completed) => Away();

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _reconnected.ConfigureAwait(false);
        _stopping.Dispose();
        _one.Dispose();
    }

    // The broker that is back may be another one, or have lost its data.
    private async Task ReconnectedAsync()
    {
        try
        {
            await _one.WaitAsync(_stopping.Token).ConfigureAwait(false);
            try
            {
                await AgainAsync(_stopping.Token).ConfigureAwait(false);
            }
            finally
            {
                _one.Release();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task AgainAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        try
        {
            await _declaration.DeclareAsync(limit.Token).ConfigureAwait(false);
            _declaredAt = _time.GetTimestamp();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotDeclared(_options.Description, e.InnerException?.Message ?? e.Message);
        }
    }

    private Task Away()
    {
        Interlocked.Exchange(ref _away, 1);
        return Task.CompletedTask;
    }

    private static bool IsUnreachable(Exception e) =>
        e is BrokerUnreachableException or OperationInterruptedException or IOException or TimeoutException;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Bus} cannot be reached ({Reason}); trying again")]
    private partial void LogUnreachable(string bus, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Bus} has no queue for what we send ({Count} messages came back so far); nothing of it is lost: the queues are declared again, and it is sent again")]
    private partial void LogReturned(string bus, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The queues could not be declared again on {Bus}: {Reason}")]
    private partial void LogNotDeclared(string bus, string reason);
}
