using EventCalls.Contracts;
using EventCalls.Contracts.Findings;
using EventCalls.Replay;
using EventCalls.Replay.Audit;
using EventCalls.Replay.Canary;
using EventCalls.Replay.Explaining;
using EventCalls.Replay.Shadow;
using EventCalls.Routing;
using EventCalls.Routing.Decisions;
using EventCalls.Routing.Destinations;
using EventCalls.Routing.Loading;
using EventCalls.Store;
using EventCalls.Store.Notifying;

namespace EventCalls.Console;

/// <summary>What the console shows and acts on: the process around it gives what it has.</summary>
public sealed record ConsoleSources
{
    /// <summary>The recorded calls; whoever gives it also closes it, after the console.</summary>
    public required ICallStore Store { get; init; }

    /// <summary>How the process is.</summary>
    public required Func<CancellationToken, Task<HealthReport>> Health { get; init; }

    /// <summary>The way to the owners of calls; null when this process has none.</summary>
    public ICallCommands? Commands { get; init; }

    /// <summary>The queues of the broker; null when there is none.</summary>
    public IBusQueues? Queues { get; init; }

    /// <summary>The outbound endpoints that a handoff may name; null leaves their names to the call's owner.</summary>
    public IReadOnlySet<string>? KnownEndpoints { get; init; }

    /// <summary>The destinations that a handoff may name.</summary>
    public HandoffDestinations Handoffs { get; init; } = HandoffDestinations.None;

    /// <summary>What is done with what a handoff's JSON wants spoken.</summary>
    public SpeechUse Speech { get; init; }

    /// <summary>Makes what explains past decisions; null when decisions cannot be taken again here.</summary>
    public Func<DecisionExplainer>? Explainer { get; init; }

    /// <summary>Compiles routing logic without using it; null when that cannot be done here.</summary>
    public Func<IReadOnlyList<LogicSource>, CancellationToken, Task<LogicCheck>>? CompileLogic { get; init; }

    /// <summary>Compiles routing logic and decides these calls with it, in processes of their own: what ends one of them is no logic to be used; null when that cannot be done here.</summary>
    public Func<IReadOnlyList<LogicSource>, IReadOnlyList<CallStarted>, CancellationToken, Task<LogicCheck>>? TryLogic { get; init; }

    /// <summary>What the routers decide by.</summary>
    public LogicFrom LogicFrom { get; init; }

    /// <summary>Makes ready to play a call on from the event of that number, with what happens then otherwise and the version that decides from there on, or the one that decided then; null when that cannot be done here.</summary>
    /// <remarks>What cannot be played like this is refused at once, by a <see cref="ForkRefusedException"/>.</remarks>
    public Func<CallHistory, int, string?, LogicVersionLoaded?, CancellationToken, Task<PreparedFork>>? Fork { get; init; }

    /// <summary>How past calls are decided again; null when that cannot be done here.</summary>
    public Func<ReplayOptions>? Replaying { get; init; }

    /// <summary>The version of the logic that this process decides by; null when it decides nothing.</summary>
    public Func<string?>? ActiveLogic { get; init; }

    /// <summary>How the version that has a share of the calls stands; null when this process does not look.</summary>
    public Func<CanaryStatus?>? Canary { get; init; }

    /// <summary>What decides live calls again; null when this process does not.</summary>
    public Func<ShadowService?>? Shadow { get; init; }

    /// <summary>The recordings that lie where this process records; null when it can open none.</summary>
    public IRecordingFiles? Recordings { get; init; }

    /// <summary>The figures of the process as they are now.</summary>
    public Func<IEnumerable<Gauge>> Gauges { get; init; } = () => [];

    /// <summary>The trunks as they are configured.</summary>
    public IReadOnlyList<TrunkObject> Trunks { get; init; } = [];

    /// <summary>The webhooks as they are configured.</summary>
    public IReadOnlyList<WebhookOptions> Webhooks { get; init; } = [];
}
