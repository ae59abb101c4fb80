using System.Globalization;
using System.Text.Json;
using EventCalls.Replay.Choosing;

namespace EventCalls.Replay.Gate;

/// <summary>Reads a file of expected changes: <c>{ "expected": [ { "name", "where", "may", "reason", "author", "expires" } ] }</c>, as <c>docs/replay.md</c> describes it.</summary>
public static class ExpectedChangesFile
{
    private static readonly JsonDocumentOptions s_options = new() { AllowDuplicateProperties = false, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private static readonly string[] s_members = ["name", "where", "may", "reason", "author", "expires"];

    /// <summary>Reads it.</summary>
    /// <param name="json">The file's content.</param>
    /// <param name="now">What expired by then no longer excuses anything.</param>
    /// <exception cref="FormatException">It is not such a file; the message names the rule and the member, and says what to do.</exception>
    public static ExpectedChanges Read(string json, DateTimeOffset now)
    {
        try
        {
            using var document = JsonDocument.Parse(json, s_options);
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("expected", out var list) || list.ValueKind != JsonValueKind.Array)
                throw new FormatException("it has no list \"expected\"; write { \"expected\": [ { \"name\": …, \"where\": …, \"may\": …, \"reason\": …, \"author\": …, \"expires\": … } ] }");
            var rules = new List<ExpectedChange>();
            foreach (var item in list.EnumerateArray())
            {
                var rule = Rule(item, rules.Count + 1);
                if (rules.Exists(known => known.Name == rule.Name))
                    throw new FormatException($"two rules have the name '{rule.Name}'; give each its own");
                rules.Add(rule);
            }
            return new ExpectedChanges(rules, now);
        }
        catch (JsonException e)
        {
            throw new FormatException($"it is no JSON: {e.Message}", e);
        }
    }

    private static ExpectedChange Rule(JsonElement item, int number)
    {
        string which = string.Create(CultureInfo.InvariantCulture, $"rule {number}");
        if (item.ValueKind != JsonValueKind.Object)
            throw new FormatException($"{which} is no object");
        string name = Text(item, which, "name", "a short name for reports");
        which = $"{which} ('{name}')";
        foreach (var member in item.EnumerateObject())
        {
            if (!s_members.Contains(member.Name))
                throw new FormatException($"{which} has a member '{member.Name}'; possible are {string.Join(", ", s_members)}");
        }
        var (flow, target, conditions) = Where(item, which);
        return new ExpectedChange
        {
            Name = name,
            Text = item.GetRawText(),
            Reason = Text(item, which, "reason", "why the change is wanted"),
            Author = Text(item, which, "author", "who answers for it"),
            Expires = DateOnly.TryParseExact(Text(item, which, "expires", "the last day it holds"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? day : throw new FormatException($"{which}: 'expires' is '{item.GetProperty("expires").GetString()}'; give the last day it holds, such as 2026-12-31"),
            Flow = flow,
            Target = target,
            Conditions = conditions,
            May = May(item, which),
        };
    }

    private static string Text(JsonElement item, string which, string member, string what) =>
        item.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text : throw new FormatException($"{which}: '{member}' is missing or no text; give {what}");

    private static (string? Flow, string? Target, List<CallCondition> Conditions) Where(JsonElement item, string which)
    {
        (string? flow, string? target, var conditions) = (null, null, new List<CallCondition>());
        if (!item.TryGetProperty("where", out var where))
            return (flow, target, conditions);
        if (where.ValueKind != JsonValueKind.Object)
            throw new FormatException($"{which}: 'where' is no object; write {{ \"flow\": \"support\", \"header.X-Tier\": \"gold\" }}");
        foreach (var member in where.EnumerateObject())
        {
            string value = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : throw new FormatException($"{which}: 'where.{member.Name}' is no text");
            if (member.Name == "flow")
                flow = value;
            else if (member.Name == "target")
                target = value;
            else if (CallCondition.TryField(member.Name, value, out var condition))
                conditions.Add(condition);
            else
                throw new FormatException($"{which}: 'where.{member.Name}' is no field of a call; possible are {string.Join(", ", CallCondition.Fields)}, header.NAME");
        }
        return (flow, target, conditions);
    }

    private static List<(string, string, string)> May(JsonElement item, string which)
    {
        const string How = "write { \"target\": \"+4950\" }, { \"flow\": { \"was\": \"support\", \"now\": \"vip*\" } } or { \"state.*\": \"*\" }";
        if (!item.TryGetProperty("may", out var may) || may.ValueKind != JsonValueKind.Object || may.EnumerateObject().MoveNext() is false)
            throw new FormatException($"{which}: 'may' is missing or empty; {How}");
        var changes = new List<(string, string, string)>();
        foreach (var field in may.EnumerateObject())
        {
            string was = "*";
            string now = "*";
            if (field.Value.ValueKind == JsonValueKind.String)
                now = field.Value.GetString()!;
            else if (field.Value.ValueKind == JsonValueKind.Null)
                now = "";
            else if (field.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var side in field.Value.EnumerateObject())
                {
                    string value = side.Value.ValueKind switch
                    {
                        JsonValueKind.String => side.Value.GetString()!,
                        JsonValueKind.Null => "",
                        _ => throw new FormatException($"{which}: 'may.{field.Name}.{side.Name}' is no text; {How}"),
                    };
                    if (side.Name == "was")
                        was = value;
                    else if (side.Name == "now")
                        now = value;
                    else
                        throw new FormatException($"{which}: 'may.{field.Name}' has a member '{side.Name}'; only was and now are possible");
                }
            }
            else
            {
                throw new FormatException($"{which}: 'may.{field.Name}' is no text and no object; {How}");
            }
            changes.Add((field.Name, was, now));
        }
        return changes;
    }
}
