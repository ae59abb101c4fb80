using System.Net;

namespace EventCalls.Console.Tests;

public sealed class FieldProblemTests
{
    private const string Hash = "sha256:3f2a91c04be7000000000000000000000000000000000000000000000000beef";

    [Theory]
    [InlineData("/api/replays", """{"from": "yesterday"}""", "from", "from is \"yesterday\"; expected a time such as \"2026-11-29T08:00:00Z\".")]
    [InlineData("/api/replays", """{"to": 5}""", "to", "to is 5; expected a time such as \"2026-11-29T08:00:00Z\".")]
    [InlineData("/api/replays", """{"sample": "all"}""", "sample", "sample is \"all\"; expected a whole number.")]
    [InlineData("/api/replays", """{"sample": 1.5}""", "sample", "sample is 1.5; expected a whole number.")]
    [InlineData("/api/replays", """{"logic": ["a"]}""", "logic", "logic is a list; expected a text.")]
    [InlineData("/api/replays", """{"files": "Desk.cs"}""", "files", "files is \"Desk.cs\"; expected an object of names and texts.")]
    [InlineData("/api/replays", """{"files": {"Desk.cs": 7}}""", "files", "files is an object; expected an object of names and texts.")]
    [InlineData("/api/replays", """{"logik": "a"}""", "logik", "There is no field 'logik' here; there are logic, files, from, to, trunk, flow, callee, sample.")]
    [InlineData("/api/replays", "[]", "body", "The body is no JSON object.")]
    [InlineData("/api/replays", "", "logic", "Give either logic, the hash of a version, or files.")]
    [InlineData("/api/calls/none/forks", """{"at": "two"}""", "at", "at is \"two\"; expected a whole number.")]
    [InlineData("/api/logic", """{"files": {"Desk.cs": 7}}""", "files", "files is an object; expected an object of names and texts.")]
    [InlineData("/api/logic/roll-back", """{"from": 7}""", "from", "from is 7; expected a text.")]
    [InlineData("/api/queues/x_error/dead/put-back", """{"id": 7}""", "id", "id is 7; expected a text.")]
    [InlineData("/api/webhooks/crm/dead/replay", """{"ids": "7"}""", "ids", "There is no field 'ids' here; there is id.")]
    [InlineData("/api/webhooks/crm/dead/replay", """{"id": "7"}""", "id", "id is \"7\"; expected an id such as \"0198f3a1-7c2e-7d40-9b1a-3f5e6d7c8b9a\".")]
    public async Task A_body_that_cannot_be_used_is_refused_with_the_field_and_what_is_expected(string path, string body, string field, string detail)
    {
        await using var console = await ServedStore.StartAsync();
        Assert.Equal((detail, field), await console.Client.ProblemAsync(Answers.Post(path, body), 422));
    }

    [Theory]
    [InlineData("/api/replays", "{")]
    [InlineData("/api/logic", "{\"files\": x}")]
    [InlineData("/sign-in", "{\"key\": ")]
    public async Task What_is_no_JSON_is_refused_with_the_place_and_no_name_of_the_programs_inside(string path, string body)
    {
        using var keys = new Keys();
        await using var console = await ServedStore.StartAsync(o => path == "/sign-in" ? o with { Keys = keys.Path } : o);
        var (detail, _) = await console.Client.ProblemAsync(Answers.Post(path, body), 400);
        Assert.StartsWith("The body is no valid JSON: ", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("EventCalls.", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-11-29", "from 2026-11-29 00:00")]
    [InlineData("2026-11-29T08:30:00", "from 2026-11-29 08:30")]
    [InlineData("2026-11-29T08:30:00+02:00", "from 2026-11-29 06:30")]
    public void A_time_without_an_offset_is_UTC_wherever_it_is_read(string given, string words)
    {
        var wanted = System.Text.Json.JsonSerializer.Deserialize($$"""{"from": "{{given}}"}""", ConsoleJson.Default.WantedReplay)!;
        Assert.Equal(words, Replays.ReplayEndpoints.RequestOf(wanted, Hash).Words);
    }

    [Fact]
    public async Task Who_signs_in_with_something_that_is_no_text_is_told_the_field()
    {
        using var keys = new Keys();
        await using var console = await ServedStore.StartAsync(o => o with { Keys = keys.Path });
        Assert.Equal(("key is 7; expected a text.", "key"), await console.Client.ProblemAsync(Answers.Post("/sign-in", """{"key": 7}"""), (int)HttpStatusCode.UnprocessableEntity));
    }
}
