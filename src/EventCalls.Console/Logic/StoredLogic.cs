using EventCalls.Console.Problems;
using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Console.Logic;

/// <summary>Finds the version of logic that an address or a request names.</summary>
internal static class StoredLogic
{
    private const int FewestDigits = 6;

    /// <summary>The version by its hash, or by the beginning of it that no other one has.</summary>
    public static async Task<LogicVersionLoaded> RequiredAsync(ICallStore store, string version, CancellationToken cancellationToken)
    {
        string prefix = LogicVersionName.IsHash(version) ? version : LogicVersionName.HashPrefix + version;
        var known = prefix.Length >= LogicVersionName.HashPrefix.Length + FewestDigits && prefix.AsSpan(LogicVersionName.HashPrefix.Length).IndexOfAnyExcept("0123456789abcdef") < 0
            ? await store.ListLogicVersionsAsync(prefix, cancellationToken).ConfigureAwait(false)
            : [];
        if (known is [var one] && await store.FindLogicVersionAsync(one, cancellationToken).ConfigureAwait(false) is { } loaded)
            return loaded;
        throw ApiProblemException.NotFound(known.Count > 1
            ? $"{known.Count} versions begin with '{PlainText.Of(version)}'; give more of the hash."
            : $"No version of routing logic begins with '{PlainText.Of(version)}'; give at least {FewestDigits} digits of its hash, as GET /api/logic lists it.");
    }
}
