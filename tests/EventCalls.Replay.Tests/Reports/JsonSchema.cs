using System.Text.Json;

namespace EventCalls.Replay.Tests.Reports;

/// <summary>Finds where a value is not what a JSON schema says (2020-12, as much of it as the report's schema uses), and members that it does not name.</summary>
internal sealed class JsonSchema(JsonElement root)
{
    public List<string> Problems(JsonElement value)
    {
        var problems = new List<string>();
        Check(root, value, "$", problems);
        return problems;
    }

    private void Check(JsonElement schema, JsonElement value, string path, List<string> problems)
    {
        foreach (var rule in schema.EnumerateObject())
        {
            switch (rule.Name)
            {
                case "$ref":
                    Check(root.GetProperty("$defs").GetProperty(rule.Value.GetString()!["#/$defs/".Length..]), value, path, problems);
                    break;
                case "anyOf" when !rule.Value.EnumerateArray().Any(s => Fits(s, value)):
                    problems.Add($"{path} fits none of the alternatives");
                    break;
                case "type" when !Types(rule.Value).Any(t => IsOf(t, value)):
                    problems.Add($"{path} is {value.ValueKind}, not {rule.Value}");
                    break;
                case "enum" when !rule.Value.EnumerateArray().Any(v => JsonElement.DeepEquals(v, value)):
                case "const" when !JsonElement.DeepEquals(rule.Value, value):
                    problems.Add($"{path} is {value}, not {rule.Value}");
                    break;
                case "minimum" when value.ValueKind == JsonValueKind.Number && value.GetDouble() < rule.Value.GetDouble():
                case "maximum" when value.ValueKind == JsonValueKind.Number && value.GetDouble() > rule.Value.GetDouble():
                case "minItems" when value.ValueKind == JsonValueKind.Array && value.GetArrayLength() < rule.Value.GetInt32():
                case "minProperties" when value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Count() < rule.Value.GetInt32():
                case "format" when value.ValueKind == JsonValueKind.String && !(rule.Value.GetString() == "uuid" ? value.TryGetGuid(out _) : value.TryGetDateTimeOffset(out _)):
                    problems.Add($"{path} is {value}, against {rule.Name} {rule.Value}");
                    break;
                case "items" when value.ValueKind == JsonValueKind.Array:
                    foreach (var (item, i) in value.EnumerateArray().Select((v, i) => (v, i)))
                        Check(rule.Value, item, $"{path}[{i}]", problems);
                    break;
                case "required" when value.ValueKind == JsonValueKind.Object:
                    problems.AddRange(rule.Value.EnumerateArray().Where(n => !value.TryGetProperty(n.GetString()!, out _)).Select(n => $"{path} lacks {n}"));
                    break;
                case "properties" when value.ValueKind == JsonValueKind.Object:
                    Members(rule.Value, value, path, problems);
                    break;
                case "additionalProperties" when value.ValueKind == JsonValueKind.Object:
                    foreach (var member in value.EnumerateObject())
                        Check(rule.Value, member.Value, $"{path}.{member.Name}", problems);
                    break;
            }
        }
    }

    private void Members(JsonElement named, JsonElement value, string path, List<string> problems)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (named.TryGetProperty(member.Name, out var schema))
                Check(schema, member.Value, $"{path}.{member.Name}", problems);
            else
                problems.Add($"{path}.{member.Name} is not in the schema");
        }
    }

    private bool Fits(JsonElement schema, JsonElement value)
    {
        var problems = new List<string>();
        Check(schema, value, "", problems);
        return problems.Count == 0;
    }

    private static IEnumerable<string> Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()!) : [type.GetString()!];

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "array" => value.ValueKind == JsonValueKind.Array,
        _ => value.ValueKind == JsonValueKind.Object,
    };
}
