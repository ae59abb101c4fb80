using System.Collections;
using System.Reflection;
using System.Text.Json;

namespace EventCalls.Routing.Tests.Deciders;

/// <summary>Makes records with every property set to something that is not its default, so that a property nobody thought of is noticed.</summary>
internal sealed class Filled
{
    private int _next;

    public static T Of<T>() => (T)new Filled().Value(typeof(T), typeof(T).Name);

    private object Value(Type type, string what)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        int n = ++_next;
        if (type == typeof(string))
            return $"{what} {n} ü€😀";
        if (type == typeof(int))
            return n;
        if (type == typeof(long))
            return (long)n << 33;
        if (type == typeof(double))
            return n + 0.25;
        if (type == typeof(bool))
            return true;
        if (type == typeof(Guid))
            return new Guid(n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        if (type == typeof(TimeSpan))
            return TimeSpan.FromTicks(n);
        if (type == typeof(DateTimeOffset))
            return new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(1)).AddTicks(n);
        if (type.IsEnum)
            return Enum.GetValues(type).Cast<object>().Last();
        if (type == typeof(JsonElement))
            return JsonSerializer.SerializeToElement(new { n, deep = new object?[] { 1.50m, null, "ü\"\\" } });
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return List(type.GetGenericArguments()[0], what);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
            return new Dictionary<string, JsonElement> { ["a"] = (JsonElement)Value(typeof(JsonElement), what), ["b ü"] = JsonSerializer.SerializeToElement("text") };
        return Record(type);
    }

    private IList List(Type item, string what)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
        list.Add(Value(item, what));
        list.Add(Value(item, what));
        return list;
    }

    private object Record(Type type)
    {
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        object made = constructor.Invoke([.. constructor.GetParameters().Select(p => Value(p.ParameterType, p.Name!))]);
        foreach (var property in Properties(type))
            property.SetValue(made, Value(property.PropertyType, property.Name));
        return made;
    }

    public static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => p.SetMethod is not null && p.GetIndexParameters().Length == 0);
}
