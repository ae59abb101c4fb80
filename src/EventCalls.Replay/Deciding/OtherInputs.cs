using System.Globalization;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Lookups;

namespace EventCalls.Replay.Deciding;

/// <summary>What decisions are given in place of what was recorded with them, to see what they would be then.</summary>
public sealed record OtherInputs
{
    /// <summary>What can be set, for people.</summary>
    public const string Forms = "expected now=2026-12-24T22:00:00Z, now=+8h or now=-30m for a clock that is put, lookup:TABLE:KEY=VALUE (nothing behind = for a key that is not found), config:NAME=VALUE, fetch:SOURCE:KEY=JSON (or a failure such as timed_out)";

    /// <summary>What <c>conv.Now</c> is; null for what was recorded.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>By how much the recorded clock is put forward, or back.</summary>
    public TimeSpan Shift { get; init; }

    /// <summary>What look-ups come to, whatever they came to then.</summary>
    public IReadOnlyList<LookupAnswer> Lookups { get; init; } = [];

    /// <summary>Adds what the command line says; null for what is none of the forms.</summary>
    public OtherInputs? With(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
            return null;
        string name = text[..equals].Trim();
        string value = text[(equals + 1)..].Trim();
        if (name == "now")
        {
            if (ShiftOf(value) is { } shift)
                return this with { Now = null, Shift = shift };
            return UtcTime.TryParse(value, out var now) ? this with { Now = now, Shift = default } : null;
        }
        return AnswerOf(name, value) is { } answer ? this with { Lookups = [.. Lookups.Where(l => (l.Name, l.Key) != (answer.Name, answer.Key)), answer] } : null;
    }

    // Values and fetches are recorded as look-ups are, by names that no table has.
    private static LookupAnswer? AnswerOf(string name, string value) => name.Split(':', 3) switch
    {
        ["lookup", { Length: > 0 } table, { Length: > 0 } key] => new LookupAnswer(table, key, value.Length == 0 ? null : value),
        ["config", { Length: > 0 } config] => new LookupAnswer(ValueNames.Prefix + config, "", value.Length == 0 ? null : value),
        ["fetch", { Length: > 0 } source, { Length: > 0 } key] when FetchOf(value) is { } fetched => new LookupAnswer(FetchAnswer.Prefix + source, key, fetched.ToText()),
        _ => null,
    };

    private static FetchAnswer? FetchOf(string value)
    {
        if (value.Length == 0)
            return new FetchAnswer { Status = 404 };
        if (WireName.TryParse(value, out FetchFailure failure))
            return new FetchAnswer { Failure = failure };
        try
        {
            using var json = JsonDocument.Parse(value);
            return new FetchAnswer { Status = 200, Json = json.RootElement.GetRawText() };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The clock in place of the recorded one.</summary>
    internal DateTimeOffset NowFor(DateTimeOffset recorded) => Now ?? recorded + Shift;

    /// <summary>The answers in place of the recorded ones.</summary>
    internal IReadOnlyList<LookupAnswer> LookupsFor(IReadOnlyList<LookupAnswer> recorded) =>
        Lookups.Count == 0 ? recorded : [.. recorded.Where(r => !Lookups.Any(l => l.Name == r.Name && l.Key == r.Key)), .. Lookups];

    private static TimeSpan? ShiftOf(string text)
    {
        if (text.Length < 3 || text[0] is not ('+' or '-') || !int.TryParse(text.AsSpan(1, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count > 1_000_000)
            return null;
        TimeSpan? shift = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            'd' => TimeSpan.FromDays(Math.Min(count, 36_500)),
            _ => null,
        };
        return text[0] == '-' ? -shift : shift;
    }
}
