using EventCalls.Contracts;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EventCalls.Routing.Tests.Canary;

/// <summary>A router that two versions decide in.</summary>
public sealed class CanaryRouterTests : IAsyncLifetime
{
    private static readonly IReadOnlyList<LogicSource> s_challenger = [new("desk.cs", Text(486))];

    private readonly TempFolder _temp = new();
    private readonly Stored _store = new();
    private readonly FakeTimeProvider _time = new(Calls.Noon);
    private readonly Journal _journal = new();
    private Router _router = null!;

    public Task InitializeAsync()
    {
        _temp.Write("desk.cs", Text(480));
        _router = new Router(
            new RouterOptions { LogicPath = _temp.Path, LogicFrom = LogicFrom.Store, Isolation = LogicIsolation.InProcess, HotReload = false },
            _journal, new VersionSink(), LookupTables.None, _time, NullLogger<Router>.Instance, _store);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _router.DisposeAsync();
        _temp.Dispose();
    }

    [Fact]
    public async Task A_share_that_holds_when_a_router_starts_is_decided_by_the_challenger_from_the_first_call_on()
    {
        _store.Share(50);
        await _router.StartAsync(default);
        var versions = new List<string>();
        for (int i = 0; i < 40; i++)
            versions.Add(await DecidedByAsync(Guid.NewGuid()));
        Assert.Equal([LogicVersion.Of(s_challenger), _router.Logic!.Current!.Version], versions.Distinct().OrderByDescending(v => v == LogicVersion.Of(s_challenger)));
        Assert.Contains("decides 50 % of the calls", _router.Status().Message);
    }

    [Fact]
    public async Task A_call_stays_with_the_version_that_decided_it_first_when_the_share_rises()
    {
        _store.Share(100);
        await _router.StartAsync(default);
        string champion = _router.Logic!.Current!.Version;
        Assert.Equal(champion, await DecidedByAsync(Guid.NewGuid(), first: champion));
        Assert.Equal(LogicVersion.Of(s_challenger), await DecidedByAsync(Guid.NewGuid(), first: LogicVersion.Of(s_challenger)));
    }

    [Fact]
    public async Task A_share_that_is_taken_is_gone_within_a_second_and_the_active_version_decides_all()
    {
        _store.Share(100);
        await _router.StartAsync(default);
        Assert.Equal(LogicVersion.Of(s_challenger), await DecidedByAsync(Guid.NewGuid()));
        _store.Share(0);
        await UntilAsync(() => _router.Canary is null);
        Assert.Equal(_router.Logic!.Current!.Version, await DecidedByAsync(Guid.NewGuid()));
        _store.Share(100);
        await UntilAsync(() => _router.Canary is not null);
        Assert.Equal(LogicVersion.Of(s_challenger), await DecidedByAsync(Guid.NewGuid()));
    }

    [Fact]
    public async Task A_share_beside_another_activation_than_the_one_that_holds_is_none()
    {
        _store.Share(100, activation: 3);
        await _router.StartAsync(default);
        Assert.Null(_router.Canary);
        Assert.Equal(_router.Logic!.Current!.Version, await DecidedByAsync(Guid.NewGuid()));
    }

    [Fact]
    public async Task A_challenger_that_cannot_be_used_here_gets_no_call_here()
    {
        _store.Sources = [new("desk.cs", "public sealed class Broken { int x = oops; }")];
        _store.Share(100);
        await _router.StartAsync(default);
        Assert.Null(_router.Canary);
        Assert.Equal(_router.Logic!.Current!.Version, await DecidedByAsync(Guid.NewGuid()));
    }

    private static string Text(int status) => $"public sealed class Desk : RoutingLogic {{ public override Decision Start(Conversation conv) => Handoff.Reject({status}); public override Decision TransferFailed(Conversation conv) => Handoff.Reject({status}); }}";

    private async Task UntilAsync(Func<bool> isSo)
    {
        for (int i = 0; !isSo(); i++)
        {
            Assert.True(i < 3000);
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10);
        }
    }

    private async Task<string> DecidedByAsync(Guid call, string? first = null)
    {
        var started = Calls.Started() with { CallId = call, EventId = Guid.NewGuid() };
        if (first is null)
        {
            await _router.DecideAsync(started, default);
        }
        else
        {
            var selected = Calls.Selected(started) with { LogicVersion = first };
            await _router.DecideAsync(Calls.Reroute(TransferOutcome.Busy, 486) with { Started = started, Selected = selected, Failed = Calls.Failed(started, TransferOutcome.Busy, 486) }, default);
        }
        return _journal.Appends.SelectMany(events => events).OfType<FlowSelected>().Last().LogicVersion;
    }

    private sealed class Stored : IActivatedLogic
    {
        private ProofRecord? _kept;

        public IReadOnlyList<LogicSource> Sources { get; set; } = s_challenger;

        public void Share(int share, long activation = 0) =>
            _kept = (CanaryShareTests.Record(CanarySplit.Call, share) with { Number = (_kept?.Number ?? 0) + 1, Challenger = LogicVersion.Of(Sources), Activation = activation }).ToKept();

        public Task<LogicActivation?> LastActivationAsync(CancellationToken cancellationToken) => Task.FromResult<LogicActivation?>(null);

        public Task<ProofRecord?> LastProofAsync(ProofKind kind, CancellationToken cancellationToken) => Task.FromResult(_kept);

        public Task<LogicVersionLoaded?> FindLogicVersionAsync(string version, CancellationToken cancellationToken) =>
            Task.FromResult<LogicVersionLoaded?>(new LogicVersionLoaded { Version = version, Sources = Sources, LoadedAt = Calls.Noon });
    }
}
