using EventCalls.Contracts;
using EventCalls.Routing.Loading;
using EventCalls.Testing.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace EventCalls.Routing.Tests.Loading;

public sealed class ActivationWatchTests : IAsyncLifetime
{
    private static readonly IReadOnlyList<LogicSource> s_first = Sources("486"), s_second = Sources("603"), s_broken = [new LogicSource("desk.cs", "public sealed class Broken { int x = oops; }")];

    private readonly TempFolder _temp = new();
    private readonly Activated _store = new();
    private readonly Compiler _compiler = new();
    private readonly SteppedTime _time = new();
    private readonly RecordingLogger _log = new();
    private readonly LogicFolder _folder;
    private readonly ActivationWatch _watch;

    public ActivationWatchTests()
    {
        _temp.Write("desk.cs", Sources("480")[0].Text);
        _folder = new LogicFolder(_temp.Path, _log, compiler: _compiler);
        _watch = new ActivationWatch(_folder, _store, _time, _log);
    }

    private string? Decides => _folder.Current?.Version;

    private static string OfFolder => LogicVersion.Of(Sources("480"));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _watch.DisposeAsync();
        await _folder.DisposeAsync();
        _temp.Dispose();
    }

    [Fact]
    public async Task A_change_is_seen_at_the_next_look_and_no_sooner()
    {
        await StartAsync();
        Assert.Equal(OfFolder, Decides);

        _store.Activate(s_first);
        await _time.GoOnAsync(TimeSpan.FromMilliseconds(999), isLook: false);
        Assert.Equal(OfFolder, Decides);
        await _time.GoOnAsync(TimeSpan.FromMilliseconds(1));
        Assert.Equal((LogicVersion.Of(s_first), "anna"), (Decides, _folder.Activation?.By));

        _store.Activate(s_second);
        await SecondAsync();
        Assert.Equal(LogicVersion.Of(s_second), Decides);
        _store.Activate(null);
        await SecondAsync();
        Assert.Equal((OfFolder, null), (Decides, _folder.Activation));
    }

    [Fact]
    public async Task What_did_not_change_is_not_compiled_again()
    {
        _store.Activate(s_first);
        await StartAsync();
        int compiled = _compiler.Compiled;
        for (int i = 0; i < 5; i++)
            await SecondAsync();
        Assert.Equal((compiled, 6), (_compiler.Compiled, _store.Looks));
    }

    [Fact]
    public async Task A_store_that_fails_is_asked_every_second_said_once_and_the_last_version_goes_on_deciding()
    {
        _store.Activate(s_first);
        await StartAsync();
        _store.Fails = true;
        for (int i = 0; i < 5; i++)
            await SecondAsync();
        Assert.Equal((6, LogicVersion.Of(s_first)), (_store.Looks, Decides));
        Assert.Contains("what decides goes on deciding", Assert.Single(_log.Warnings), StringComparison.Ordinal);

        _store.Activate(s_second);
        await SecondAsync();
        Assert.Equal(LogicVersion.Of(s_first), Decides);
        _store.Fails = false;
        await SecondAsync();
        Assert.Equal(LogicVersion.Of(s_second), Decides);

        _store.Fails = true;
        await SecondAsync();
        await SecondAsync();
        Assert.Equal(2, _log.Warnings.Count);
    }

    [Fact]
    public async Task A_version_whose_sources_are_not_there_yet_is_taken_when_they_are()
    {
        await StartAsync();
        _store.Activate(s_first, withSources: false);
        await SecondAsync();
        await SecondAsync();
        Assert.Equal(OfFolder, Decides);
        Assert.Single(_log.Warnings);
        _store.Bring(s_first);
        await SecondAsync();
        Assert.Equal(LogicVersion.Of(s_first), Decides);
    }

    [Fact]
    public async Task A_version_that_does_not_compile_is_refused_and_the_last_good_one_decides_until_another_is_activated()
    {
        _store.Activate(s_first);
        await StartAsync();
        _store.Activate(s_broken);
        await SecondAsync();
        await SecondAsync();
        Assert.Equal(LogicVersion.Of(s_first), Decides);
        Assert.StartsWith("desk.cs(1,", _folder.LastError, StringComparison.Ordinal);
        Assert.Single(_log.Lines, line => line.Level == LogLevel.Error);

        _store.Activate(s_second);
        await SecondAsync();
        Assert.Equal((LogicVersion.Of(s_second), null), (Decides, _folder.LastError));
    }

    [Fact]
    public async Task What_could_not_be_loaded_is_tried_every_second_and_said_once()
    {
        await StartAsync();
        _compiler.Fails = true;
        _store.Activate(s_first);
        for (int i = 0; i < 3; i++)
            await SecondAsync();
        Assert.Equal(OfFolder, Decides);
        Assert.Single(_log.Lines, line => line.Level == LogLevel.Error);
        _compiler.Fails = false;
        await SecondAsync();
        Assert.Equal(LogicVersion.Of(s_first), Decides);
    }

    [Fact]
    public async Task Nothing_decides_before_it_was_read_what_is_activated()
    {
        _store.Activate(s_first);
        _store.Fails = true;
        var read = _watch.ReadFirstAsync(default);
        await _time.WaitedForAsync();
        await SecondAsync();
        Assert.False(read.IsCompleted);
        Assert.Equal(2, _store.Looks);
        _store.Fails = false;
        _time.Advance(TimeSpan.FromSeconds(1));
        await read;
        await _folder.ReloadAsync(default);
        Assert.Equal(LogicVersion.Of(s_first), Decides);
        Assert.Single(_log.Warnings);
    }

    private async Task StartAsync()
    {
        await _watch.ReadFirstAsync(default);
        await _folder.StartAsync(watch: false, default);
        _watch.Start();
        await _time.WaitedForAsync();
    }

    private Task SecondAsync() => _time.GoOnAsync(TimeSpan.FromSeconds(1));

    private static LogicSource[] Sources(string status) =>
        [new LogicSource("desk.cs", $$"""public sealed class Desk : RoutingLogic { public override Decision Start(Conversation conv) => Handoff.Reject({{status}}); }""")];

    /// <summary>A clock that says when somebody begins to wait for it: the look before is over then.</summary>
    private sealed class SteppedTime : FakeTimeProvider
    {
        private readonly SemaphoreSlim _waits = new(0);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _waits.Release();
            return timer;
        }

        public async Task WaitedForAsync() => Assert.True(await _waits.WaitAsync(TimeSpan.FromSeconds(60)));

        public async Task GoOnAsync(TimeSpan span, bool isLook = true)
        {
            Advance(span);
            if (isLook)
                await WaitedForAsync();
        }
    }

    private sealed class Activated : IActivatedLogic
    {
        private readonly Dictionary<string, LogicVersionLoaded> _versions = [];
        private LogicActivation? _last;

        public bool Fails { get; set; }

        public int Looks { get; private set; }

        public void Activate(IReadOnlyList<LogicSource>? sources, bool withSources = true)
        {
            if (sources is not null && withSources)
                Bring(sources);
            _last = new LogicActivation { Number = (_last?.Number ?? 0) + 1, Version = sources is null ? null : LogicVersion.Of(sources), By = "anna", At = DateTimeOffset.UnixEpoch, RolledBack = sources is null };
        }

        public void Bring(IReadOnlyList<LogicSource> sources) =>
            _versions[LogicVersion.Of(sources)] = new LogicVersionLoaded { Version = LogicVersion.Of(sources), Sources = sources, LoadedAt = DateTimeOffset.UnixEpoch };

        public Task<ProofRecord?> LastProofAsync(ProofKind kind, CancellationToken cancellationToken) => Task.FromResult<ProofRecord?>(null);

        public Task<LogicActivation?> LastActivationAsync(CancellationToken cancellationToken)
        {
            Looks++;
            return Fails ? throw new IOException("no store") : Task.FromResult(_last);
        }

        public Task<LogicVersionLoaded?> FindLogicVersionAsync(string version, CancellationToken cancellationToken) => Task.FromResult(_versions.GetValueOrDefault(version));
    }

    private sealed class Compiler : ILogicCompiler
    {
        public bool Fails { get; set; }

        public int Compiled { get; private set; }

        public Task<LogicCheck> CompileAsync(IReadOnlyList<LogicSource> sources, CancellationToken cancellationToken)
        {
            Compiled++;
            return Fails ? throw new InvalidOperationException("no decider") : Task.FromResult(LogicCompiler.Compile(sources, cancellationToken));
        }

        public void Forget(CompiledLogic logic)
        {
        }
    }
}
