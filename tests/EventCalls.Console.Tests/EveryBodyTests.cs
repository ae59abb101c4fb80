using System.Net;
using System.Text.Json;
using EventCalls.Replay.Audit;
using EventCalls.Routing;

namespace EventCalls.Console.Tests;

/// <summary>Every body that the API takes, as its description lists them: what nobody can have meant is refused by the name of the field.</summary>
public sealed class EveryBodyTests
{
    // What is free to name its members.
    private static readonly string[] s_any = ["post /api/calls/{id}/state"];

    [Fact]
    public async Task Unknown_fields_other_kinds_and_unknown_words_are_problems_that_name_the_field()
    {
        await using var console = await StartAsync();
        var wrong = new List<string>();
        int asked = 0;
        foreach (var (operation, method, path, schema) in await BodiesAsync(console))
        {
            foreach (var (body, field) in Nonsense(schema).Where(_ => !s_any.Contains(operation)))
            {
                asked++;
                using var answer = await console.Client.SendAsync(Answers.With(method, path, body));
                string text = await answer.Content.ReadAsStringAsync();
                var problem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json" ? JsonElement.Parse(text) : default;
                string? named = problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty("field", out var found) ? found.GetString() : null;
                if (answer.StatusCode != HttpStatusCode.UnprocessableEntity || named is null || !named.EndsWith(field, StringComparison.Ordinal))
                    wrong.Add($"{operation} {body}: {(int)answer.StatusCode} {text}");
            }
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.True(asked > 100, $"{asked} asked");
    }

    [Fact]
    public async Task What_is_no_object_is_a_problem_everywhere()
    {
        await using var console = await StartAsync();
        foreach (var (_, method, path, _) in await BodiesAsync(console))
        {
            await console.Client.ProblemAsync(Answers.With(method, path, "{"), 400);
            await console.Client.ProblemAsync(Answers.With(method, path, """{"a": 1, "a": 2}"""), 400);
            Assert.Equal("body", (await console.Client.ProblemAsync(Answers.With(method, path, "[]"), 422)).Field);
        }
    }

    private static Task<ServedStore> StartAsync() => FilledAsync(ServedStore.StartAsync(sources: s => s with
    {
        Fork = (_, _, _, _, _) => throw new ForkRefusedException("Nothing is played."),
        CompileLogic = (_, _) => throw new InvalidOperationException("Nothing is compiled."),
        TryLogic = (_, _, _) => throw new InvalidOperationException("Nothing is compiled."),
        LogicFrom = LogicFrom.Store,
        Queues = new TestQueues(),
    }));

    private static async Task<ServedStore> FilledAsync(Task<ServedStore> starting)
    {
        var console = await starting;
        await console.AppendAsync(RecordedCalls.Refused().Events);
        return console;
    }

    private static async Task<IReadOnlyList<(string Operation, HttpMethod Method, string Path, JsonElement Schema)>> BodiesAsync(ServedStore console)
    {
        var document = await console.Client.JsonAsync("/openapi/v1.json");
        var bodies = from path in document.GetProperty("paths").EnumerateObject()
                     from operation in path.Value.EnumerateObject()
                     where operation.Value.TryGetProperty("requestBody", out _)
                     let schema = operation.Value.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema")
                     select ($"{operation.Name} {path.Name}", new HttpMethod(operation.Name.ToUpperInvariant()), Filled(path.Name), Followed(document, schema));
        var all = bodies.ToList();
        Assert.True(all.Count >= 20, $"{all.Count} bodies");
        return all;
    }

    private static string Filled(string path) => path
        .Replace("/calls/{id}", $"/calls/{RecordedCalls.Refused().Id:D}", StringComparison.Ordinal)
        .Replace("{monitor}", $"{Guid.Empty:D}", StringComparison.Ordinal)
        .Replace("{name}", "x_error", StringComparison.Ordinal)
        .Replace("{version}", "sha256:3f2a91c04be7000000000000000000000000000000000000000000000000beef", StringComparison.Ordinal);

    private static JsonElement Followed(JsonElement document, JsonElement schema)
    {
        if (!schema.TryGetProperty("$ref", out var reference))
            return schema;
        foreach (string part in reference.GetString()!.TrimStart('#', '/').Split('/'))
            document = document.GetProperty(part);
        return document;
    }

    // Bodies with the end of the field's name that is wrong in them.
    private static IEnumerable<(string Body, string Field)> Nonsense(JsonElement schema)
    {
        yield return ("""{"surely_not": 1}""", "surely_not");
        if (Member(schema, "properties") is not { } properties)
            yield break;
        foreach (var property in properties.EnumerateObject())
        {
            string name = JsonSerializer.Serialize(property.Name);
            yield return ($$"""{{{name}}: [[]]}""", Array(property.Value) ? $"{property.Name}[0]" : property.Name);
            yield return ($$"""{{{name}}: true}""", property.Name);
            if (Member(property.Value, "enum") is not null)
            {
                yield return ($$"""{{{name}}: "nonsense"}""", property.Name);
                yield return ($$"""{{{name}}: 0}""", property.Name);
            }
            foreach (var (body, field) in Member(property.Value, "properties") is not null ? Nonsense(property.Value) : [])
                yield return ($$"""{{{name}}: {{body}}}""", field);
            foreach (var (body, field) in Array(property.Value) ? Nonsense(property.Value.GetProperty("items")) : [])
                yield return ($$"""{{{name}}: [{{body}}]}""", field);
            if (Array(property.Value))
                yield return ($$"""{{{name}}: [null]}""", $"{property.Name}[0]");
        }
    }

    private static bool Array(JsonElement schema) => Member(schema, "items") is not null;

    // What may be anything is described as true.
    private static JsonElement? Member(JsonElement schema, string name) => schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(name, out var member) ? member : null;
}
