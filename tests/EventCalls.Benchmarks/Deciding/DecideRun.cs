using System.Diagnostics;
using EventCalls.Benchmarks.Micro;
using EventCalls.Routing.Deciders;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Benchmarks.Deciding;

/// <summary><c>decide [COUNT]</c>: what a decision costs on threads and in processes, in CPU time of all processes, one at a time and many at once; and what a decider takes to start.</summary>
internal static class DecideRun
{
    private const int AtOnce = 500;

    public static async Task<int> RunAsync(string[] args)
    {
        int count = args is [var given] ? int.Parse(given) : 200_000;
        var command = DeciderCommand.OfThisProgram() ?? throw new InvalidOperationException("There is no eventcalls beside this program.");
        var process = new DeciderProcessOptions { Command = command };
        using var logic = LogicCompiler.Compile(DecideBenchmarks.Sources).Logic!;
        await StartsAsync(process, logic);
        await using (var threads = new DecisionThreads(new DecisionThreadsOptions(), TimeProvider.System, NullLogger.Instance))
            await MeasureAsync("threads", threads, logic, count, () => TimeSpan.Zero);
        await using var pool = new DeciderPool(new DeciderPoolOptions { Process = process }, TimeProvider.System, NullLogger.Instance);
        await pool.UseAsync(logic, default);
        await MeasureAsync("deciders", pool, logic, count, () => Cpu(pool));
        return 0;
    }

    private static async Task StartsAsync(DeciderProcessOptions process, CompiledLogic logic)
    {
        for (int i = 0; i < 5; i++)
        {
            long began = Stopwatch.GetTimestamp();
            await using var decider = await DeciderProcess.StartAsync(process, TimeProvider.System, default);
            double hello = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            await decider.LoadAsync(logic, default);
            double loaded = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            var first = new Asked(logic);
            decider.Ask(first);
            await first.Task;
            double decided = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            using var running = Process.GetProcessById(decider.Id);
            System.Console.WriteLine(
                $"start: answers after {hello:0} ms, has loaded after {loaded:0} ms, first decision after {decided:0} ms, CPU {running.TotalProcessorTime.TotalMilliseconds:0} ms, {running.WorkingSet64 >> 20} MB resident");
        }
    }

    private static async Task MeasureAsync(string what, ILogicRunner runner, CompiledLogic logic, int count, Func<TimeSpan> others)
    {
        var options = DecideBenchmarks.Options;
        for (int round = 0; round < 4; round++)
        {
            var (cpu, wall) = await TimedAsync(others, async () =>
            {
                for (int i = 0; i < count / 20; i++)
                    await runner.RunAsync(logic, DecideBenchmarks.Request, options);
            });
            double single = cpu * 20 / count, latency = wall * 20 / count;
            (cpu, wall) = await TimedAsync(others, async () =>
            {
                var batch = new Task<DecisionResult>[AtOnce];
                for (int done = 0; done < count; done += AtOnce)
                {
                    for (int i = 0; i < AtOnce; i++)
                        batch[i] = runner.RunAsync(logic, DecideBenchmarks.Request, options);
                    await Task.WhenAll(batch);
                }
            });
            System.Console.WriteLine($"{what}: one at a time {single:0.0} µs CPU, {latency:0.0} µs each; {AtOnce} at once {cpu / count:0.00} µs CPU, {count / wall * 1e6:0} decisions/s");
        }
    }

    private static async Task<(double Cpu, double Wall)> TimedAsync(Func<TimeSpan> others, Func<Task> work)
    {
        using var here = Process.GetCurrentProcess();
        var before = here.TotalProcessorTime + others();
        long began = Stopwatch.GetTimestamp();
        await work();
        var wall = Stopwatch.GetElapsedTime(began);
        here.Refresh();
        return ((here.TotalProcessorTime + others() - before).TotalMicroseconds, wall.TotalMicroseconds);
    }

    private static TimeSpan Cpu(DeciderPool pool)
    {
        var sum = TimeSpan.Zero;
        foreach (var decider in pool.Running)
        {
            using var process = Process.GetProcessById(decider.Id);
            sum += process.TotalProcessorTime;
        }

        return sum;
    }

    private sealed class Asked(CompiledLogic logic) : PendingDecision(logic, DecideBenchmarks.Request, DecideBenchmarks.Options)
    {
        private readonly TaskCompletionSource<DecisionResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<DecisionResult> Task => _done.Task;

        public override void Complete(DecisionResult result) => _done.SetResult(result);

        public override void Fail(Exception error) => _done.SetException(error);
    }
}
