using System.Diagnostics;
using System.Globalization;
using EventCalls.Testing;

namespace EventCalls.Benchmarks.Running;

/// <summary>Runs a piece of work and prints how fast it was and what it cost.</summary>
internal sealed class Measurement(PostgresServer? server)
{
    private readonly Process _process = Process.GetCurrentProcess();

    public async Task RunAsync(string what, int events, Func<Task> work)
    {
        GC.Collect();
        _process.Refresh();
        var (clientBefore, serverBefore, allocatedBefore) = (_process.TotalProcessorTime, server?.CpuSeconds() ?? 0, GC.GetTotalAllocatedBytes());
        long began = Stopwatch.GetTimestamp();
        await work();
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        _process.Refresh();
        double client = (_process.TotalProcessorTime - clientBefore).TotalSeconds * 1e6 / events;
        double ofServer = ((server?.CpuSeconds() ?? 0) - serverBefore) * 1e6 / events;
        double allocated = (double)(GC.GetTotalAllocatedBytes() - allocatedBefore) / events;
        System.Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {events / seconds:0} events/s; CPU per event: client {client:0.0} µs, server {ofServer:0.0} µs; {allocated:0} B allocated per event"));
    }
}
