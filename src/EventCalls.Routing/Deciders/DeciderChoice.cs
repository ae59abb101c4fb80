using EventCalls.Contracts;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Deciders;

/// <summary>Whether logic is compiled and run in processes of its own, for what decides outside a router.</summary>
public static class DeciderChoice
{
    /// <summary>How deciders are started; null when logic runs in this process, because that is configured or this program has none beside it.</summary>
    /// <param name="options">What is configured.</param>
    /// <param name="lookups">The tables they are given, which take room there.</param>
    public static DeciderProcessOptions? Of(RouterOptions options, ILookupSource lookups)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Isolation == LogicIsolation.Process && DeciderCommand.OfThisProgram() is { } command
            ? new DeciderProcessOptions { Command = command, MemoryMb = options.DeciderMemoryMb + LogicRunners.TablesMb(lookups) }
            : null;
    }

    /// <summary>Compiles sources in a decider of its own, or here when there is none.</summary>
    public static Task<LogicCheck> CompileAsync(DeciderProcessOptions? deciders, IReadOnlyList<LogicSource> sources, TimeProvider time, CancellationToken cancellationToken) =>
        deciders is null
            ? Task.Run(() => LogicCompiler.Compile(sources, cancellationToken), cancellationToken)
            : DeciderCompiler.CompileAsync(
                deciders with { MemoryMb = Math.Max(deciders.MemoryMb, DeciderPoolOptions.DefaultCompilerMemoryMb) }, sources, time, cancellationToken);

    /// <summary>Compiles a folder without using it, as <see cref="LogicFolder.Check"/> does, but in a process of its own where this program can start one: sources that end it do no harm. The logic decides in deciders only then.</summary>
    public static Task<LogicCheck> CheckAsync(string path, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(time);
        var deciders = DeciderCommand.OfThisProgram() is { } command
            ? new DeciderProcessOptions { Command = command, MemoryMb = DeciderPoolOptions.DefaultCompilerMemoryMb }
            : null;
        return CheckAsync(deciders, path, time, cancellationToken);
    }

    /// <summary>Compiles a folder so.</summary>
    public static Task<LogicCheck> CheckAsync(DeciderProcessOptions? deciders, string path, TimeProvider time, CancellationToken cancellationToken) =>
        LogicFolder.CheckAsync(path, (sources, ct) => CompileAsync(deciders, sources, time, ct), cancellationToken);
}
