using EventCalls.Contracts;
using EventCalls.Routing.Deciders;
using EventCalls.Routing.Loading;
using EventCalls.Store;

namespace EventCalls.Host.Commands.Replay;

/// <summary>Finds and compiles the logic that past calls are to be decided with.</summary>
internal static class CandidateLogic
{
    /// <summary>Compiles it. When that cannot be done, says why on standard error and gives null; the caller disposes the logic.</summary>
    public static async Task<CompiledLogic?> LoadAsync(CommandContext context, IPastCalls store, string option, string logic, DeciderProcessOptions? deciders, CancellationToken ct)
    {
        var check = LogicVersionName.IsHash(logic)
            ? await StoredAsync(context, store, option, logic, deciders, ct).ConfigureAwait(false)
            : await DeciderChoice.CheckAsync(deciders, Path.GetFullPath(logic, context.Folder), context.Time, ct).ConfigureAwait(false);
        if (check is { Logic: null })
            Logic.LogicCheckCommand.WriteRefusal(context, $"{logic} ({option})", check);
        return check?.Logic;
    }

    private static async Task<LogicCheck?> StoredAsync(CommandContext context, IPastCalls store, string option, string hash, DeciderProcessOptions? deciders, CancellationToken ct)
    {
        var versions = await store.ListLogicVersionsAsync(hash, ct).ConfigureAwait(false);
        if (versions is not [var version])
        {
            await context.Error.WriteLineAsync(versions.Count == 0
                ? $"{option} is '{PlainText.Of(hash)}'; {store.Description} has no such version. 'eventcalls calls list --json' shows by which versions calls were decided."
                : $"{option} is '{PlainText.Of(hash)}'; {versions.Count} versions begin so, give more of the hash: {string.Join(", ", versions.Take(5))}").ConfigureAwait(false);
            return null;
        }
        var sources = await store.FindLogicVersionAsync(version, ct).ConfigureAwait(false);
        return await DeciderChoice.CompileAsync(deciders, sources!.Sources, context.Time, ct).ConfigureAwait(false);
    }
}
