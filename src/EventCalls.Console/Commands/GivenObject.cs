using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
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
        [typeof(double)] = "a number",
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
        CheckMembers(body.RootElement, type, "");
        // What does harm where it is meant by nobody is not left out.
        if (type.Properties.FirstOrDefault(p => p.IsRequired && !body.RootElement.TryGetProperty(p.Name, out _)) is { } missing)
            throw ApiProblemException.Invalid(missing.Name, $"{missing.Name} is missing; give {Word(missing.PropertyType)}, or null.");
        return body.Deserialize(type)!;
    }

    /// <summary>What a value of a type is for people.</summary>
    internal static string Word(Type type)
    {
        var given = Nullable.GetUnderlyingType(type) ?? type;
        if (s_words.TryGetValue(given, out string? word))
            return word;
        return given.IsEnum ? string.Join(" or ", Names(given).Select(name => $"\"{name}\""))
            : ConsoleJson.Default.GetTypeInfo(given) is { Kind: JsonTypeInfoKind.Enumerable } list ? $"a list, each of it {Word(list.ElementType!)}"
            : ConsoleJson.Default.GetTypeInfo(given) is { Kind: JsonTypeInfoKind.Object } other ? $"an object with {string.Join(", ", other.Properties.Select(p => p.Name))}"
            : throw new InvalidOperationException($"There is no word for a {given.Name}.");
    }

    private static void CheckMembers(JsonElement given, JsonTypeInfo type, string within)
    {
        foreach (var member in given.EnumerateObject())
        {
            string name = within + PlainText.Of(member.Name);
            var field = type.Properties.FirstOrDefault(p => p.Name == member.Name)
                ?? throw ApiProblemException.Invalid(name, $"There is no field '{name}' here; {Spelling.Known([.. type.Properties.Select(p => within + p.Name)])}.");
            if (member.Value.ValueKind != JsonValueKind.Null || !field.IsSetNullable)
                Check(member.Value, type.Options.GetTypeInfo(field.PropertyType), name);
        }
    }

    private static void Check(JsonElement given, JsonTypeInfo type, string name)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when given.ValueKind == JsonValueKind.Object:
                CheckMembers(given, type, $"{name}.");
                break;
            case JsonTypeInfoKind.Enumerable when given.ValueKind == JsonValueKind.Array:
                int place = 0;
                foreach (var item in given.EnumerateArray())
                    Check(item, type.Options.GetTypeInfo(type.ElementType!), $"{name}[{place++}]");
                break;
            case var _ when given.ValueKind == JsonValueKind.Null || !CanBe(given, type):
                throw ApiProblemException.Invalid(name, $"{name} is {Shown(given)}; expected {Word(type.Type)}.");
        }
    }

    // By name only, and as it is written: numbers of values, other cases and several of them at once are read too, where nobody looks.
    private static bool CanBe(JsonElement given, JsonTypeInfo type)
    {
        if ((Nullable.GetUnderlyingType(type.Type) ?? type.Type) is { IsEnum: true } words)
            return given.ValueKind == JsonValueKind.String && Names(words).Contains(given.GetString(), StringComparer.Ordinal);
        try
        {
            given.Deserialize(type);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Names(Type words) => words.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => f.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()!.Name);

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => PlainText.Of(value.GetRawText() is { Length: > MaxShown } text ? text[..MaxShown] + "…" : value.GetRawText()),
    };
}
