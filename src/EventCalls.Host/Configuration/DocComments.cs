using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EventCalls.Host.Configuration;

/// <summary>The summaries of properties, out of the documentation files that lie beside the program.</summary>
internal static partial class DocComments
{
    private static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, XElement>> s_files = new();

    /// <summary>What a configuration has in the place of null.</summary>
    public const string NotSet = "not set";

    /// <summary>The summary of a property, in Markdown; empty when there is no documentation.</summary>
    public static string Of(PropertyInfo property) => Null().Replace(Of(property.DeclaringType!, 'P', property.Name), NotSet);

    /// <summary>The summary of one value of an enumeration, as a part of a sentence.</summary>
    public static string Of<T>(T value) => (Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T)) is { IsEnum: true } type ? Of(type, 'F', $"{value}").TrimEnd('.') : "";

    private static string Of(Type type, char kind, string name) =>
        s_files.GetOrAdd(type.Assembly, Read).TryGetValue($"{kind}:{type.FullName}.{name}", out var summary)
            ? Blanks().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim()
            : "";

    private static IReadOnlyDictionary<string, XElement> Read(Assembly assembly)
    {
        var file = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
        if (!File.Exists(file))
            return new Dictionary<string, XElement>();
        return XDocument.Load(file).Descendants("member")
            .Where(m => m.Attribute("name") is { Value: ['P' or 'F', ':', ..] } && m.Element("summary") is not null)
            .ToDictionary(m => m.Attribute("name")!.Value, m => m.Element("summary")!);
    }

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" or "paramref" } reference => $"`{LastName(reference)}`",
        XElement other => other.Value,
        _ => "",
    };

    private static string LastName(XElement reference) =>
        reference.Attributes().FirstOrDefault()?.Value is { } name ? name[(name.LastIndexOfAny(['.', ':']) + 1)..] : reference.Value;

    [GeneratedRegex(@"\bnull\b")]
    private static partial Regex Null();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
