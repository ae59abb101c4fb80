using EventCalls.Contracts;
using EventCalls.Routing;
using EventCalls.Routing.Deciders;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Simulation.Forks;

/// <summary>The service's own router, deciding for a played call: nothing of it is recorded.</summary>
public sealed class ForkRouter : ICallJournal, ILogicVersionSink, IAsyncDisposable
{
    private readonly Router _router;
    private readonly ReadyLogic? _ready;
    private List<CallEvent> _decided = [];

    /// <param name="options">How to decide; the logic's folder among it.</param>
    /// <param name="lookups">Where look-ups get their answers.</param>
    /// <param name="time">The clock that watches over the logic.</param>
    public ForkRouter(RouterOptions options, ILookupSource lookups, TimeProvider time) =>
        _router = new Router(options with { LogicFrom = LogicFrom.Folder }, this, this, lookups, time, NullLogger<Router>.Instance);

    /// <param name="options">How to decide.</param>
    /// <param name="ready">The logic, which decides for other calls as well.</param>
    /// <param name="lookups">Where look-ups get their answers.</param>
    /// <param name="time">The clock that watches over the logic.</param>
    public ForkRouter(RouterOptions options, ReadyLogic ready, ILookupSource lookups, TimeProvider time) =>
        (_router, _ready) = (new Router(options, this, ready, lookups, time, NullLogger<Router>.Instance), ready);

    /// <inheritdoc />
    public int Backlog => 0;

    /// <summary>The logic that decides; null when it cannot be used.</summary>
    public CompiledLogic? Logic => _ready?.Logic ?? _router.Logic?.Current;

    /// <summary>Compiles the logic.</summary>
    public Task StartAsync(CancellationToken ct) => _router.StartAsync(ct);

    /// <summary>Decides a new call.</summary>
    public Task<IReadOnlyList<CallEvent>> DecideAsync(CallStarted started, CancellationToken ct) => TakeAsync(_router.DecideAsync(started, ct));

    /// <summary>Decides after a failed handoff.</summary>
    public Task<IReadOnlyList<CallEvent>> DecideAsync(RerouteCall reroute, CancellationToken ct) => TakeAsync(_router.DecideAsync(reroute, ct));

    /// <inheritdoc />
    public void Append(JournalEntry entry) => _decided.AddRange(entry.Events);

    /// <inheritdoc />
    public Task AppendAsync(IReadOnlyList<CallEvent> events, CancellationToken cancellationToken)
    {
        _decided.AddRange(events);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task SendAsync(LogicVersionLoaded version, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _router.DisposeAsync();

    private async Task<IReadOnlyList<CallEvent>> TakeAsync(Task deciding)
    {
        await deciding.ConfigureAwait(false);
        return Interlocked.Exchange(ref _decided, []);
    }
}
