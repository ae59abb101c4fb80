using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>The names that enum values have in events, in stores and in what is printed for programs: those of <see cref="JsonStringEnumMemberNameAttribute"/>, snake_case.</summary>
public static class WireName
{
    /// <summary>The name of a value.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.InOrder[Unsafe.BitCast<T, int>(value)];

    /// <summary>The name of a value; null for none.</summary>
    public static string? Of<T>(T? value)
        where T : struct, Enum => value is { } given ? Of(given) : null;

    /// <summary>The value of a name; false for null, and for one that this version does not know.</summary>
    public static bool TryParse<T>(string? name, out T value)
        where T : struct, Enum
    {
        value = default;
        return name is not null && Names<T>.ByName.TryGetValue(name, out value);
    }

    /// <summary>The value of a name; null for null, and for one that this version does not know.</summary>
    public static T? Parse<T>(string? name)
        where T : struct, Enum => TryParse<T>(name, out var value) ? value : null;

    /// <summary>The value whose name the reader stands on.</summary>
    /// <exception cref="JsonException">It is none of them.</exception>
    public static T Read<T>(ref Utf8JsonReader reader)
        where T : struct, Enum
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            var names = Names<T>.Utf8;
            for (int i = 0; i < names.Length; i++)
            {
                if (reader.ValueTextEquals(names[i]))
                    return Unsafe.BitCast<int, T>(i);
            }
        }
        throw new JsonException($"there is no {typeof(T).Name} of that name");
    }

    /// <summary>All names, in the order of declaration.</summary>
    public static IReadOnlyList<string> All<T>()
        where T : struct, Enum => Names<T>.InOrder;

    // The enums of the contracts count from 0 without gaps, so that a value is the place of its name; a test holds them to it.
    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly string[] InOrder = [.. Enum.GetValues<T>().Select(value =>
            typeof(T).GetField(value.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()!.Name)];

        public static readonly byte[][] Utf8 = [.. InOrder.Select(Encoding.UTF8.GetBytes)];

        public static readonly FrozenDictionary<string, T> ByName = Enum.GetValues<T>().ToFrozenDictionary(Of, StringComparer.Ordinal);
    }
}
