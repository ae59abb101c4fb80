using System.Text.Json;

namespace EventCalls.Host.Demo;

/// <summary>The word that stands for an enum's value in events and JSON: <c>caller_hung_up</c>.</summary>
internal static class StoredWord
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static string Of<T>(T? value)
        where T : struct, Enum => value is { } given ? Of(given) : "none";
}
