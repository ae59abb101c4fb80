using System.Text.Json;
using System.Text.Json.Nodes;
using EventCalls.Contracts;
using EventCalls.Routing.Decisions;

namespace EventCalls.Routing.Destinations;

/// <summary>Reads a destination's method from a configuration, where names are written like <c>PhoneNumber</c> and every value is text.</summary>
public static class DestinationReading
{
    /// <summary>Reads it.</summary>
    /// <param name="name">The destination's name.</param>
    /// <param name="method">The method's name, such as <c>invite</c>.</param>
    /// <param name="parameters">Its parameters by the names they have in decisions, <c>phone_number</c> or <c>PhoneNumber</c>; null or an empty text for none.</param>
    /// <param name="headers">Names of headers with their values, beside those among the parameters; null for none.</param>
    /// <exception cref="FormatException">They are none; the message begins with the destination and names the parameter.</exception>
    public static HandoffDestination Read(string name, string method, JsonNode? parameters, JsonNode? headers)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var kind = WireName.Parse<HandoffMethod>(method) ?? throw new FormatException($"Handoffs:{name}: '{method}' is no method.");
        var named = new JsonObject();
        if (parameters is JsonObject given)
        {
            foreach (var (key, value) in given)
                named[NameOf(key)] = value?.DeepClone();
        }
        else if (parameters is JsonArray || !string.IsNullOrWhiteSpace(parameters?.ToString()))
        {
            throw new FormatException($"Handoffs:{name}:{method}: must be parameters with their values.");
        }

        if (headers is not null)
            named["sip_headers"] = Together(name, named["sip_headers"], headers);
        using var json = JsonDocument.Parse(named.ToJsonString());
        try
        {
            return new HandoffDestination { Name = name, Step = new DecisionReader(valuesAsText: true).Parameters(kind, json.RootElement, method) };
        }
        catch (DecisionFormatException e)
        {
            throw new FormatException($"Handoffs:{name}:{e.Message}", e);
        }
    }

    private static string NameOf(string key) =>
        HandoffFields.All.FirstOrDefault(f => f.Name.Replace("_", "", StringComparison.Ordinal).Equals(key.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))?.Name ?? key;

    private static JsonObject Together(string name, JsonNode? among, JsonNode beside)
    {
        if (beside is not JsonObject more)
            throw new FormatException($"Handoffs:{name}:Headers: must be names with their values.");
        var all = among?.DeepClone() as JsonObject ?? [];
        foreach (var (header, value) in more)
        {
            if (!all.TryAdd(header, value?.DeepClone()))
                throw new FormatException($"Handoffs:{name}:Headers: {header} is among the method's headers too; give it once.");
        }

        return all;
    }
}
