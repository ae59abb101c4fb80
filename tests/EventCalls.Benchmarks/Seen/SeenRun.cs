using EventCalls.Benchmarks.Running;

namespace EventCalls.Benchmarks.Seen;

/// <summary>What it costs to be seen, and how soon a call does what it is told over HTTP.</summary>
internal static class SeenRun
{
    public static Task<int> RunAsync(IReadOnlyList<string> args) => BenchmarkCommand.RunAsync(args, SeenOptions.Parse, SeenOptions.Usage, (options, folder) => options.What switch
    {
        "board" => BoardRun.RunAsync(options, folder),
        "commands" => CommandRun.RunAsync(options, folder),
        _ => CostRun.RunAsync(options, folder),
    });
}
