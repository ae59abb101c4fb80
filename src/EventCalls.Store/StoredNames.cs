using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization;

namespace EventCalls.Store;

/// <summary>The stored names of enum values: those of the events' JSON.</summary>
internal static class StoredNames
{
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.ByValue[value];

    public static string? Of<T>(T? value)
        where T : struct, Enum => value is { } given ? Names<T>.ByValue[given] : null;

    /// <summary>Null for null, and for a name that this version does not know.</summary>
    public static T? Parse<T>(string? name)
        where T : struct, Enum => name is not null && Names<T>.ByName.TryGetValue(name, out var value) ? value : null;

    /// <summary>An event's stored name; null for one that this version does not know.</summary>
    public static string? EventType(ReadOnlySpan<byte> utf8)
    {
        foreach (var (name, known) in s_eventTypes)
        {
            if (utf8.SequenceEqual(name))
                return known;
        }
        return null;
    }

    private static readonly (byte[] Utf8, string Name)[] s_eventTypes =
        [.. Contracts.CallEventNames.All.Select(e => (System.Text.Encoding.UTF8.GetBytes(e.Name), e.Name))];

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> ByValue = Enum.GetValues<T>().ToFrozenDictionary(v => v, NameOf);

        public static readonly FrozenDictionary<string, T> ByName = Enum.GetValues<T>().ToFrozenDictionary(NameOf, v => v, StringComparer.Ordinal);

        private static string NameOf(T value) =>
            typeof(T).GetField(value.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()!.Name;
    }
}
