using System.Text.Json;

namespace EventCalls.Routing.Kit;

/// <summary>Compares JSON with what is expected of it: of objects only the members that are expected, of everything else the whole.</summary>
internal static class JsonDifferences
{
    /// <summary>What is otherwise, a line each that names the place.</summary>
    public static IReadOnlyList<string> Of(JsonElement expected, JsonElement actual)
    {
        var differences = new List<string>();
        Compare(expected, actual, "", differences);
        return differences;
    }

    private static void Compare(JsonElement expected, JsonElement actual, string place, List<string> differences)
    {
        if (expected.ValueKind == JsonValueKind.Object && actual.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in expected.EnumerateObject())
            {
                string inner = place.Length == 0 ? member.Name : $"{place}.{member.Name}";
                // Null stands for "must not be there".
                if (actual.TryGetProperty(member.Name, out var found))
                    Compare(member.Value, found, inner, differences);
                else if (member.Value.ValueKind != JsonValueKind.Null)
                    differences.Add($"{inner}: expected {member.Value.GetRawText()}, got nothing");
            }
        }
        else if (expected.ValueKind == JsonValueKind.Array && actual.ValueKind == JsonValueKind.Array && expected.GetArrayLength() == actual.GetArrayLength())
        {
            foreach (var (index, (wanted, got)) in expected.EnumerateArray().Zip(actual.EnumerateArray()).Index())
                Compare(wanted, got, $"{place}[{index}]", differences);
        }
        else if (!JsonElement.DeepEquals(expected, actual))
        {
            differences.Add($"{(place.Length == 0 ? "decision" : place)}: expected {expected.GetRawText()}, got {actual.GetRawText()}");
        }
    }
}
