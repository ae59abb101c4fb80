using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace EventCalls.Contracts.Tests;

/// <summary>Objects with every property set, whatever properties their types have.</summary>
internal sealed class Filled
{
    private int _next;

    /// <summary>One of the type.</summary>
    public static object Of(Type type) => new Filled().Value(type);

    /// <summary>The properties that are set when an object is made.</summary>
    public static IEnumerable<PropertyInfo> Properties(Type type) => type.GetProperties().Where(p => p.CanWrite && p.Name != "EqualityContract");

    private object Value(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        int n = ++_next;
        if (type == typeof(string))
            return $"text {n} \"é\"";
        if (type == typeof(int))
            return n;
        if (type == typeof(long))
            return 1_000_000_000_000L + n;
        if (type == typeof(double))
            return n + 0.25;
        if (type == typeof(bool))
            return true;
        if (type == typeof(Guid))
            return new Guid(n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        if (type == typeof(DateTimeOffset))
            return new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(n);
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)!;
        if (type == typeof(JsonElement))
            return JsonSerializer.SerializeToElement(new { n, text = $"é{n}", list = new object?[] { 1.5, null, true } });
        if (type == typeof(IReadOnlyDictionary<string, JsonElement>))
            return new Dictionary<string, JsonElement> { [$"key {n}"] = (JsonElement)Value(typeof(JsonElement)) };
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var items = Array.CreateInstance(type.GetGenericArguments()[0], 2);
            items.SetValue(Value(type.GetGenericArguments()[0]), 0);
            items.SetValue(Value(type.GetGenericArguments()[0]), 1);
            return items;
        }
        object made = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var property in Properties(type))
            property.SetValue(made, Value(property.PropertyType));
        return made;
    }
}
