using EventCalls.Console.Problems;
using EventCalls.Console.Queries;
using EventCalls.Contracts;
using Microsoft.AspNetCore.Http;

namespace EventCalls.Console.Pages.Calls;

/// <summary>What the search's form says: the same names as the API's query has.</summary>
public sealed class SearchForm
{
    private const string Header = "header";

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>What can be asked for.</summary>
    public static IReadOnlyList<SearchField> Fields { get; } =
    [
        new("caller", "Caller", "+15551234567"),
        new("callee", "Dialled", "+15557654321"),
        new("trunk", "Trunk", "carrier"),
        new("flow", "Flow", "vip_support"),
        new("handoff", "Handoff", "", WireName.All<HandoffMethod>()),
        new("target", "Target", "sip:2222@pbx.example.com"),
        new("outcome", "Outcome", "", WireName.All<TransferOutcome>()),
        new("reason", "Reason", "billing"),
        new("version", "Logic version", "90f968c8f6ec"),
        new(Header, "Header of the INVITE", "X-Customer-ID: 42"),
        new("from", "From (UTC)", "2026-11-29T08:00"),
        new("to", "Until (UTC)", "2026-11-29T18:00"),
    ];

    /// <summary>The form of a request; what is empty is left out.</summary>
    internal static SearchForm Of(IQueryCollection query)
    {
        var search = new SearchForm();
        foreach (var (name, values) in query)
        {
            if ((name is "caller" or "callee" or "target" ? QueryValues.WithPlus(values.ToString()) : values.ToString()).Trim() is not { Length: > 0 } value)
                continue;
            // In the form a header is written as it is in a message, in the API its name is part of the parameter's.
            var (header, of) = name == Header && value.Split(':', 2, StringSplitOptions.TrimEntries) is [{ Length: > 0 } first, { Length: > 0 } second] ? ($"{Header}.{first}", second) : (name, value);
            search._values[header] = of;
        }
        return search;
    }

    /// <summary>What a field says; empty where it says nothing.</summary>
    public string this[string name] => _values.GetValueOrDefault(name)
        ?? (name == Header && _values.FirstOrDefault(v => v.Key.StartsWith(Header + ".", StringComparison.Ordinal)) is { Key: { } header, Value: var value } ? $"{header[(Header.Length + 1)..]}: {value}" : "");

    /// <summary>Refuses what the form alone has.</summary>
    internal void Check()
    {
        if (_values.ContainsKey(Header))
            throw ApiProblemException.Invalid(Header, "The header is its name, a colon and its whole value, such as X-Customer-ID: 42.");
    }

    /// <summary>All that is asked for.</summary>
    internal IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>All that is asked for, as a query string; empty when that is nothing.</summary>
    public string QueryString => Write(_values.Where(v => v.Key is not "after" and not "limit"));

    /// <summary>The same, behind a call.</summary>
    public string WithAfter(string after) => Write([.. _values.Where(v => v.Key != "after"), KeyValuePair.Create("after", after)]);

    private static string Write(IEnumerable<KeyValuePair<string, string>> values) =>
        Microsoft.AspNetCore.Http.QueryString.Create(values.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value))).ToString();
}

/// <summary>One field of the search.</summary>
/// <param name="Name">As in the query.</param>
/// <param name="Label">For people.</param>
/// <param name="Example">What it may look like.</param>
/// <param name="Values">The values there are; null where any text is one.</param>
public sealed record SearchField(string Name, string Label, string Example, IReadOnlyList<string>? Values = null)
{
    /// <summary>The values there are; empty where any text is one.</summary>
    public IReadOnlyList<string> Choices => Values ?? [];
}
