using EventCalls.Contracts;
using EventCalls.Replay.Explaining;
using EventCalls.Routing;
using EventCalls.Routing.Lookups;
using EventCalls.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Replay.Tests.Explaining;

/// <summary>A call that a real router decides, and a store that has the sources of its logic.</summary>
internal sealed class RoutedCall : ICallJournal, ILogicVersionSink, IAsyncDisposable
{
    public const string Logic = """
        using System;
        using EventCalls.Routing;

        public sealed class Sample : RoutingLogic
        {
            public override Decision Start(Conversation conv)
            {
                conv.State["tier"] = conv.Lookup("tiers", conv.CallerNumber);
                if (conv.SipHeaders["X-Broken"] is not null)
                    throw new InvalidOperationException("broken on purpose");
                return conv.State["tier"] == "gold" ? conv.GotoFlow("vip") : Handoff.Reject(480);
            }

            [Flow("vip")]
            public Decision Vip(Conversation conv) => conv.Now.Hour < 18 ? conv.GotoFlow("desk") : Handoff.Reject(486);

            [Flow("desk")]
            public Decision Desk(Conversation conv) =>
                Handoff.Invite("+1222" + conv.Random.Next(1000, 9999), outboundEndpoint: "pstn");

            [Flow("fallback")]
            public Decision Fallback(Conversation conv) => Handoff.Bye("later");

            public override Decision TransferFailed(Conversation conv) =>
                conv.LastTransfer!.Outcome == TransferOutcome.Busy && conv.LastTransfer.CallerAnswered ? Handoff.Bye(conv.LastTransfer.Target) : Handoff.Reject(480);
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("eventcalls-explain-").FullName;

    public RoutedCall() => Store = SqliteStore.Open(new StoreOptions { Sqlite = Path.Combine(_folder, "calls.db") });

    public ICallStore Store { get; }

    public List<CallEvent?> Events { get; } = [];

    public int Backlog => 0;

    public DateTimeOffset Now { get; set; } = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public DefaultDecision Default { get; set; } = DefaultDecision.Reject480;

    public IReadOnlySet<string>? Endpoints { get; set; }

    /// <summary>Whether the sources reach the store.</summary>
    public bool KeepsSources { get; set; } = true;

    /// <summary>The INVITE, and the router's decision.</summary>
    public async Task<RoutedCall> StartAsync(params SipHeader[] headers)
    {
        await Store.MigrateAsync(default);
        var started = Add(Draft.Started(Guid.CreateVersion7(), Guid.CreateVersion7(), Now) with { Headers = headers });
        await RouteAsync(router => router.DecideAsync(started, default));
        return this;
    }

    /// <summary>The handoff is tried, rings until it is busy, and the router decides again.</summary>
    public async Task<RoutedCall> BusyAsync()
    {
        var handoff = Events.OfType<HandoffRequested>().Last();
        var begun = Add(Draft.Attempt(handoff.HandoffId, 1, HandoffMethod.Invite, "sip:desk@192.0.2.7").After(handoff, Guid.CreateVersion7()) with { OccurredAt = Now });
        Add(Draft.Answered("caller").After(begun, Guid.CreateVersion7()));
        var failed = Add(Draft.Failed(handoff.HandoffId, 1, HandoffMethod.Invite, new SipEvidence { Source = "response", Status = 486 }).After(begun, Guid.CreateVersion7(), 3_000));
        await RouteAsync(router => router.DecideAsync(
            new RerouteCall
            {
                Started = (CallStarted)Events[0]!,
                Selected = Events.OfType<FlowSelected>().Last(),
                Failed = failed,
                Target = begun.Target,
                CallerAnswered = true,
            },
            default));
        return this;
    }

    /// <summary>Explains every decision.</summary>
    public async Task<List<Explanation>> ExplainAsync()
    {
        await using var explainer = new DecisionExplainer(Store, null, null, TimeProvider.System, NullLogger.Instance);
        var explained = new List<Explanation>();
        foreach (var decision in RecordedDecisions.Of(Events))
            explained.Add(await explainer.ExplainAsync(decision, default));
        return explained;
    }

    /// <summary>Adds an event.</summary>
    public T Add<T>(T e)
        where T : CallEvent
    {
        Events.Add(e);
        return e;
    }

    public void Append(JournalEntry entry) => Events.AddRange(entry.Events);

    public Task AppendAsync(IReadOnlyList<CallEvent> events, CancellationToken cancellationToken)
    {
        Events.AddRange(events);
        return Task.CompletedTask;
    }

    public Task SendAsync(LogicVersionLoaded version, CancellationToken cancellationToken) =>
        KeepsSources ? Store.SaveLogicVersionAsync(version, cancellationToken) : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task RouteAsync(Func<Router, Task> decide)
    {
        var logic = Directory.CreateDirectory(Path.Combine(_folder, "logic")).FullName;
        await File.WriteAllTextAsync(Path.Combine(logic, "sample.cs"), Logic);
        var tiers = LookupTables.From(new Dictionary<string, IReadOnlyDictionary<string, string?>>
        {
            ["tiers"] = new Dictionary<string, string?> { ["+15551234567"] = "gold" },
        });
        var options = new RouterOptions { LogicPath = logic, HotReload = false, DecisionThreads = 1, Default = Default, KnownEndpoints = Endpoints, TimeLimit = TimeSpan.FromSeconds(5) };
        await using var router = new Router(options, this, this, tiers, TimeProvider.System, NullLogger<Router>.Instance);
        await router.StartAsync(default);
        await decide(router);
    }
}
