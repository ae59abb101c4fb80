using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Loading;

namespace EventCalls.Console.Tests;

public sealed class LogicApiTests
{
    private const string Version = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task Versions_are_listed_with_the_one_that_decides_and_shown_with_their_sources()
    {
        await using var console = await ServedStore.StartAsync(sources: s => s with { ActiveLogic = () => Version });
        await console.Store.SaveLogicVersionAsync(new LogicVersionLoaded { Version = Version, Sources = [new LogicSource("A.cs", "class A;")], LoadedAt = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero) }, default);
        var list = await console.Client.JsonAsync("/api/logic");
        Assert.Equal(Version, list.GetProperty("active").GetString());
        Assert.True(Assert.Single(list.GetProperty("versions").EnumerateArray()).GetProperty("active").GetBoolean());
        var one = await console.Client.JsonAsync("/api/logic/01234567");
        Assert.Equal("class A;", one.GetProperty("sources")[0].GetProperty("text").GetString());
        await console.Client.ProblemAsync("/api/logic/0123", 404);
        await console.Client.ProblemAsync("/api/logic/..%2f..%2fx", 404);
    }

    [Fact]
    public async Task Uploaded_files_are_compiled_and_what_is_wrong_is_said_with_file_and_line()
    {
        await using var console = await ServedStore.StartAsync(sources: s => s with { CompileLogic = (sources, ct) => Task.Run(() => LogicCompiler.Compile(sources, ct), ct) });
        string good = "using EventCalls.Routing;\npublic sealed class Desk : RoutingLogic\n{\n    public override Decision Start(Conversation conv) => Handoff.Bye();\n}\n";
        var ok = await CheckAsync(console.Client, good);
        Assert.True(ok.GetProperty("ok").GetBoolean(), ok.ToString());
        var bad = await CheckAsync(console.Client, good.Replace("Handoff.Bye()", "Handoff.Buy()", StringComparison.Ordinal));
        Assert.False(bad.GetProperty("ok").GetBoolean());
        var diagnostic = bad.GetProperty("diagnostics")[0];
        Assert.Equal(("sub/Desk.cs", 4), (diagnostic.GetProperty("file").GetString(), diagnostic.GetProperty("line").GetInt32()));
    }

    [Theory]
    [InlineData("../../etc/cron.d/x.cs")]
    [InlineData("/etc/x.cs")]
    [InlineData("a\\\\b.cs")]
    [InlineData("x.txt")]
    public async Task A_name_that_leads_elsewhere_is_refused(string name)
    {
        await using var console = await ServedStore.StartAsync(sources: s => s with { CompileLogic = (_, _) => throw new InvalidOperationException("Nothing is compiled.") });
        await console.Client.ProblemAsync(Answers.Post("/api/logic/check", "{\"files\": {\"" + name + "\": \"x\"}}"), 422);
        await console.Client.ProblemAsync(Answers.Post("/api/logic/check", """{"files": {}}"""), 422);
        await console.Client.ProblemAsync(Answers.Post("/api/logic/check", """{"folder": "/etc"}"""), 422);
    }

    private static async Task<JsonElement> CheckAsync(HttpClient client, string source)
    {
        using var answer = await client.SendAsync(Answers.Post("/api/logic/check", JsonSerializer.Serialize(new { files = new Dictionary<string, string> { ["sub/Desk.cs"] = source } })));
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync());
    }
}
