using EventCalls.Contracts;
using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Deciders;

/// <summary>Compiles routing logic in a process that is there for nothing else, and ended when it has done so.</summary>
internal static class DeciderCompiler
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    /// <summary>Compiles sources, and runs what initializes them; what that ends is the process, and the diagnostics say how.</summary>
    public static Task<LogicCheck> CompileAsync(
        DeciderProcessOptions options, IReadOnlyList<LogicSource> sources, TimeProvider time, CancellationToken cancellationToken) =>
        CompileAsync(options, sources, isGuarded: true, time, cancellationToken);

    internal static async Task<LogicCheck> CompileAsync(
        DeciderProcessOptions options, IReadOnlyList<LogicSource> sources, bool isGuarded, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(time);
        try
        {
            await using var process = await DeciderProcess.StartAsync(options, time, cancellationToken).ConfigureAwait(false);
            var compiling = process.CompileAsync(sources, isGuarded, cancellationToken);
            while (!compiling.IsCompleted)
            {
                process.Watch();
                await Task.WhenAny(compiling, Task.Delay(s_look, time, CancellationToken.None)).ConfigureAwait(false);
            }

            return await compiling.ConfigureAwait(false);
        }
        catch (IOException e)
        {
            return new LogicCheck
            {
                Version = sources.Count == 0 ? LogicVersionName.None : LogicVersion.Of(sources),
                Diagnostics = [new LogicDiagnostic("", 0, 0, "EC0014", $"The sources cannot be compiled now: {e.Message}")],
            };
        }
    }
}
