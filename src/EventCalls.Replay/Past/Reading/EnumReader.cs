using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventCalls.Replay.Past.Reading;

/// <summary>Reads the stored names of an enum's values.</summary>
internal static class EnumReader<T>
    where T : struct, Enum
{
    private static readonly (byte[] Utf8, T Value)[] s_names = [.. Enum.GetValues<T>().Select(value => (Encoding.UTF8.GetBytes(
        typeof(T).GetField(value.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()!.Name), value))];

    /// <exception cref="JsonException">It is none of them.</exception>
    public static T Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            foreach (var (utf8, value) in s_names)
            {
                if (reader.ValueTextEquals(utf8))
                    return value;
            }
        }
        throw new JsonException($"there is no {typeof(T).Name} of that name");
    }
}
