using System.Diagnostics;
using EventCalls.Benchmarks.Running;
using EventCalls.Testing;
using MassTransit;

namespace EventCalls.Benchmarks.Load;

/// <summary>
/// What MassTransit's transports, envelopes and confirms cost a small message, in turns: <c>-- transports [--messages N] [--rounds N] [--ways WAY,…]</c>, of memory, memory-bare, classic, classic-bare, quorum and unconfirmed.
/// The broker is a server of its own.
/// </summary>
internal static class TransportRun
{
    private const string Usage = "transports [--messages N] [--rounds N] [--ways memory,memory-bare,classic,classic-bare,quorum,unconfirmed]";
    private const int AtOnce = 16;
    private const int OneByOne = 1_000;

    private static readonly string[] s_ways = ["memory", "memory-bare", "classic", "classic-bare", "quorum", "unconfirmed"];
    private static readonly string s_text = new('x', 200);

    /// <summary>Runs it; the exit code is 0, 1 when a message did not come, or 2 for arguments it does not know.</summary>
    public static Task<int> RunAsync(IReadOnlyList<string> args) => BenchmarkCommand.RunAsync(args, Read, Usage, MeasureAsync);

    private static Options Read(IReadOnlyList<string> args)
    {
        var (reader, options) = (new ArgumentReader(args), new Options(50_000, 3, s_ways));
        while (reader.Next())
        {
            options = reader.Name switch
            {
                "--messages" => options with { Messages = reader.Number(100) },
                "--rounds" => options with { Rounds = reader.Number(1) },
                "--ways" => options with { Ways = reader.Value().Split(',') },
                _ => throw reader.Unknown(),
            };
        }
        return options.Ways.All(s_ways.Contains) ? options : throw new FormatException($"--ways knows {string.Join(", ", s_ways)}.");
    }

    private static async Task<int> MeasureAsync(Options options, string folder)
    {
        await using var broker = options.Ways.Any(way => !IsInMemory(way)) ? await RabbitMqServer.StartAsync() : null;
        BenchmarkCommand.Line($"{options.Messages} messages, {AtOnce} at once, one consumer, MassTransit {typeof(IBus).Assembly.GetName().Version}; load of the machine {(await File.ReadAllTextAsync("/proc/loadavg")).Trim()}");
        // The first round compiles and warms up.
        for (int round = 0; round <= options.Rounds; round++)
        {
            foreach (string way in options.Ways)
            {
                if (!await MeasureAsync(way, round, options.Messages, broker))
                    return 1;
            }
        }
        return 0;
    }

    private static async Task<bool> MeasureAsync(string way, int round, int messages, RabbitMqServer? broker)
    {
        var counter = new Counter();
        var bus = Make(way, $"transports-{way}-{round}", counter, broker);
        await bus.StartAsync();
        try
        {
            using var process = Process.GetCurrentProcess();
            var cpu = process.TotalProcessorTime;
            long began = Stopwatch.GetTimestamp();
            var all = counter.Until(messages);
            await Parallel.ForEachAsync(Enumerable.Range(0, messages), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (n, cancellationToken) => await bus.Publish(new SmallMessage(n, "support", s_text), cancellationToken));
            double published = Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (await Task.WhenAny(all, Task.Delay(TimeSpan.FromMinutes(2))) != all)
            {
                BenchmarkCommand.Line($"{way}: {counter.Seen} of {messages} messages came within two minutes");
                return false;
            }
            double consumed = Stopwatch.GetElapsedTime(began).TotalSeconds;
            process.Refresh();
            double each = (process.TotalProcessorTime - cpu).TotalMicroseconds / messages;
            var times = new List<double>();
            for (int i = 0; i < OneByOne; i++)
            {
                long sent = Stopwatch.GetTimestamp();
                var come = counter.Until(1);
                await bus.Publish(new SmallMessage(i, "support", s_text));
                await come;
                times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }
            times.Sort();
            BenchmarkCommand.Line($"round {round}, {way,-12} {messages / published,8:0} published/s, {messages / consumed,8:0} end to end/s, {each,6:0} µs CPU of this process; one message p50 {times[OneByOne / 2]:0.00} / p99 {times[OneByOne * 99 / 100]:0.00} ms");
            return true;
        }
        finally
        {
            await bus.StopAsync();
        }
    }

    private static IBusControl Make(string way, string queue, Counter counter, RabbitMqServer? broker)
    {
        bool isBare = way.EndsWith("-bare", StringComparison.Ordinal);
        if (IsInMemory(way))
        {
            return MassTransit.Bus.Factory.CreateUsingInMemory(bus =>
            {
                if (isBare)
                    bus.UseRawJsonSerializer(isDefault: true);
                bus.ReceiveEndpoint(queue, endpoint => endpoint.Instance(counter));
            });
        }
        return MassTransit.Bus.Factory.CreateUsingRabbitMq(bus =>
        {
            bus.Host(new Uri(broker!.ConnectionString), host => host.PublisherConfirmation = way != "unconfirmed");
            if (isBare)
                bus.UseRawJsonSerializer(isDefault: true);
            bus.ReceiveEndpoint(queue, endpoint =>
            {
                if (way == "quorum")
                    endpoint.SetQuorumQueue();
                endpoint.PrefetchCount = 256;
                endpoint.Instance(counter);
            });
        });
    }

    private static bool IsInMemory(string way) => way.StartsWith("memory", StringComparison.Ordinal);

    private sealed record Options(int Messages, int Rounds, IReadOnlyList<string> Ways);

    private sealed class Counter : IConsumer<SmallMessage>
    {
        private TaskCompletionSource? _come;
        private int _left;
        private int _seen;

        /// <summary>How many have come in all.</summary>
        public int Seen => _seen;

        public Task Until(int messages)
        {
            _left = messages;
            return (_come = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        public Task Consume(ConsumeContext<SmallMessage> context)
        {
            Interlocked.Increment(ref _seen);
            if (Interlocked.Decrement(ref _left) == 0)
                _come!.TrySetResult();
            return Task.CompletedTask;
        }
    }
}

/// <summary>A message about as large as an event.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Flow">A word.</param>
/// <param name="Text">The rest.</param>
public sealed record SmallMessage(int Number, string Flow, string Text);
