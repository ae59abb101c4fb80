using EventCalls.Routing.Fetching;

namespace EventCalls.Host.Configuration;

/// <content>The keys of the sources that routing logic may fetch from.</content>
internal static partial class SettingsReading
{
    private static IReadOnlyList<FetchSource> Sources(KeyReader keys) => [.. keys.Names("Routing:Sources").Select(name => Source(keys, name))];

    private static FetchSource Source(KeyReader keys, string name)
    {
        var source = keys.For(new FetchSource { Name = name, Url = "" });
        string key = $"Routing:Sources:{name}";
        var read = new FetchSource
        {
            Name = name,
            Url = source.TextFor($"{key}:Url", o => o.Url, "a URL with `{key}`, such as `https://crm.example.com/customers/{key}`") ?? "",
            Posts = source.Word($"{key}:Method", o => o.Posts, ("get", false), ("post", true)),
            Timeout = source.Milliseconds($"{key}:TimeoutMs", o => o.Timeout, 10, 10_000),
            Cache = source.Seconds($"{key}:CacheSeconds", o => o.Cache, 0, 86_400),
            MaxBytes = source.Int($"{key}:MaxBytes", o => o.MaxBytes, 100, 65_536),
            Members = source.List($"{key}:Members", o => o.Members, "a list of names, such as `tier, queue`"),
            BreakerFailures = source.Int($"{key}:BreakerFailures", o => o.BreakerFailures, 1, 1_000),
            BreakerPause = source.Seconds($"{key}:BreakerSeconds", o => o.BreakerPause, 1, 3_600),
            Headers = keys.Names($"{key}:Headers").ToDictionary(header => header, header => source.TextFor($"{key}:Headers:{header}", o => o.Headers, "a text") ?? "", StringComparer.OrdinalIgnoreCase),
        };
        foreach (var (property, expected) in keys.Describes ? [] : read.Problems())
            keys.Errors.Add($"{KeyReader.Section}:{key}{(property.Length == 0 ? "" : $":{property}")} cannot be used; {expected}");
        return read;
    }
}
