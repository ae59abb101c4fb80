using System.Diagnostics;
using EventCalls.Benchmarks.Running;
using EventCalls.Testing.Fuzzing;

namespace EventCalls.Benchmarks.Fuzzing;

/// <summary>Reads mutated input for as long as one likes, and says what was thrown, and how memory went.</summary>
internal static class FuzzRun
{
    private const string Usage = "fuzz [--minutes M] [--seed S]";
    private const int CasesOfSeed = 100_000;
    private const long Growth = 64L << 20;

    public static Task<int> RunAsync(IReadOnlyList<string> args) => BenchmarkCommand.RunAsync(args, Parse, Usage, (options, _) => Task.FromResult(Run(options)));

    private static (double Minutes, int Seed) Parse(IReadOnlyList<string> args)
    {
        var (minutes, seed) = (5.0, 1);
        var reader = new ArgumentReader(args);
        while (reader.Next())
        {
            switch (reader.Name)
            {
                case "--minutes":
                    minutes = reader.Number(0.01, 100_000);
                    break;
                case "--seed":
                    seed = reader.Number(0);
                    break;
                default:
                    throw reader.Unknown();
            }
        }
        return (minutes, seed);
    }

    private static int Run((double Minutes, int Seed) options)
    {
        var clock = Stopwatch.StartNew();
        long cases = 0, understood = 0, before = 0;
        for (int seed = options.Seed; clock.Elapsed.TotalMinutes < options.Minutes; seed++)
        {
            var fuzz = new ReadingFuzz(seed);
            int made = 0;
            try
            {
                for (; made < CasesOfSeed && clock.Elapsed.TotalMinutes < options.Minutes; made++)
                {
                    long begun = Stopwatch.GetTimestamp();
                    fuzz.Next();
                    if (Stopwatch.GetElapsedTime(begun) > TimeSpan.FromSeconds(5))
                        throw new InvalidOperationException($"Case {made + 1} took {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s.");
                }
            }
            catch (InvalidOperationException e)
            {
                BenchmarkCommand.Line($"seed {seed}: {e}");
                return 1;
            }
            cases += made;
            understood += fuzz.Understood;
            long live = GC.GetTotalMemory(forceFullCollection: true);
            before = before == 0 ? live : before;
            if (live > before + Growth)
            {
                BenchmarkCommand.Line($"seed {seed}: memory grew from {before >> 20} to {live >> 20} MiB");
                return 1;
            }
        }
        BenchmarkCommand.Line($"{cases} cases from seed {options.Seed} on, {understood} of them read in full: nothing was thrown, {GC.GetTotalMemory(false) >> 20} MiB in use");
        return 0;
    }
}
