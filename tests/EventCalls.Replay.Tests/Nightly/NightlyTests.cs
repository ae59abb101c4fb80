using EventCalls.Contracts;
using EventCalls.Replay.Nightly;
using EventCalls.Routing.Loading;
using EventCalls.Store;
using EventCalls.Store.Steering;

namespace EventCalls.Replay.Tests.Nightly;

/// <summary>The calls of a day, decided again by the version that had decided them.</summary>
public sealed class NightlyTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_day = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    private static readonly string s_gone = "sha256:" + new string('b', 64);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-nightly-");
    private readonly CompiledLogic _logic = Logics.Compile(Logics.Support);
    private readonly Clock _time = new() { Now = s_day.AddHours(26) };
    private readonly ListLogger _log = new();
    private ICallStore _store = null!;

    public async Task InitializeAsync()
    {
        _store = SqliteStore.Open(new StoreOptions { Sqlite = Path.Combine(_folder.FullName, "calls.db") });
        await _store.MigrateAsync(default);
        await _store.SaveLogicVersionAsync(new LogicVersionLoaded { Version = _logic.Version, Sources = _logic.Sources, LoadedAt = s_day }, default);
    }

    public async Task DisposeAsync()
    {
        _logic.Dispose();
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_day_whose_calls_come_out_the_same_raises_no_alarm_and_is_done_once_after_its_time()
    {
        await RecordAsync(calls: 5, otherwise: 0);
        using var service = Service();
        Assert.False(await service.LookAsync(default));
        _time.Now = s_day.AddHours(27);
        Assert.True(await service.LookAsync(default));
        Assert.False(await service.LookAsync(default));
        Assert.Equal((5, 5, 0), (service.Last!.Calls, service.Last.Same, service.Last.NotSame));
        Assert.Equal((s_day, s_day.AddDays(1)), (service.Last.From, service.Last.To));
        Assert.Empty(_log.Errors);

        // What was done is in the store: another process does not do it again.
        using var another = Service();
        Assert.False(await another.LookAsync(default));
        Assert.Equal(5, another.Last!.Calls);
    }

    [Fact]
    public async Task Calls_that_come_out_otherwise_are_counted_named_and_logged_as_an_error()
    {
        await RecordAsync(calls: 4, otherwise: 2);
        _time.Now = s_day.AddHours(27);
        using var service = Service();
        Assert.True(await service.LookAsync(default));
        Assert.Equal((4, 2, 2), (service.Last!.Calls, service.Last.Same, service.Last.NotSame));
        Assert.Equal(2, service.Last.Examples.Count);
        Assert.Contains("2 of 4 calls of 2026-03-02T00:00:00Z to 2026-03-03T00:00:00Z come out otherwise", Assert.Single(_log.Errors));
        var kept = NightlyResult.Read((await ((ILogicSteering)_store).LastProofAsync(ProofKind.Nightly, default))!);
        Assert.Equal(service.Last.Examples, kept.Examples);
    }

    [Fact]
    public async Task A_version_that_does_not_compile_any_more_is_one_verdict_of_its_day_and_the_next_day_has_its_own()
    {
        await RecordAsync(calls: 3, otherwise: 0);
        await RecordAsync(calls: 2, otherwise: 0, like: e => e is FlowSelected s ? s with { LogicVersion = s_gone } : e);
        await _store.SaveLogicVersionAsync(new LogicVersionLoaded { Version = s_gone, Sources = [new LogicSource("line.cs", "no logic")], LoadedAt = s_day }, default);
        _time.Now = s_day.AddHours(27);
        using var service = Service();
        Assert.True(await service.LookAsync(default));
        Assert.False(await service.LookAsync(default));

        Assert.Equal((5, 3, 2), (service.Last!.Calls, service.Last.Same, service.Last.NotSame));
        var refusal = Assert.Single(service.Last.Refused);
        Assert.Equal((s_gone, 2), (refusal.Version, refusal.Calls));
        Assert.StartsWith("does not compile any more: ", refusal.Why);
        string alarm = Assert.Single(_log.Errors);
        Assert.StartsWith("2 of 5 calls of 2026-03-02T00:00:00Z to 2026-03-03T00:00:00Z could not be decided again: bbbbbbb", alarm.Replace("sha256:", "", StringComparison.Ordinal));
        Assert.Contains("3 calls of 2026-03-02T00:00:00Z to 2026-03-03T00:00:00Z were decided again by the versions that had decided them: 3 the same", alarm);
        var kept = NightlyResult.Read((await ((ILogicSteering)_store).LastProofAsync(ProofKind.Nightly, default))!);
        Assert.Equal(service.Last.Refused, kept.Refused);

        _time.Now = _time.Now.AddDays(1);
        Assert.True(await service.LookAsync(default));
        Assert.Equal((0, 0), (service.Last.Calls, service.Last.NotSame));
    }

    [Fact]
    public void A_result_that_was_kept_before_versions_could_be_refused_is_read()
    {
        var kept = new ProofRecord(ProofKind.Nightly, 1, s_day, """{"from":"2026-03-02T00:00:00Z","to":"2026-03-03T00:00:00Z","at":"2026-03-03T03:00:00Z","versions":{},"calls":0,"same":0,"notReplayable":0,"examples":[]}""");
        Assert.Equal("0 calls of 2026-03-02T00:00:00Z to 2026-03-03T00:00:00Z were decided again by the versions that had decided them: 0 the same, 0 not replayable.", NightlyResult.Read(kept).ToString());
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29T22:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-26T05:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")]
    [InlineData("UTC", "2026-03-03T00:00:00Z", "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z")]
    public void The_day_before_is_that_of_the_zone_also_where_it_has_23_or_25_hours(string zone, string now, string from, string to)
    {
        var options = new NightlyOptions { Nightly = new TimeOnly(3, 0), NightlyZone = TimeZoneInfo.FindSystemTimeZoneById(zone) };
        var (begin, end) = options.Yesterday(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal((from, to), (UtcTime.Seconds(begin), UtcTime.Seconds(end)));
    }

    private NightlyService Service() => new(
        new NightlyOptions { Nightly = new TimeOnly(3, 0) }, _store,
        new SelfReplay(_store, (files, ct) => Task.FromResult(LogicCompiler.Compile(files, ct)), new ReplayOptions { Threads = 1 }, _time), _time, _log);

    private async Task RecordAsync(int calls, int otherwise, Func<CallEvent, CallEvent>? like = null)
    {
        var past = new PastCalls(_logic);
        for (int i = 0; i < calls; i++)
        {
            var events = PastCalls.Events(past.Call(caller: $"+1555000{i}"));
            if (i < otherwise)
                events = [.. events.Select(e => e is HandoffRequested h ? h with { Reason = "it was another one then" } : e)];
            await _store.AppendAsync([.. events.Select(e => EventToAppend.Of(like?.Invoke(e) ?? e))], default);
        }
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class ListLogger : Microsoft.Extensions.Logging.ILogger<NightlyService>
    {
        public List<string> Errors { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(Microsoft.Extensions.Logging.LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= Microsoft.Extensions.Logging.LogLevel.Error)
                Errors.Add(formatter(state, exception));
        }
    }
}
