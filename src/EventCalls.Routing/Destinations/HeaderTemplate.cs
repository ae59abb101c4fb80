using System.Text;
using System.Text.Json;

namespace EventCalls.Routing.Destinations;

/// <summary>A header's value with <c>$name</c> or <c>$name.member</c> for values of the call's state; <c>$$</c> is one <c>$</c>.</summary>
internal static class HeaderTemplate
{
    /// <summary>What is wrong with it; null when nothing is.</summary>
    public static string? Problem(string template)
    {
        for (int i = 0; i < template.Length; i++)
        {
            if (template[i] != '$')
                continue;
            if (i + 1 < template.Length && template[i + 1] == '$')
                i++;
            else if (i + 1 == template.Length || !IsFirst(template[i + 1]))
                return "has a '$' that no name of the state follows; write $$ for one";
        }

        return null;
    }

    /// <summary>The value; empty for what is not set.</summary>
    public static string Fill(string template, Func<string, JsonElement?> state)
    {
        if (!template.Contains('$', StringComparison.Ordinal))
            return template;
        var filled = new StringBuilder(template.Length);
        for (int i = 0; i < template.Length; i++)
        {
            if (template[i] != '$')
            {
                filled.Append(template[i]);
                continue;
            }

            int end = End(template, i + 1);
            filled.Append(end == i + 1 ? "$" : Value(template[(i + 1)..end].Split('.'), state));
            // The second of $$ is passed over.
            i = end == i + 1 ? end : end - 1;
        }

        return filled.ToString();
    }

    private static string Value(string[] path, Func<string, JsonElement?> state)
    {
        var value = state(path[0]);
        foreach (string member in path.AsSpan(1))
            value = value is { ValueKind: JsonValueKind.Object } inner && inner.TryGetProperty(member, out var found) ? found : null;
        return value switch
        {
            null or { ValueKind: JsonValueKind.Null } => "",
            { ValueKind: JsonValueKind.String } text => text.GetString()!,
            // On one line, however it came.
            { ValueKind: JsonValueKind.Object or JsonValueKind.Array } json => System.Text.Json.Nodes.JsonNode.Parse(json.GetRawText())!.ToJsonString(),
            { } scalar => scalar.GetRawText(),
        };
    }

    // name(.name)*; a point that no name follows ends it.
    private static int End(string template, int from)
    {
        int end = from;
        while (end < template.Length && (IsNext(template[end]) || (template[end] == '.' && end > from && end + 1 < template.Length && IsFirst(template[end + 1]))))
            end++;
        return end;
    }

    private static bool IsFirst(char c) => char.IsAsciiLetter(c) || c == '_';

    private static bool IsNext(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
