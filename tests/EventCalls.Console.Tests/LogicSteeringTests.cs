using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using EventCalls.Console.Security;
using EventCalls.Contracts;
using EventCalls.Replay.Nightly;
using EventCalls.Routing;
using EventCalls.Routing.Deciders;
using EventCalls.Routing.Deciding;
using EventCalls.Store.Steering;

namespace EventCalls.Console.Tests;

public sealed class LogicSteeringTests
{
    private const string Good = "using EventCalls.Routing;\npublic sealed class Desk : RoutingLogic\n{\n    public override Decision Start(Conversation conv) => Handoff.Invite(\"1\");\n}\n";

    private static readonly string s_other = Good.Replace("\"1\"", "\"2\"", StringComparison.Ordinal);
    private static readonly string s_third = Good.Replace("\"1\"", "\"3\"", StringComparison.Ordinal);
    private static readonly string s_hangs = Good.Replace("Handoff.Invite(\"1\")", "Hang()", StringComparison.Ordinal)
        .Replace("\n}\n", "\n    private static Decision Hang() { while (true) { } }\n}\n", StringComparison.Ordinal);

    [Fact]
    public async Task A_version_is_uploaded_activated_and_rolled_back_and_who_did_it_is_shown()
    {
        using var keys = new Keys();
        string key = keys.New("anna", ApiScope.Administer);
        await using var console = await StartAsync(keys);
        console.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        string first = await UploadAsync(console, Good), second = await UploadAsync(console, s_other);

        var activated = await AnswerAsync(console, $"/api/logic/{first}/activate", """{"note": "the new desk"}""");
        Assert.True(activated.GetProperty("changed").GetBoolean());
        await AnswerAsync(console, $"/api/logic/{second}/activate", "{}");
        Assert.Equal(second, await ActiveAsync(console));
        await AnswerAsync(console, "/api/logic/roll-back", $$"""{"from": "{{second}}"}""");
        Assert.Equal(first, await ActiveAsync(console));

        var list = await console.Client.JsonAsync("/api/logic");
        Assert.Equal("store", list.GetProperty("from").GetString());
        Assert.Equal(
            [(3, first, "anna", true, null), (2, second, "anna", false, null), (1, first, "anna", false, "the new desk")],
            list.GetProperty("activations").EnumerateArray().Select(a => (a.GetProperty("number").GetInt32(), a.GetProperty("version").GetString(), a.GetProperty("by").GetString(), a.GetProperty("rolledBack").GetBoolean(), a.GetProperty("note").GetString())));
        foreach (var version in list.GetProperty("versions").EnumerateArray())
            Assert.Equal("anna", Assert.Single(version.GetProperty("uploaded").EnumerateArray()).GetProperty("by").GetString());
    }

    [Fact]
    public async Task A_version_gets_a_share_of_the_calls_and_loses_it_and_every_change_is_listed()
    {
        using var keys = new Keys();
        string key = keys.New("anna", ApiScope.Administer);
        await using var console = await StartAsync(keys);
        console.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        string first = await UploadAsync(console, Good), second = await UploadAsync(console, s_other);
        await AnswerAsync(console, $"/api/logic/{first}/activate", "{}");

        var started = await AnswerAsync(console, "/api/logic/canary", $$"""{"challenger": "{{second}}", "steps": [{"share": 5, "calls": 20, "minutes": 1}, {"share": 100}], "split": "caller", "note": "the new desk"}""");
        var record = started.GetProperty("record");
        Assert.Equal((first, second, 5, "caller", "anna"), (record.GetProperty("champion").GetString(), record.GetProperty("challenger").GetString(), record.GetProperty("share").GetInt32(), record.GetProperty("plan").GetProperty("split").GetString(), record.GetProperty("by").GetString()));
        Assert.Equal(0.05, record.GetProperty("plan").GetProperty("alpha").GetDouble());
        await console.Client.ProblemAsync(Answers.Post("/api/logic/canary", $$"""{"challenger": "{{second}}"}"""), 409);
        Assert.True((await AnswerAsync(console, "/api/logic/canary/stop", "{}")).GetProperty("changed").GetBoolean());
        Assert.False((await AnswerAsync(console, "/api/logic/canary/stop", "{}")).GetProperty("changed").GetBoolean());
        Assert.Equal(["stopped", "started"], (await console.Client.JsonAsync("/api/logic/canary")).GetProperty("records").EnumerateArray().Select(r => r.GetProperty("change").GetString()));
        string page = await console.Client.GetStringAsync(new Uri("/logic", UriKind.Relative));
        Assert.Contains("No version has a share of the calls.", page);
        Assert.Contains("the new desk", page);
    }

    [Theory]
    [InlineData("""{"challenger": "VERSION", "steps": [{"share": 101}]}""", "steps[0].share")]
    [InlineData("""{"challenger": "VERSION", "steps": [{"share": 5}, {"share": 5}]}""", "steps[1].share")]
    [InlineData("""{"challenger": "VERSION", "steps": [{"share": 100}]}""", "steps")]
    [InlineData("""{"challenger": "VERSION", "steps": []}""", "steps")]
    [InlineData("""{"challenger": "VERSION", "alpha": 0}""", "alpha")]
    [InlineData("""{"challenger": "VERSION", "margin": 1}""", "margin")]
    [InlineData("""{"challenger": "VERSION", "guard": {"seconds": 0}}""", "guard.seconds")]
    [InlineData("""{"steps": [{"share": 5}]}""", "challenger")]
    public async Task A_share_that_cannot_be_is_refused_with_the_field(string json, string field)
    {
        await using var console = await StartAsync();
        string version = await UploadAsync(console, Good);
        var problem = await console.Client.ProblemAsync(Answers.Post("/api/logic/canary", json.Replace("VERSION", version, StringComparison.Ordinal)), 422);
        Assert.Equal(field, problem.Field);
        Assert.Empty((await console.Client.JsonAsync("/api/logic/canary")).GetProperty("records").EnumerateArray());
    }

    [Fact]
    public async Task A_version_is_the_shadow_until_somebody_says_otherwise()
    {
        await using var console = await StartAsync();
        string version = await UploadAsync(console, Good);
        Assert.True((await AnswerAsync(console, "/api/logic/shadow", $$"""{"challenger": "{{version}}", "note": "the new desk, in the shadow"}""")).GetProperty("changed").GetBoolean());
        Assert.Contains("and does nothing by that.", await console.Client.GetStringAsync(new Uri("/logic", UriKind.Relative)));
        Assert.False((await AnswerAsync(console, "/api/logic/shadow", $$"""{"challenger": "{{version}}"}""")).GetProperty("changed").GetBoolean());
        Assert.True((await AnswerAsync(console, "/api/logic/shadow/stop", "{}")).GetProperty("changed").GetBoolean());
        Assert.Equal([null, version], (await console.Client.JsonAsync("/api/logic/shadow")).GetProperty("records").EnumerateArray().Select(r => r.GetProperty("challenger").GetString()));
        string page = await console.Client.GetStringAsync(new Uri("/logic", UriKind.Relative));
        Assert.Contains("No version decides calls again; ", page);
        Assert.Contains("<code>eventcalls logic shadow report</code> says what it came to.", page);
        Assert.Contains("the new desk, in the shadow", page);
        var problem = await console.Client.ProblemAsync("/api/logic/shadow/report", 409);
        Assert.Contains("'eventcalls logic shadow report' says what it came to.", problem.Detail);
    }

    [Fact]
    public async Task The_page_says_what_nights_came_to_and_which_version_could_not_be_used()
    {
        await using var console = await StartAsync();
        Assert.DoesNotContain("Every night", await console.Client.GetStringAsync(new Uri("/logic", UriKind.Relative)));
        var at = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
        var result = new NightlyResult
        {
            From = at,
            To = at.AddDays(1),
            At = at.AddHours(27),
            Versions = new Dictionary<string, long> { ["sha256:0123456789abcdef"] = 7, ["sha256:1"] = 5 },
            Calls = 12,
            Same = 5,
            NotReplayable = 0,
            Refused = [new NightlyRefusal("sha256:0123456789abcdef", 7, "does not compile any more: line.cs(1,1): <odd>")],
            Examples = [],
        };
        Assert.True(await ((ILogicSteering)console.Store).TryKeepProofAsync(result.ToKept(1), default));

        string page = await console.Client.GetStringAsync(new Uri("/logic", UriKind.Relative));
        Assert.Contains("<strong>7 of 12 calls of 2026-03-02T00:00:00Z to 2026-03-03T00:00:00Z could not be decided again: ", page);
        Assert.Contains("does not compile any more: line.cs(1,1): &lt;odd&gt;", page);
    }

    [Fact]
    public async Task Asked_for_twice_it_is_done_once()
    {
        await using var console = await StartAsync();
        string first = await UploadAsync(console, Good), second = await UploadAsync(console, s_other), third = await UploadAsync(console, s_third);
        foreach (string version in (string[])[first, second, third])
        {
            Assert.True((await AnswerAsync(console, $"/api/logic/{version}/activate", "{}")).GetProperty("changed").GetBoolean());
            Assert.False((await AnswerAsync(console, $"/api/logic/{version}/activate", "{}")).GetProperty("changed").GetBoolean());
        }
        Assert.Equal(first, await UploadAsync(console, Good));

        Assert.True((await AnswerAsync(console, "/api/logic/roll-back", $$"""{"from": "{{third}}"}""")).GetProperty("changed").GetBoolean());
        Assert.False((await AnswerAsync(console, "/api/logic/roll-back", $$"""{"from": "{{third}}"}""")).GetProperty("changed").GetBoolean());
        Assert.Equal(second, await ActiveAsync(console));
        // Back again goes on to what was before that, and at last to the folders.
        await AnswerAsync(console, "/api/logic/roll-back", $$"""{"from": "{{second}}"}""");
        Assert.Equal(first, await ActiveAsync(console));
        await AnswerAsync(console, "/api/logic/roll-back", $$"""{"from": "{{first}}"}""");
        Assert.Null(await ActiveAsync(console));
        await console.Client.ProblemAsync(Answers.Post("/api/logic/roll-back", $$"""{"from": "{{second}}"}"""), 409);
        Assert.Equal(6, (await ((ILogicSteering)console.Store).LastActivationAsync(default))!.Number);
    }

    [Fact]
    public async Task Of_two_who_activate_at_once_each_gets_an_answer_and_both_are_recorded_in_turn()
    {
        await using var console = await StartAsync();
        string[] versions = [await UploadAsync(console, Good), await UploadAsync(console, s_other), await UploadAsync(console, s_third)];
        var answers = await Task.WhenAll(versions.Select(v => AnswerAsync(console, $"/api/logic/{v}/activate", "{}")));
        Assert.Equal([1, 2, 3], answers.Select(a => a.GetProperty("activation").GetProperty("number").GetInt32()).Order());
        Assert.Equal(versions.Order(), (await ((ILogicSteering)console.Store).ListActivationsAsync(9, default)).Select(a => a.Version).Order());
    }

    [Fact]
    public async Task What_does_not_compile_is_not_kept_and_what_does_not_come_to_a_decision_is_never_activated()
    {
        await using var console = await StartAsync();
        using (var refused = await console.Client.SendAsync(Upload(Good.Replace("Invite", "Ivnite", StringComparison.Ordinal))))
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            var diagnostic = JsonElement.Parse(await refused.Content.ReadAsStringAsync()).GetProperty("diagnostics")[0];
            Assert.Equal(("Desk.cs", 4), (diagnostic.GetProperty("file").GetString(), diagnostic.GetProperty("line").GetInt32()));
        }
        Assert.Empty((await console.Client.JsonAsync("/api/logic")).GetProperty("versions").EnumerateArray());
        string good = await UploadAsync(console, Good);
        await AnswerAsync(console, $"/api/logic/{good}/activate", "{}");
        string bad = "sha256:" + new string('b', 64), hangs = "sha256:" + new string('c', 64);
        await console.Store.SaveLogicVersionAsync(Loaded(bad, "class A { "), default);
        await console.Store.SaveLogicVersionAsync(Loaded(hangs, s_hangs), default);

        foreach (string version in (string[])[bad, hangs])
        {
            using var refused = await console.Client.SendAsync(Answers.Post($"/api/logic/{version}/activate", "{}"));
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.NotEmpty(JsonElement.Parse(await refused.Content.ReadAsStringAsync()).GetProperty("diagnostics").EnumerateArray());
        }
        Assert.Equal(good, await ActiveAsync(console));
    }

    [Fact]
    public async Task Where_folders_decide_nothing_is_activated_and_the_setting_is_named()
    {
        await using var console = await StartAsync(from: LogicFrom.Folder);
        string version = await UploadAsync(console, Good);
        foreach (string path in (string[])[$"/api/logic/{version}/activate", "/api/logic/roll-back"])
        {
            var problem = await console.Client.ProblemAsync(Answers.Post(path, path.EndsWith("back", StringComparison.Ordinal) ? $$"""{"from": "{{version}}"}""" : "{}"), 409);
            Assert.Equal("EventCalls:Routing:LogicFrom", problem.Field);
        }
    }

    [Theory]
    [InlineData(ApiScope.Read)]
    [InlineData(ApiScope.Operate)]
    public async Task Only_who_may_administer_steers(ApiScope scope)
    {
        using var keys = new Keys();
        string key = keys.New("desk", scope);
        await using var console = await StartAsync(keys);
        await console.Client.ProblemAsync(Upload(Good), 401);
        console.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        foreach (var request in (HttpRequestMessage[])[Upload(Good), Answers.Post("/api/logic/abcdef/activate", "{}"), Answers.Post("/api/logic/roll-back", "{}")])
            await console.Client.ProblemAsync(request, 403);
    }

    [Fact]
    public async Task A_zip_of_the_folder_is_the_same_version_as_its_files()
    {
        await using var console = await StartAsync();
        string version = await UploadAsync(console, Good);
        using var answer = await console.Client.SendAsync(Zipped(("Desk.cs", Good), ("Routing.csproj", "<Project/>"), ("obj/Other.cs", "nonsense"), (".git/x.cs", "nonsense"), ("cases/a.json", "{}")));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(version, JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("version").GetString());
        Assert.Equal($"/api/logic/{version}", answer.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("../Desk.cs")]
    [InlineData("/etc/Desk.cs")]
    [InlineData("a/../../Desk.cs")]
    [InlineData("..\\Desk.cs")]
    [InlineData("C:/Desk.cs")]
    [InlineData("../../etc/passwd")]
    public async Task A_zip_that_leads_elsewhere_is_refused(string name)
    {
        await using var console = await StartAsync();
        await console.Client.ProblemAsync(Zipped(("Desk.cs", Good), (name, Good)), 422);
        Assert.Empty((await console.Client.JsonAsync("/api/logic")).GetProperty("versions").EnumerateArray());
    }

    [Fact]
    public async Task What_is_too_large_is_refused_packed_and_unpacked()
    {
        await using var console = await StartAsync();
        await console.Client.ProblemAsync(Zipped(("Desk.cs", new string('/', 9 << 20))), 413);
        var large = Upload(new string('/', 5 << 20));
        large.Headers.ExpectContinue = true;
        // The answer comes before the body is sent, however busy this machine is.
        using (var patient = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = console.Address })
            await patient.ProblemAsync(large, 413);
        await console.Client.ProblemAsync(Zipped([.. Enumerable.Range(0, 201).Select(n => ($"{n}.cs", "//"))]), 422);
        var nonsense = new HttpRequestMessage(HttpMethod.Post, "/api/logic") { Content = new ByteArrayContent([1, 2, 3]) };
        nonsense.Content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        await console.Client.ProblemAsync(nonsense, 400);
        nonsense = new HttpRequestMessage(HttpMethod.Post, "/api/logic/check") { Content = new ByteArrayContent([1, 2, 3]) };
        nonsense.Content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        await console.Client.ProblemAsync(nonsense, 415);
        await console.Client.ProblemAsync(new HttpRequestMessage(HttpMethod.Post, "/api/logic/0123456/activate") { Content = new StringContent("{}", null, "application/zip") }, 415);
    }

    [Fact]
    public async Task Two_versions_are_compared_line_by_line()
    {
        await using var console = await StartAsync();
        string first = await UploadAsync(console, Good), second = await UploadAsync(console, s_other);
        var compared = await console.Client.JsonAsync($"/api/logic/compare?old={first}&new={second}");
        var file = Assert.Single(compared.GetProperty("files").EnumerateArray());
        Assert.Contains(file.GetProperty("lines").EnumerateArray(), l => l.GetProperty("kind").GetString() == "added" && l.GetProperty("text").GetString()!.Contains("\"2\"", StringComparison.Ordinal));
        await console.Client.ProblemAsync($"/api/logic/compare?old={first}", 422);
        await console.Client.ProblemAsync($"/api/logic/compare?old={first}&new=abcdef", 404);
    }

    [Fact]
    public async Task Which_nodes_loaded_a_version_is_shown()
    {
        await using var console = await StartAsync();
        var at = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
        string version = "sha256:" + new string('d', 64);
        foreach (string node in (string[])["edge-2", "edge-1"])
            await console.Store.SaveLogicVersionAsync(Loaded(version, Good) with { Node = node, LoadedAt = at }, default);
        var listed = Assert.Single((await console.Client.JsonAsync("/api/logic")).GetProperty("versions").EnumerateArray());
        Assert.Equal(["edge-1", "edge-2"], listed.GetProperty("loaded").EnumerateArray().Select(l => l.GetProperty("by").GetString()));
        Assert.Empty(listed.GetProperty("uploaded").EnumerateArray());
    }

    internal static Task<ServedStore> StartAsync(Keys? keys = null, LogicFrom from = LogicFrom.Store) => ServedStore.StartAsync(
        o => o with { Keys = keys?.Path },
        s => s with
        {
            LogicFrom = from,
            TryLogic = (files, calls, ct) => LogicProof.RunAsync(null, files, calls, new DecideOptions(), TimeProvider.System, ct),
        });

    private static LogicVersionLoaded Loaded(string version, string text) => new() { Version = version, Sources = [new LogicSource("Desk.cs", text)], LoadedAt = DateTimeOffset.UnixEpoch };

    private static HttpRequestMessage Upload(string text) => Answers.Post("/api/logic", JsonSerializer.Serialize(new { files = new Dictionary<string, string> { ["Desk.cs"] = text } }));

    internal static async Task<string> UploadAsync(ServedStore console, string text)
    {
        using var answer = await console.Client.SendAsync(Upload(text));
        string said = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, said);
        return JsonElement.Parse(said).GetProperty("version").GetString()!;
    }

    private static HttpRequestMessage Zipped(params (string Name, string Text)[] files)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in files)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name).Open());
                writer.Write(text);
            }
        }
        var content = new ByteArrayContent(bytes.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        return new HttpRequestMessage(HttpMethod.Post, "/api/logic") { Content = content };
    }

    private static async Task<JsonElement> AnswerAsync(ServedStore console, string path, string json)
    {
        using var answer = await console.Client.SendAsync(Answers.Post(path, json));
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonElement.Parse(text);
    }

    private static async Task<string?> ActiveAsync(ServedStore console) => (await ((ILogicSteering)console.Store).LastActivationAsync(default))?.Version;
}
