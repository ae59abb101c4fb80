using System.Diagnostics;
using EventCalls.Contracts;
using EventCalls.Routing.Deciders;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace EventCalls.Routing.Tests.Deciders;

/// <summary>A pool of deciders under hostile logic: what is done to one costs that decision and nothing else.</summary>
public class DeciderPoolTests(ITestOutputHelper output)
{
    private static readonly DecideOptions s_options = new() { TimeLimit = TimeSpan.FromMilliseconds(250) };

    [Fact]
    public async Task Nobody_hears_of_a_fleet_that_was_not_started()
    {
        // Whoever makes one cannot be told before it is made: a pool that was lost the process.
        int told = 0;
        var fleet = new DeciderFleet(
            new DeciderPoolOptions { Process = TestDeciders.Options }, _ => Task.CompletedTask, _ => told++, () => told++, TimeProvider.System, NullLogger.Instance);
        await fleet.DisposeAsync();
        Assert.Equal(0, told);
    }

    [Fact]
    public async Task Each_hostile_decision_fails_alone_and_every_call_of_others_is_decided()
    {
        await using var pool = Pool();
        var check = await pool.CompileUnguardedAsync([new LogicSource("line.cs", HostileLogics.Source)]);
        Assert.True(check.Ok, string.Join("\n", check.Diagnostics));
        await pool.UseAsync(check.Logic!, default);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var wrong = new List<string>();
        for (int i = 0; i < HostileLogics.All.Length; i++)
        {
            var (name, _, mayDecide) = HostileLogics.All[i];
            var began = Stopwatch.StartNew();
            // Calls of others before it, with it and behind it.
            var others = Enumerable.Range(0, 20).Select(n => DecideAsync(pool, check.Logic!, $"+{n}")).ToList();
            var hostile = DecideAsync(pool, check.Logic!, $"hostile-{i}");
            others.AddRange(Enumerable.Range(20, 80).Select(n => DecideAsync(pool, check.Logic!, $"+{n}")));
            var result = await hostile.WaitAsync(TimeSpan.FromSeconds(60));
            var decided = await Task.WhenAll(others).WaitAsync(TimeSpan.FromSeconds(60));
            var next = await DecideAsync(pool, check.Logic!, "next").WaitAsync(TimeSpan.FromSeconds(60));
            output.WriteLine($"{began.ElapsedMilliseconds,6} ms  {name}: {result.Failure?.Cause.ToString() ?? "decided"} {result.Failure?.Message}");
            if (result.Failure is null && !mayDecide)
                wrong.Add($"{name} was decided");
            if (decided.Concat([next]).Where((r, n) => r.Failure is not null || r.Steps[0].Reason != (n == 100 ? "next" : $"+{n}")).ToList() is { Count: > 0 } lost)
                wrong.Add($"{name} cost {lost.Count} calls of others: {lost[0].Failure?.Message}");
        }

        Assert.Empty(wrong);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 20 << 20);
    }

    [Fact]
    public async Task Sources_that_harm_their_compiler_are_refused_and_the_last_good_version_decides()
    {
        using var temp = new TempFolder();
        temp.Write("line.cs", Logics.Start("return Handoff.Bye(\"good\");"));
        await using var pool = Pool();
        var folder = new LogicFolder(temp.Path, NullLogger.Instance, pool.UseAsync, new Unguarded(pool));
        Assert.True((await folder.ReloadAsync(default)).Ok);
        foreach (var (name, source) in HostileLogics.Loading)
        {
            temp.Write("line.cs", source);
            var check = await folder.ReloadAsync(default);
            output.WriteLine($"{name}: {string.Join(" ", check.Diagnostics)}");
            Assert.False(check.Ok, name);
            Assert.NotNull(folder.LastError);
            Assert.Equal("good", (await DecideAsync(pool, folder.Current!, "+1")).Steps[0].Reason);
        }

        temp.Write("line.cs", Logics.Start("return Handoff.Bye(\"better\");"));
        Assert.True((await folder.ReloadAsync(default)).Ok);
        Assert.Null(folder.LastError);
        Assert.Equal("better", (await DecideAsync(pool, folder.Current!, "+1")).Steps[0].Reason);
        await folder.DisposeAsync();
    }

    [Fact]
    public async Task A_static_initializer_that_meets_a_limit_costs_the_decision_that_ran_it_and_no_other()
    {
        // The runtime initializes a generic class when it is first touched, once: what failed then fails in that process for ever. (The call a process is tried with touches none.)
        await using var pool = Pool();
        using var logic = Logics.Load(Logics.Start(
            "if (conv.CallerNumber == \"+1\") return Handoff.Bye(); return Handoff.Bye(conv.CallerNumber == \"deep\" ? $\"{Deep(20_000)}\" : conv.CallerNumber == \"long\" ? $\"{Long<int>.X}\" : $\"{Deep(1)} {conv.CallerNumber}\");",
            """
            static class Made<T> { public static readonly int X = Down(9_000); static int Down(int n) => n == 0 ? 1 : Down(n - 1) + 1; }
            static class Long<T> { public static readonly int X = Ever(); static int Ever() { int n = 1; while (n != 0) n |= 1; return n; } }
            static int Deep(int n) => n == 0 ? Made<string>.X : Deep(n - 1) + 1;
            """));
        await pool.UseAsync(logic, default);
        foreach (string hostile in (string[])["deep", "long"])
        {
            var harmed = DecideAsync(pool, logic, hostile);
            var others = Enumerable.Range(100, 40).Select(n => DecideAsync(pool, logic, $"+{n}")).ToList();

            // A process that takes long to end is ended. Asked again of one where another call has initialized the class meanwhile, the deep one is decided.
            var result = await harmed.WaitAsync(TimeSpan.FromSeconds(60));
            Assert.True(result.Failure is null ? hostile == "deep" : result.Failure.Cause is RoutingFailureCause.LogicCrashed or RoutingFailureCause.LogicTimedOut, $"{hostile}: {result.Failure}");
            var decided = await Task.WhenAll(others).WaitAsync(TimeSpan.FromSeconds(60));
            Assert.All(decided, r => Assert.Null(r.Failure));
            Assert.Equal("9002 +103", decided[3].Steps[0].Reason);
        }
    }

    [Fact]
    public async Task A_state_that_does_not_fit_into_memory_as_JSON_is_a_failure_of_the_decision()
    {
        await using var pool = Pool();
        using var logic = Logics.Load(Logics.Start("conv.State[\"x\"] = new string('x', int.Parse(conv.CallerNumber)); return Handoff.Bye();"));
        await pool.UseAsync(logic, default);
        foreach (int size in (int[])[1_000_000, 10_000_000, 30_000_000, 60_000_000, 80_000_000, 100_000_000])
        {
            var result = await DecideAsync(pool, logic, $"{size}").WaitAsync(TimeSpan.FromSeconds(60));

            Assert.True(result.Failure?.Cause is RoutingFailureCause.InvalidDecision or RoutingFailureCause.LogicTimedOut, $"{size}: {result.Failure}");
            Assert.Empty(result.State);
        }
    }

    [Fact]
    public async Task A_decider_that_is_killed_from_outside_costs_no_decision()
    {
        await using var pool = Pool();
        using var logic = Logics.Load(Logics.Start("return Handoff.Bye(conv.CallerNumber);"));
        await pool.UseAsync(logic, default);
        for (int round = 0; round < 3; round++)
        {
            var asked = Enumerable.Range(0, 2000).Select(n => DecideAsync(pool, logic, $"+{n}")).ToList();
            while (pool.Running.Count == 0)
                await Task.Delay(10);
            using (var process = Process.GetProcessById(pool.Running[0].Id))
                process.Kill();
            var results = await Task.WhenAll(asked).WaitAsync(TimeSpan.FromSeconds(60));
            Assert.All(results, r => Assert.Null(r.Failure));
        }
    }

    [Fact]
    public async Task Calls_behind_one_that_hangs_are_decided_by_the_spare_before_it_is_given_up()
    {
        await using var pool = Pool();
        var logic = (await pool.CompileUnguardedAsync([new LogicSource("line.cs", Logics.Start(
            "if (conv.CallerNumber == \"hang\") System.Threading.Thread.Sleep(-1); return Handoff.Bye();"))])).Logic!;
        await pool.UseAsync(logic, default);
        Assert.Null((await DecideAsync(pool, logic, "+1").WaitAsync(TimeSpan.FromSeconds(60))).Failure);
        while (pool.Running.Count < 2)
            await Task.Delay(10);
        var hanging = pool.RunAsync(logic, DecisionRequest.For(Calls.Started(caller: "hang")), new DecideOptions { TimeLimit = TimeSpan.FromSeconds(10) });
        var others = Enumerable.Range(0, 500).Select(n => DecideAsync(pool, logic, $"+{n}")).ToList();
        Assert.All(await Task.WhenAll(others).WaitAsync(TimeSpan.FromSeconds(60)), r => Assert.Null(r.Failure));
        Assert.False(hanging.IsCompleted);
    }

    [Fact]
    public async Task A_version_that_ends_every_decider_is_asked_no_more_for_a_while()
    {
        await using var pool = Pool();
        var bad = (await pool.CompileUnguardedAsync([new LogicSource("line.cs", Logics.Start("Environment.FailFast(\"x\"); return Handoff.Bye();"))])).Logic!;
        DecisionResult last = null!;
        for (int i = 0; i < 17; i++)
            last = await DecideAsync(pool, bad, "+1").WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Contains("paused", last.Failure!.Message, StringComparison.Ordinal);
        using var good = Logics.Load(Logics.Start("return Handoff.Bye(\"good\");"));
        Assert.Equal("good", (await DecideAsync(pool, good, "+1").WaitAsync(TimeSpan.FromSeconds(60))).Steps[0].Reason);
    }

    [Fact]
    public async Task A_live_sample_decided_in_another_process_finds_what_depends_on_the_machine()
    {
        await using var pool = Pool();
        var check = await pool.CompileUnguardedAsync([new LogicSource("line.cs", Logics.Start(
            """
            return conv.CallerNumber switch
            {
                "zone" => Handoff.Bye(TimeZoneInfo.Local.BaseUtcOffset.ToString()),
                "hash" => Handoff.Bye("x".GetHashCode().ToString()),
                "folder" => Handoff.Bye(Environment.CurrentDirectory.Replace("/", "_")),
                "variable" => Handoff.Bye(Environment.GetEnvironmentVariable("LC_ALL") ?? "none"),
                "memory" => Handoff.Bye(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes.ToString()),
                _ => Handoff.Bye("honest"),
            };
            """))]);
        var sample = new LiveSample(100, TestDeciders.Options, TimeProvider.System, NullLogger.Instance);
        string[] cheats = ["zone", "hash", "folder", "variable", "memory"];
        foreach (string caller in cheats.Append("honest"))
        {
            var request = DecisionRequest.For(Calls.Started(caller: caller));
            sample.Offer(check.Logic!, request, s_options, await pool.RunAsync(check.Logic!, request, s_options));
        }

        await sample.DisposeAsync();
        Assert.Equal((6, 5), (sample.Again, sample.Differing));
        Assert.Contains("steps[0].reason", sample.LastDifference, StringComparison.Ordinal);
    }

    private static Task<DecisionResult> DecideAsync(DeciderPool pool, CompiledLogic logic, string caller) =>
        pool.RunAsync(logic, DecisionRequest.For(Calls.Started(caller: caller)), s_options);

    private static DeciderPool Pool() =>
        new(new DeciderPoolOptions { Process = TestDeciders.Options }, TimeProvider.System, NullLogger.Instance);

    private sealed class Unguarded(DeciderPool pool) : ILogicRunner
    {
        public Task<LogicCheck> CompileAsync(IReadOnlyList<LogicSource> sources, CancellationToken cancellationToken) => pool.CompileUnguardedAsync(sources);

        public Task<DecisionResult> RunAsync(CompiledLogic logic, DecisionRequest request, DecideOptions options) => pool.RunAsync(logic, request, options);

        public Task UseAsync(CompiledLogic logic, CancellationToken cancellationToken) => pool.UseAsync(logic, cancellationToken);

        public void Forget(CompiledLogic logic) => pool.Forget(logic);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
