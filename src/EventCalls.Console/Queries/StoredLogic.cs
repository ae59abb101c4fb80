using EventCalls.Console.Problems;
using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Console.Queries;

/// <summary>Finds the version of logic that an address or a request names.</summary>
internal static class StoredLogic
{
    private const int FewestDigits = 6;

    /// <summary>The version by its hash, or by the beginning of it that no other one has.</summary>
    public static async Task<LogicVersionLoaded> RequiredAsync(ICallStore store, string version, CancellationToken cancellationToken)
    {
        var known = await KnownAsync(store, version, cancellationToken).ConfigureAwait(false);
        if (known is [var one] && await store.FindLogicVersionAsync(one, cancellationToken).ConfigureAwait(false) is { } loaded)
            return loaded;
        throw ApiProblemException.NotFound(known.Count > 1
            ? Several(known, version)
            : $"No version of routing logic begins with '{PlainText.Of(version)}'; give at least {FewestDigits} digits of its hash, as GET /api/logic lists it.");
    }

    /// <summary>The whole hash of the version that is named by its beginning; what names none is left as it is.</summary>
    public static async Task<string> WholeAsync(ICallStore store, string version, CancellationToken cancellationToken) =>
        await KnownAsync(store, version, cancellationToken).ConfigureAwait(false) switch
        {
            [var one] => one,
            [] => version,
            var known => throw ApiProblemException.Invalid("version", Several(known, version)),
        };

    private static async Task<IReadOnlyList<string>> KnownAsync(ICallStore store, string version, CancellationToken cancellationToken)
    {
        string prefix = LogicVersionName.IsHash(version) ? version : LogicVersionName.HashPrefix + version;
        return prefix.Length >= LogicVersionName.HashPrefix.Length + FewestDigits && prefix.AsSpan(LogicVersionName.HashPrefix.Length).IndexOfAnyExcept("0123456789abcdef") < 0
            ? await store.ListLogicVersionsAsync(prefix, cancellationToken).ConfigureAwait(false)
            : [];
    }

    private static string Several(IReadOnlyList<string> known, string version) => $"{known.Count} versions begin with '{PlainText.Of(version)}'; give more of the hash.";
}
