using System.Globalization;
using System.Text.Json.Nodes;
using EventCalls.Contracts;

namespace EventCalls.Host.Configuration;

/// <summary>Reads the keys below the <c>EventCalls</c> section, remembers which were asked for, and gathers what is wrong.</summary>
internal sealed class KeyReader(IConfigurationRoot root)
{
    public const string Section = "EventCalls";

    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _anyBelow = [];

    private readonly List<SettingKey> _described = [];

    public List<string> Errors { get; } = [];

    /// <summary>Whether the keys' documentation is wanted; a start does without it.</summary>
    public bool Describes { get; init; }

    /// <summary>The keys that were read by their settings types, in order.</summary>
    public IReadOnlyList<SettingKey> Described => _described;

    /// <summary>The keys that set the properties of a type.</summary>
    public KeysOf<T> For<T>(T defaults) => new(this, defaults);

    public void Describe(SettingKey key) => _described.Add(key);

    public string? Text(string key)
    {
        _known.Add(key);
        var section = root.GetSection($"{Section}:{key}");
        if (section.Value is null && section.GetChildren().Any())
            Wrong(key, "{…}", "expected one value, not a section");
        return string.IsNullOrWhiteSpace(section.Value) ? null : section.Value.Trim();
    }

    public int Int(string key, int byDefault, int least, int most) => OptionalInt(key, least, most) ?? byDefault;

    public int? OptionalInt(string key, int least, int most) => (int?)OptionalLong(key, least, most);

    public long? OptionalLong(string key, long least, long most)
    {
        if (Text(key) is not { } text)
            return null;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most)
            return value;
        Wrong(key, text, $"expected a whole number from {least} to {most}");
        return null;
    }

    public bool Bool(string key, bool byDefault)
    {
        if (Text(key) is not { } text)
            return byDefault;
        if (bool.TryParse(text, out bool value))
            return value;
        Wrong(key, text, "expected true or false");
        return byDefault;
    }

    /// <summary>One of several words.</summary>
    public T Word<T>(string key, T byDefault, params (string Word, T Value)[] words)
    {
        if (Text(key) is not { } text)
            return byDefault;
        foreach (var (word, value) in words)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
                return value;
        }
        Wrong(key, text, $"expected {string.Join(" or ", words.Select(w => w.Word))}");
        return byDefault;
    }

    /// <summary>A list: of several sources the last one that has it gives all of it, so that a short list does not end with the rest of a longer one.</summary>
    public IReadOnlyList<string> List(string key)
    {
        string path = $"{Section}:{key}";
        _anyBelow.Add(key);
        foreach (var provider in root.Providers.Reverse())
        {
            var children = provider.GetChildKeys([], path).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
            if (children.Count == 0)
            {
                if (provider.TryGet(path, out string? alone) && !string.IsNullOrWhiteSpace(alone))
                    return [.. alone.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
                continue;
            }
            var values = new List<string>();
            foreach (string child in children.OrderBy(c => int.TryParse(c, out int n) ? n : int.MaxValue))
            {
                if (provider.TryGet($"{path}:{child}", out string? value) && !string.IsNullOrWhiteSpace(value))
                    values.Add(value.Trim());
                else
                    Wrong($"{key}:{child}", "", "expected a value");
            }
            return values;
        }
        return [];
    }

    /// <summary>The names directly below a key.</summary>
    public IReadOnlyList<string> Names(string key) => [.. root.GetSection($"{Section}:{key}").GetChildren().Select(c => c.Key)];

    /// <summary>All that is below a key, as JSON again; null when there is nothing.</summary>
    public JsonNode? Json(string key)
    {
        _known.Add(key);
        _anyBelow.Add(key);
        return ToJson(root.GetSection($"{Section}:{key}"));
    }

    public void Wrong(string key, string value, string expected) => Errors.Add($"{Section}:{key} is '{HiddenValue.Of(key, value)}'; {expected}");

    /// <summary>Whether a key was asked for.</summary>
    public bool IsKnown(string path) =>
        _known.Contains(path) || _anyBelow.Any(a => path.StartsWith(a + ":", StringComparison.OrdinalIgnoreCase) || path.Equals(a, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reports each key that nobody asked for, with the one that was perhaps meant.</summary>
    public void ReportUnknown()
    {
        foreach (var (path, value) in root.GetSection(Section).AsEnumerable(makePathsRelative: true))
        {
            if (value is null || path.Length == 0 || IsKnown(path))
                continue;
            Errors.Add($"{Section}:{path} is not a key of this program (its value is '{HiddenValue.Of(path, value)}'); {Advice(path)}");
        }
    }

    private string Advice(string path) =>
        Spelling.Nearest(path, _known.Concat(_anyBelow)) is { } near ? $"did you mean {Section}:{near}?" : "leave it out";

    private static JsonNode? ToJson(IConfigurationSection section)
    {
        var children = section.GetChildren().ToList();
        if (children.Count == 0)
            return section.Value is null ? null : JsonValue.Create(section.Value);
        if (children.All(c => int.TryParse(c.Key, out _)))
            return new JsonArray([.. children.Select(ToJson)]);
        return new JsonObject(children.Select(c => KeyValuePair.Create(c.Key, ToJson(c))));
    }
}
