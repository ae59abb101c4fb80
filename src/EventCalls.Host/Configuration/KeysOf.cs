using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json.Nodes;

namespace EventCalls.Host.Configuration;

/// <summary>Reads the keys that set the properties of one settings type: the property named beside a key gives its default, and its doc comment the key's documentation.</summary>
/// <param name="keys">What reads.</param>
/// <param name="defaults">The type as it is when nothing is configured.</param>
internal sealed class KeysOf<T>(KeyReader keys, T defaults)
{
    public string? Text(string key, Expression<Func<T, string?>> sets, string takes, string? byDefault = null)
    {
        var (value, says) = Default(sets);
        keys.Describe(new(key, takes, byDefault ?? value, says));
        return keys.Text(key) ?? value;
    }

    /// <summary>A text that may be secret: what is wrong with it is said without it.</summary>
    public string? Secret(string key, Expression<Func<T, string?>> sets, string takes = "a text") => Text(key, sets, takes);

    /// <summary>A text of which the caller makes something else.</summary>
    public string? TextFor<TValue>(string key, Expression<Func<T, TValue>> sets, string takes, string? byDefault = null)
    {
        keys.Describe(new(key, takes, byDefault, Default(sets).Says));
        return keys.Text(key);
    }

    /// <summary>A whole number; <paramref name="otherwise"/> is the default where it depends on other keys, and <paramref name="shown"/> how that is said.</summary>
    public int Int(string key, Expression<Func<T, int>> sets, int least, int most, int? otherwise = null, string? shown = null)
    {
        var (value, says) = Default(sets);
        return Number(key, otherwise ?? value, least, most, shown, says);
    }

    public long Long(string key, Expression<Func<T, long>> sets, long least, long most)
    {
        var (value, says) = Default(sets);
        Described(key, Range(least, most), value, null, says);
        return keys.OptionalLong(key, least, most) ?? value;
    }

    /// <summary>A whole number that may be left out; <paramref name="shown"/> says what is so then.</summary>
    public int? OptionalInt(string key, Expression<Func<T, int?>> sets, int least, int most, string? shown = null)
    {
        var (value, says) = Default(sets);
        keys.Describe(new(key, Range(least, most), shown ?? value?.ToString(CultureInfo.InvariantCulture), says));
        return keys.OptionalInt(key, least, most) ?? value;
    }

    /// <summary>A whole number whose 0 stands for «never».</summary>
    public int? IntOrNever(string key, Expression<Func<T, int?>> sets, int most)
    {
        var (value, says) = Default(sets);
        return Number(key, value ?? 0, 0, most, null, says.Replace(DocComments.NotSet, "0", StringComparison.Ordinal)) is > 0 and var given ? given : null;
    }

    /// <summary>A whole number, or <c>off</c>, which is 0; null, and <paramref name="shown"/>, when nothing is said.</summary>
    public int? IntOrOff(string key, Expression<Func<T, int?>> sets, int least, int most, string shown)
    {
        keys.Describe(new(key, $"`off`, or {Range(least, most)}", shown, Default(sets).Says));
        return string.Equals(keys.Text(key), "off", StringComparison.OrdinalIgnoreCase) ? 0 : keys.OptionalInt(key, least, most);
    }

    public TimeSpan Milliseconds(string key, Expression<Func<T, TimeSpan>> sets, int least, int most)
    {
        var (value, says) = Default(sets);
        return TimeSpan.FromMilliseconds(Number(key, (int)value.TotalMilliseconds, least, most, null, says));
    }

    public TimeSpan Seconds(string key, Expression<Func<T, TimeSpan>> sets, int least, int most)
    {
        var (value, says) = Default(sets);
        return TimeSpan.FromSeconds(Number(key, (int)value.TotalSeconds, least, most, null, says));
    }

    public bool Bool(string key, Expression<Func<T, bool>> sets)
    {
        var (value, says) = Default(sets);
        keys.Describe(new(key, "`true` or `false`", value ? "true" : "false", says));
        return keys.Bool(key, value);
    }

    /// <summary>One of several words.</summary>
    public TWord Word<TWord>(string key, Expression<Func<T, TWord>> sets, params (string Word, TWord Value)[] words)
    {
        var (value, says) = Default(sets);
        string? byDefault = words.FirstOrDefault(w => EqualityComparer<TWord>.Default.Equals(w.Value, value)).Word;
        keys.Describe(new(key, string.Join(", ", words.Select(w => keys.Describes && DocComments.Of(w.Value) is { Length: > 0 } means ? $"`{w.Word}` ({means})" : $"`{w.Word}`")), byDefault, says));
        return keys.Word(key, value, words);
    }

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> List(string key, Expression<Func<T, IReadOnlyList<string>>> sets, string takes)
    {
        var (value, says) = Default(sets);
        keys.Describe(new(key, takes, value is { Count: > 0 } ? string.Join(", ", value) : null, says));
        return keys.List(key) is { Count: > 0 } given ? given : value ?? [];
    }

    /// <summary>All that is below a key, as JSON again; null when there is nothing.</summary>
    public JsonNode? Json<TValue>(string key, Expression<Func<T, TValue>> sets, string takes, string? byDefault)
    {
        keys.Describe(new(key, takes, byDefault, Default(sets).Says));
        return keys.Json(key);
    }

    private int Number(string key, int byDefault, int least, int most, string? shown, string says)
    {
        Described(key, Range(least, most), byDefault, shown, says);
        return keys.Int(key, byDefault, least, most);
    }

    private void Described(string key, string takes, long byDefault, string? shown, string says) =>
        keys.Describe(new(key, takes, shown ?? byDefault.ToString(CultureInfo.InvariantCulture), says));

    private static string Range(long least, long most) => string.Create(CultureInfo.InvariantCulture, $"a whole number, {least} to {most}");

    // Without compiling the expression: a start reads some fifty keys.
    private (TValue Value, string Says) Default<TValue>(Expression<Func<T, TValue>> sets)
    {
        var chain = new Stack<PropertyInfo>();
        var body = sets.Body is UnaryExpression { NodeType: ExpressionType.Convert } convert ? convert.Operand : sets.Body;
        for (; body is MemberExpression { Member: PropertyInfo property } member; body = member.Expression!)
            chain.Push(property);
        if (chain.Count == 0)
            throw new ArgumentException("Expected a property.", nameof(sets));
        object? value = defaults;
        var last = chain.Peek();
        foreach (var property in chain)
        {
            last = property;
            value = value is null ? null : property.GetValue(value);
        }
        return (value is TValue typed ? typed : default!, keys.Describes ? DocComments.Of(last) : "");
    }
}

/// <summary>One key of the configuration, as its reading says it.</summary>
/// <param name="Path">Its path below the section, such as <c>Calls:Max</c>.</param>
/// <param name="Takes">What values it takes, in words.</param>
/// <param name="Default">What it is when nothing is said, in words; null for nothing.</param>
/// <param name="Says">What it is for: the doc comment of the property it sets.</param>
internal sealed record SettingKey(string Path, string Takes, string? Default, string Says);
