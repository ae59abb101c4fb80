using System.Diagnostics;
using System.Globalization;
using EventCalls.Bus;
using EventCalls.Bus.Journal;
using EventCalls.Bus.Topology;
using EventCalls.Contracts;
using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Benchmarks.Load;

/// <summary>What journal and bus cost for each call, without SIP, logic and store: <c>-- journal [--rate R] [--seconds S] [--bus rabbitmq --address amqp://…]</c>.</summary>
internal static class JournalLoad
{
    private const int WarmUpSeconds = 5;

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        int rate = Option(args, "--rate", 1000);
        int seconds = Option(args, "--seconds", 10);
        int at = args.ToList().IndexOf("--address");
        int concurrency = Option(args, "--concurrency", 16);
        var options = new BusOptions { RabbitMq = at >= 0 ? new Uri(args[at + 1]) : null };

        var recorder = new Recorder();
        var router = new Router();
        var node = new Node();
        await using var bus = new EventBus(options, "bench", NullLoggerFactory.Instance);
        await bus.StartAsync(
        [
            new BusEndpoint(BusQueues.Recorder, recorder) { Concurrency = concurrency },
            new BusEndpoint(BusQueues.Router, router) { Concurrency = concurrency },
            new BusEndpoint(BusQueues.Node("bench"), node) { Node = "bench", Concurrency = 1 },
        ], CancellationToken.None);
        await using var journal = new CallJournal(bus, new JournalOptions { Source = "bench" }, TimeProvider.System, NullLogger<CallJournal>.Instance);
        router.Journal = node.Journal = journal;

        using var process = Process.GetCurrentProcess();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        var clock = Stopwatch.StartNew();
        var at0 = (Cpu: TimeSpan.Zero, Calls: 0L, Allocated: 0L, Batches: 0L, Time: TimeSpan.Zero);
        long calls = 0;
        while (clock.Elapsed.TotalSeconds < WarmUpSeconds + seconds)
        {
            await tick.WaitForNextTickAsync();
            if (at0.Calls == 0 && clock.Elapsed.TotalSeconds > WarmUpSeconds)
            {
                process.Refresh();
                at0 = (process.TotalProcessorTime, calls, GC.GetTotalAllocatedBytes(), recorder.Batches, clock.Elapsed);
                node.Latencies.Clear();
            }
            for (long due = (long)(clock.Elapsed.TotalSeconds * rate); calls < due; calls++)
                journal.Append(new JournalEntry(SampleCall.Started()));
        }
        process.Refresh();
        long counted = calls - at0.Calls;
        double cpu = (process.TotalProcessorTime - at0.Cpu).TotalMicroseconds / counted;
        double allocated = (GC.GetTotalAllocatedBytes() - at0.Allocated) / (double)counted;
        double batches = (recorder.Batches - at0.Batches) / (clock.Elapsed - at0.Time).TotalSeconds;
        var latencies = node.Latencies.Order().ToArray();
        await Task.Delay(1000);
        System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{rate} calls/s, {options.Description}: {cpu:F0} µs CPU a call, {allocated / 1024:F1} KiB allocated a call, {batches:F0} batches/s, INVITE to write-ahead confirmed p50 {Percentile(latencies, 50):F1} ms p99 {Percentile(latencies, 99):F1} ms; {recorder.Events} events of {calls * SampleCall.Events} recorded, backlog {journal.Backlog}"));
        await journal.DrainAsync(CancellationToken.None);
        return recorder.Events == calls * SampleCall.Events ? 0 : 1;
    }

    private static int Option(IReadOnlyList<string> args, string name, int otherwise)
    {
        int at = args.ToList().IndexOf(name);
        return at < 0 ? otherwise : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
    }

    private static double Percentile(double[] sorted, int percent) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];

    private sealed class Recorder : IConsumer<CallEventBatch>
    {
        private long _batches;
        private long _events;

        public long Batches => Volatile.Read(ref _batches);

        public long Events => Volatile.Read(ref _events);

        public Task Consume(ConsumeContext<CallEventBatch> context)
        {
            Interlocked.Increment(ref _batches);
            Interlocked.Add(ref _events, context.Message.Count);
            return Task.CompletedTask;
        }
    }

    private sealed class Router : IConsumer<CallStarted>
    {
        public CallJournal? Journal { get; set; }

        public Task Consume(ConsumeContext<CallStarted> context) =>
            Journal!.AppendAsync(SampleCall.Decided(context.Message), context.CancellationToken);
    }

    private sealed class Node : IConsumer<HandoffRequested>
    {
        public CallJournal? Journal { get; set; }

        public System.Collections.Concurrent.ConcurrentQueue<double> Latencies { get; } = new();

        public Task Consume(ConsumeContext<HandoffRequested> context)
        {
            Journal!.Append(new Attempt(this, SampleCall.AttemptStarted(context.Message)));
            return Task.CompletedTask;
        }

        private sealed class Attempt(Node node, TransferStarted started) : JournalEntry(started)
        {
            public override void Confirmed()
            {
                node.Latencies.Enqueue((TimeProvider.System.GetUtcNow() - started.OccurredAt).TotalMilliseconds);
                foreach (var e in SampleCall.Rest(started))
                    node.Journal!.Append(new JournalEntry(e));
            }
        }
    }
}
