using System.Text;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Replay.Shadow;
using EventCalls.Routing.Loading;
using EventCalls.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace EventCalls.Replay.Tests.Shadow;

/// <summary>Live calls that another version decides again, from a real store.</summary>
public sealed class ShadowTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-shadow-");
    private readonly CompiledLogic _logic = Logics.Compile(Logics.Support);
    private readonly CompiledLogic _other = Logics.Compile(Logics.Support.Replace("+4100", "+4200", StringComparison.Ordinal));
    private readonly Clock _time = new() { Now = new DateTimeOffset(2026, 3, 2, 9, 0, 30, TimeSpan.Zero) };
    private PastCalls _past = null!;
    private ICallStore _store = null!;

    public async Task InitializeAsync()
    {
        _past = new PastCalls(_logic);
        _store = SqliteStore.Open(new StoreOptions { Sqlite = Path.Combine(_folder.FullName, "calls.db") });
        await _store.MigrateAsync(default);
        foreach (var logic in (CompiledLogic[])[_logic, _other])
            await _store.SaveLogicVersionAsync(new LogicVersionLoaded { Version = logic.Version, Sources = logic.Sources, LoadedAt = DateTimeOffset.UnixEpoch }, default);
    }

    public async Task DisposeAsync()
    {
        _logic.Dispose();
        _other.Dispose();
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Calls_that_end_are_decided_again_and_the_report_grows_with_them()
    {
        await CallAsync("+15550009");
        _time.Now = _time.Now.AddMinutes(1);
        await new Shadows(_store, _time).SetAsync(_other.Version, "anna", null, default);
        using var service = Service();
        Assert.False(await service.LookAsync(default));
        Assert.Equal(0, service.Status!.Totals.Calls);

        await CallAsync("+15550001");
        await CallAsync("+15550002");
        Assert.False(await service.LookAsync(default));
        Assert.Equal((1, 1, 0), (service.Status.Totals.Same, service.Status.Totals.Changed, service.Status.Dropped));
        await CallAsync("+15550003");
        await service.LookAsync(default);
        var report = JsonElement.Parse(await service.ReportAsync(asPage: false, default));
        Assert.Equal((3, 1, 2), (report.GetProperty("calls").GetInt32(), report.GetProperty("same").GetInt32(), report.GetProperty("changed").GetInt32()));
        string page = Encoding.UTF8.GetString((await service.ReportAsync(asPage: true, default))!);
        Assert.Contains("+4200", page);
        Assert.Contains("The changed calls", page);
        Assert.Contains("<ins>+    public Decision General(Conversation conv) =&gt; Handoff.Invite(&quot;+4200&quot;", page);
    }

    [Fact]
    public async Task The_report_of_the_last_one_stays_when_it_is_over_and_has_what_had_ended_by_then()
    {
        var shadows = new Shadows(_store, _time);
        await shadows.SetAsync(_other.Version, "anna", null, default);
        using var service = Service();
        await CallAsync("+15550001");
        await service.LookAsync(default);
        Assert.Equal(1, service.Status!.Totals.Calls);
        await CallAsync("+15550002");
        _time.Now = _time.Now.AddMinutes(1);
        var over = (await shadows.SetAsync(null, "bob", "enough", default)).Record;
        await CallAsync("+15550003");
        Assert.False(await service.LookAsync(default));
        Assert.False(await service.LookAsync(default));

        Assert.Null(service.Status);
        Assert.Equal((2, over), (service.Last!.Totals.Calls, service.Last.Ended));
        var report = JsonElement.Parse(await service.ReportAsync(asPage: false, default));
        Assert.Equal((2, 1), (report.GetProperty("calls").GetInt32(), report.GetProperty("changed").GetInt32()));
        Assert.Contains($"before the shadow was over at {UtcTime.Seconds(over.At)}", report.GetProperty("run").GetProperty("where").GetString());

        await shadows.SetAsync(_logic.Version, "anna", null, default);
        await service.LookAsync(default);
        Assert.Equal((0, null), (service.Last.Totals.Calls, service.Last.Ended));
    }

    [Fact]
    public async Task The_last_one_is_told_by_the_changes_also_when_it_is_over()
    {
        var shadows = new Shadows(_store, _time);
        Assert.Null(ShadowSpan.Last(await shadows.ListAsync(2, default)));
        await shadows.SetAsync(null, "bob", null, default);
        Assert.Null(ShadowSpan.Last(await shadows.ListAsync(2, default)));
        var started = (await shadows.SetAsync(_other.Version, "anna", null, default)).Record;
        Assert.Equal(new ShadowSpan(started, null), ShadowSpan.Last(await shadows.ListAsync(2, default)));
        var ended = (await shadows.SetAsync(null, "bob", null, default)).Record;
        Assert.Equal(new ShadowSpan(started, ended), ShadowSpan.Last(await shadows.ListAsync(2, default)));
    }

    [Fact]
    public async Task A_version_that_does_not_compile_is_said_and_not_compiled_again_every_second()
    {
        var broken = new LogicVersionLoaded { Version = "sha256:" + new string('b', 64), Sources = [new LogicSource("line.cs", "no logic")], LoadedAt = DateTimeOffset.UnixEpoch };
        await _store.SaveLogicVersionAsync(broken, default);
        await new Shadows(_store, _time).SetAsync(broken.Version, "anna", null, default);
        int compiled = 0;
        using var service = Service(compile: () => compiled++);
        Assert.False(await service.LookAsync(default));
        Assert.False(await service.LookAsync(default));

        Assert.StartsWith("it does not compile: ", service.Status!.Problem);
        Assert.Null(await service.ReportAsync(asPage: false, default));
        Assert.Equal(1, compiled);
        _time.Now = _time.Now.AddMinutes(10);
        await service.LookAsync(default);
        Assert.Equal(2, compiled);
        await new Shadows(_store, _time).SetAsync(null, "anna", null, default);
        await service.LookAsync(default);
        Assert.Null(service.Last);
    }

    [Fact]
    public async Task What_it_does_not_come_to_is_dropped_and_counted()
    {
        await new Shadows(_store, _time).SetAsync(_other.Version, "anna", null, default);
        for (int i = 0; i < 12; i++)
            await CallAsync($"+1555{i}");
        using var service = Service(mostWaiting: 5);
        await service.LookAsync(default);
        Assert.Equal((5, 7), (service.Status!.Totals.Calls, service.Status.Dropped));
    }

    [Fact]
    public async Task It_ends_when_somebody_says_so_and_asked_for_twice_it_is_one_change()
    {
        var shadows = new Shadows(_store, _time);
        Assert.True((await shadows.SetAsync(_other.Version, "anna", null, default)).Changed);
        Assert.False((await shadows.SetAsync(_other.Version, "bob", null, default)).Changed);
        using var service = Service();
        await service.LookAsync(default);
        Assert.NotNull(service.Status);
        Assert.True((await shadows.SetAsync(null, "bob", "enough", default)).Changed);
        await service.LookAsync(default);
        Assert.Null(service.Status);
        Assert.Equal(["bob", "anna"], (await shadows.ListAsync(9, default)).Select(r => r.By));
    }

    [Fact]
    public async Task A_call_that_lasts_is_not_waited_for_and_decided_when_it_has_ended()
    {
        await new Shadows(_store, _time).SetAsync(_other.Version, "anna", null, default);
        using var service = Service();
        var lasting = PastCalls.Events(_past.Call(caller: "+15550008"));
        await _store.AppendAsync([.. lasting[..^1].Select(EventToAppend.Of)], default);
        _time.Now = _time.Now.AddMinutes(7);
        await CallAsync("+15550007");
        _time.Now = _time.Now.AddMinutes(1);
        await service.LookAsync(default);
        Assert.Equal(0, service.Status!.Totals.Calls);
        _time.Now = _time.Now.AddMinutes(20);
        await service.LookAsync(default);
        Assert.Equal(1, service.Status.Totals.Calls);
        await _store.AppendAsync([EventToAppend.Of(lasting[^1])], default);
        _time.Now = _time.Now.AddMinutes(1);
        await service.LookAsync(default);
        await service.LookAsync(default);
        Assert.Equal(2, service.Status.Totals.Calls);
    }

    [Fact]
    public async Task A_call_costs_it_little()
    {
        await new Shadows(_store, _time).SetAsync(_other.Version, "anna", null, default);
        for (int i = 0; i < 4500; i++)
            await CallAsync($"+1555{i}");
        using var service = Service(mostWaiting: 10_000);
        for (int i = 0; i < 3; i++)
            Assert.True(await service.LookAsync(default));
        var before = Environment.CpuUsage.TotalTime;
        while (await service.LookAsync(default))
        {
        }
        output.WriteLine($"shadow: {(Environment.CpuUsage.TotalTime - before).TotalMicroseconds / 3000:0} us CPU a call");
        Assert.Equal(4500, service.Status!.Totals.Calls);
    }

    private ShadowService Service(int mostWaiting = 2000, Action? compile = null) => new(
        _store,
        (files, ct) =>
        {
            compile?.Invoke();
            return Task.FromResult(LogicCompiler.Compile(files, ct));
        },
        new ReplayOptions { Threads = 1 }, _time, NullLogger<ShadowService>.Instance)
    { MostWaiting = mostWaiting };

    // Each call begins seven minutes after the one before.
    private async Task CallAsync(string caller)
    {
        _time.Now = _time.Now.AddMinutes(7);
        await _store.AppendAsync([.. PastCalls.Events(_past.Call(caller: caller)).Select(EventToAppend.Of)], default);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
