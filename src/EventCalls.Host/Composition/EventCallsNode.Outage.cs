using EventCalls.Bus;
using EventCalls.Bus.Outage;
using EventCalls.Contracts;
using EventCalls.Host.Configuration;
using EventCalls.Routing.Consumers;
using EventCalls.Store.Spooling;

namespace EventCalls.Host.Composition;

/// <content>An ingress that is a router too goes on without the broker.</content>
internal sealed partial class EventCallsNode
{
    // What an earlier run left is sent first, while there is nothing else to do.
    private static readonly TimeSpan s_backLimit = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource<Exception> _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _leaving = new();
    private OutageRoute? _outage;
    private BrokerState? _brokerState;
    private BrokerWatch? _brokerWatch;
    private LocalDecisions? _decisions;
    private SpoolRelay? _left;

    private bool DecidesAlone => RoleSettings.DecidesAlone(_settings, _roles);

    /// <summary>Whether an earlier run that was configured otherwise left events that the broker is to get.</summary>
    private bool HasLeft => _settings.Bus.RabbitMq is not null && !DecidesAlone && Directory.Exists(_settings.Spool.Folder)
        && Directory.EnumerateFiles(_settings.Spool.Folder, "*.spool").Any();

    private void OpenOutage(Spool spool)
    {
        _brokerState = new BrokerState();
        _decisions = new LocalDecisions(Router!, _settings.Router.EffectiveConcurrency, _loggers.CreateLogger<LocalDecisions>());
        _outage = new OutageRoute(
            _bus,
            _brokerState,
            new OutageOptions(_settings.Telephony.Node, _settings.Bus.Description, TimeSpan.FromMilliseconds(_settings.Bus.AwayAfterMs)),
            (send, emptied) => Relay(spool, send, emptied),
            new LocalRoles(_decisions.Decide, _decisions.Decide, Take, Ingress!.AskAgain),
            _time,
            _loggers);
        _port.Open(_outage);
        _brokerWatch = new BrokerWatch(_settings.Bus, _settings.Telephony.Node, _brokerState, _time);
        _brokerWatch.Start();
        _supervision.Watch("the watch over the broker", _brokerWatch.Completion);
        _supervision.Watch("the way back to the broker", _outage.Completion);
    }

    private SpoolRelay Relay(Spool spool, Func<CallEventBatch, CancellationToken, Task> send, Action emptied) =>
        new(spool, _settings.Telephony.Node, send, emptied, _time, _loggers.CreateLogger<SpoolRelay>());

    // Before the node says that it is alive, so that what it left does not find its calls closed.
    private async Task SendLeftAsync(Spool spool, CancellationToken cancellationToken)
    {
        _left = Relay(spool, _bus.SendAsync, static () => { });
        _supervision.Watch("the way of what was left", _left.Completion);
        await _left.FlushAsync(s_backLimit, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for the bus as long as the broker is there; without it, the node begins alone.</summary>
    private async Task StartWithOrWithoutAsync(OutageRoute outage, Task routing, CancellationToken cancellationToken)
    {
        await routing.ConfigureAwait(false);
        await Task.WhenAny(_joining, _brokerState!.Looked).WaitAsync(cancellationToken).ConfigureAwait(false);
        // Away in between counts too: nobody knows when it comes back.
        var away = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (_brokerState.WhileUp.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), away))
            await Task.WhenAny(_joining, away.Task).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!_joining.IsCompleted)
        {
            outage.BeginAway();
            _ = TellRefusalAsync();
            return;
        }
        await _joining.ConfigureAwait(false);
        await outage.Back.WaitAsync(s_backLimit, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // The broker came, and refuses: then it must be said as at a start, and that ends the process.
    private async Task TellRefusalAsync()
    {
        try
        {
            await _joining.ConfigureAwait(false);
        }
        catch (BusRefusedException e)
        {
            LogRefused(e.Message);
            _refused.TrySetResult(e);
        }
        catch (Exception) when (_leaving.IsCancellationRequested || _stopped)
        {
            // The node stops.
        }
        catch (Exception e)
        {
            _supervision.Watch("the connection to the bus", Task.FromException(e));
        }
    }

    // A call of an ingress that has stopped is over.
    private void Take(HandoffRequested handoff)
    {
        try
        {
            Ingress!.Take(handoff);
        }
        catch (ObjectDisposedException)
        {
        }
    }

    private async Task LeaveAsync()
    {
        await _leaving.CancelAsync().ConfigureAwait(false);
        await _joining.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task CloseOutageAsync()
    {
        if (_decisions is not null)
            await _decisions.DisposeAsync().ConfigureAwait(false);
        if (_outage is not null)
            await _outage.DisposeAsync().ConfigureAwait(false);
        if (_left is not null)
            await _left.DisposeAsync().ConfigureAwait(false);
        if (_brokerWatch is not null)
            await _brokerWatch.DisposeAsync().ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The broker is there now, and refuses: {Reason}")]
    private partial void LogRefused(string reason);
}
