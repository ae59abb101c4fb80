using EventCalls.Routing.Deciding;
using EventCalls.Routing.Lookups;
using Microsoft.Extensions.Logging;

namespace EventCalls.Routing.Deciders;

/// <summary>Makes what runs routing logic, as configured and as far as this program can.</summary>
internal static partial class LogicRunners
{
    private const int BytesAnEntry = 120;

    public static ILogicRunner Make(RouterOptions options, ILookupSource lookups, TimeProvider time, ILogger logger)
    {
        if (options.Isolation == LogicIsolation.Process)
        {
            if (DeciderCommand.OfThisProgram() is { } command)
            {
                var process = new DeciderProcessOptions { Command = command, MemoryMb = options.DeciderMemoryMb + TablesMb(lookups) };
                return new DeciderPool(new DeciderPoolOptions { Process = process, Count = options.Deciders }, time, logger);
            }

            LogInProcess(logger);
        }

        var threads = options.DecisionThreads > 0 ? new DecisionThreadsOptions { Count = options.DecisionThreads } : new DecisionThreadsOptions();
        return new DecisionThreads(threads, time, logger);
    }

    /// <summary>What the tables take in a decider: the limit is for what the logic does.</summary>
    public static int TablesMb(ILookupSource lookups)
    {
        if ((lookups as IPortableLookups)?.Tables is not { } tables)
            return 0;
        long bytes = 0;
        foreach (var column in tables.Columns.Values)
        {
            foreach (var (key, value) in column)
                bytes += BytesAnEntry + (2L * (key.Length + (value?.Length ?? 0)));
        }

        // While they are read there is a second copy, and the message they came in.
        return (int)(bytes * 3 >> 20);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Routing logic runs in this process (EventCalls:Routing:Isolation is 'process', but this program is not 'eventcalls' and has none beside it to start): logic that crashes ends it.")]
    private static partial void LogInProcess(ILogger logger);
}
