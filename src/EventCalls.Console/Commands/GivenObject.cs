using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EventCalls.Console.Problems;
using EventCalls.Contracts;
using Microsoft.AspNetCore.Http;

namespace EventCalls.Console.Commands;

/// <summary>Reads a body into what an end point takes; what is wrong is said by the name of the field, and not by what the program makes of it.</summary>
internal static class GivenObject
{
    private const int MaxShown = 60;
    private const string Texts = "an object of names and texts";

    private static readonly Dictionary<Type, string> s_words = new()
    {
        [typeof(string)] = "a text",
        [typeof(int)] = "a whole number",
        [typeof(Guid)] = "an id such as \"0198f3a1-7c2e-7d40-9b1a-3f5e6d7c8b9a\"",
        [typeof(DateTimeOffset)] = "a time such as \"2026-11-29T08:00:00Z\"",
        [typeof(Dictionary<string, string?>)] = Texts,
        [typeof(IReadOnlyDictionary<string, string?>)] = Texts,
    };

    /// <summary>What a request's body asks for; an empty body is an empty object.</summary>
    /// <exception cref="ApiProblemException">It is no object, or a field of it is unknown or of another kind.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        using var body = await CommandBodies.ReadAsync(context).ConfigureAwait(false);
        foreach (var given in body.RootElement.EnumerateObject())
        {
            var field = type.Properties.FirstOrDefault(p => p.Name == given.Name)
                ?? throw ApiProblemException.Invalid(PlainText.Of(given.Name), $"There is no field '{PlainText.Of(given.Name)}' here; {Spelling.Known([.. type.Properties.Select(p => p.Name)])}.");
            try
            {
                given.Value.Deserialize(type.Options.GetTypeInfo(field.PropertyType));
            }
            catch (JsonException)
            {
                throw ApiProblemException.Invalid(field.Name, $"{field.Name} is {Shown(given.Value)}; expected {Word(field.PropertyType)}.");
            }
        }
        // What does harm where it is meant by nobody is not left out.
        if (type.Properties.FirstOrDefault(p => p.IsRequired && !body.RootElement.TryGetProperty(p.Name, out _)) is { } missing)
            throw ApiProblemException.Invalid(missing.Name, $"{missing.Name} is missing; give {Word(missing.PropertyType)}, or null.");
        return body.Deserialize(type)!;
    }

    private static string Word(Type type) => s_words[Nullable.GetUnderlyingType(type) ?? type];

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => PlainText.Of(value.GetRawText() is { Length: > MaxShown } text ? text[..MaxShown] + "…" : value.GetRawText()),
    };
}
