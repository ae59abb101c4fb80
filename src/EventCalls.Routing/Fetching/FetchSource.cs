using EventCalls.Routing.Decisions;

namespace EventCalls.Routing.Fetching;

/// <summary>A web service that routing logic may ask by <c>conv.Fetch</c>. What its URL and headers hold is known to the router alone: logic sees the answer only, and only that is recorded.</summary>
public sealed record FetchSource
{
    /// <summary>What stands for the key in the URL.</summary>
    public const string KeyPlace = "{key}";

    /// <summary>Its name in the logic.</summary>
    public required string Name { get; init; }

    /// <summary>Where to ask, <c>http</c> or <c>https</c>; <c>{key}</c> in its path or query stands for the key, escaped.</summary>
    public required string Url { get; init; }

    /// <summary>Whether the key is posted as <c>{"key": "…"}</c> rather than asked for with GET; the URL needs no <c>{key}</c> then.</summary>
    public bool Posts { get; init; }

    /// <summary>How long an answer may take, 10 ms to 10 s; never longer than the decision has left of <c>Routing:DeadlineMs</c>.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long an answer is good for the same key, also one that there is no such thing, 0 s to a day; failures are not kept.</summary>
    public TimeSpan Cache { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How large an answer may be, bytes, 100–65,536: it is recorded with every call that asks.</summary>
    public int MaxBytes { get; init; } = 16 * 1024;

    /// <summary>The members of the answer that logic gets and that are recorded; empty for all.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>After how many failures in a row the source is left alone, 1–1,000. Time-outs, broken connections, 429 and 5xx are failures.</summary>
    public int BreakerFailures { get; init; } = 5;

    /// <summary>How long it is left alone until one question tries it again, 1 s to an hour.</summary>
    public TimeSpan BreakerPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Headers to send, such as Authorization; never logged or recorded.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>What cannot be used, the property's name and what to do; nothing of what may be secret is in it.</summary>
    public IEnumerable<(string Property, string Expected)> Problems()
    {
        if (Name.Length == 0 || Name.Length > 64 || !Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            yield return ("", "the name must have letters, digits, `-`, `_` and `.` only, at most 64");
        if (!Uri.TryCreate(Url.Replace(KeyPlace, "1", StringComparison.Ordinal), UriKind.Absolute, out var one) || one.Scheme is not ("http" or "https"))
            yield return (nameof(Url), "expected an absolute http or https URL, such as https://crm.example.com/customers/{key}");
        else if (!Uri.TryCreate(Url.Replace(KeyPlace, "2", StringComparison.Ordinal), UriKind.Absolute, out var two) || one.Authority != two.Authority || one.UserInfo != two.UserInfo)
            yield return (nameof(Url), "{key} must stand in the path or the query: a caller would choose the server otherwise");
        else if (!Posts && one == two)
            yield return (nameof(Url), "{key} is missing; it stands for the key in the path or the query");
        foreach (var (name, value) in Headers)
        {
            if (HeaderCheck.ValueError(value) is { } error || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || name.Length == 0)
                yield return ($"{nameof(Headers)}:{name}", "expected a header name of letters, digits and `-`, and a value without line ends");
        }
    }
}
