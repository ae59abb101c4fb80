using System.Runtime.CompilerServices;
using EventCalls.Console;
using EventCalls.Host.Configuration;

namespace EventCalls.Host.Composition;

/// <summary>The console of a node; nothing but this knows it, so that a process that serves no HTTP loads nothing of it.</summary>
internal static class ConsolePart
{
    /// <exception cref="SettingsException">It cannot listen there, or may not.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static async Task<IAsyncDisposable> StartAsync(EventCallsNode node, Settings settings, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var options = new ConsoleOptions { Listen = settings.Http.Listen, Keys = settings.Http.Keys };
        var sources = new ConsoleSources { Store = node.Store!, Health = node.HealthAsync };
        try
        {
            return await ConsoleServer.StartAsync(options, sources, time, loggers, cancellationToken).ConfigureAwait(false);
        }
        catch (ConsoleRefusedException e)
        {
            throw new SettingsException([e.Message]);
        }
    }
}
