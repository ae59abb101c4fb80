using EventCalls.Contracts;

namespace EventCalls.Routing.Lookups;

/// <summary>Fetches among the look-ups: <c>fetch:NAME</c> with the key, so that an answer is recorded as that of a look-up is; <c>source:NAME</c> says that there is such a source.</summary>
internal static class FetchNames
{
    public const string Source = "source:";

    public static string Of(string source) => FetchAnswer.Prefix + source;

    public static string SourceOf(string lookup) => Source + lookup[FetchAnswer.Prefix.Length..];

    /// <summary>Why there is no such source.</summary>
    public static string Refusal(string lookup, IEnumerable<string> columns)
    {
        var known = columns.Where(c => c.StartsWith(Source, StringComparison.Ordinal)).Select(c => c[Source.Length..]).Order(StringComparer.Ordinal).ToList();
        string asked = $"There is no source '{lookup[FetchAnswer.Prefix.Length..]}' to fetch from";
        if (known.Contains(lookup[FetchAnswer.Prefix.Length..], StringComparer.Ordinal))
            return $"Nothing is fetched here from the source '{lookup[FetchAnswer.Prefix.Length..]}', and no answer of it is on record.";
        return known.Count == 0
            ? $"{asked}: none is configured (EventCalls:Routing:Sources)."
            : $"{asked}; configured (EventCalls:Routing:Sources): {string.Join(", ", known)}.";
    }
}
