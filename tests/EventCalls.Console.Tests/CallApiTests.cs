using System.Text.Json;
using System.Xml.Linq;
using EventCalls.Console.Problems;
using EventCalls.Contracts;
using EventCalls.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Data.Sqlite;

namespace EventCalls.Console.Tests;

public sealed class CallApiTests : IAsyncLifetime
{
    private const string Evil = "<script>alert('1')</script>\"&";
    private ServedStore _console = null!;

    private HttpClient Client => _console.Client;

    public async Task InitializeAsync()
    {
        _console = await ServedStore.StartAsync();
        await _console.AppendAsync([
            .. RecordedCalls.ReferredThenBridged(1).Events, .. RecordedCalls.Referred(2).Events, .. RecordedCalls.Refused(3).Events, .. RecordedCalls.Open(4).Events,
        ]);
    }

    public async Task DisposeAsync() => await _console.DisposeAsync();

    [Fact]
    public async Task Calls_are_listed_with_the_members_of_calls_list_the_newest_first()
    {
        var page = await Client.JsonAsync("/api/calls");
        var calls = page.GetProperty("calls").EnumerateArray().ToList();
        Assert.Equal(4, calls.Count);
        Assert.Equal(
            ["callId", "sipCallId", "startedAt", "endedAt", "caller", "callee", "trunk", "flow", "handoff", "target", "outcome", "attempts", "logicVersion"],
            calls[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(RecordedCalls.Open(4).Id, calls[0].GetProperty("callId").GetGuid());
        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task Numbers_and_quotes_stand_in_answers_as_people_write_them()
    {
        string call = await Client.GetStringAsync($"/api/calls/{RecordedCalls.Referred(2).Id:D}");
        string events = await Client.GetStringAsync($"/api/calls/{RecordedCalls.Referred(2).Id:D}/events");
        using var problem = await Client.GetAsync("/api/calls/no'ne");

        Assert.Contains("\"caller\":\"+", call, StringComparison.Ordinal);
        Assert.DoesNotContain("u002B", call + events, StringComparison.Ordinal);
        Assert.Contains("There is no call 'no'ne'", await problem.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        // Backslashes before what only looks like an escape stay what they are.
        var name = new Dictionary<string, string> { ["a"] = "\\u002B\\\\+'\"\u0001ü\\" };
        Assert.Equal(name["a"], JsonElement.Parse(PlainJson.Bytes(writer => JsonSerializer.Serialize(writer, name)).Span).GetProperty("a").GetString());
    }

    [Theory]
    [InlineData("events")]
    [InlineData("state")]
    [InlineData("ladder")]
    [InlineData("ladder.svg")]
    public async Task An_event_that_is_damaged_is_named_and_no_half_of_an_answer_is_sent(string what)
    {
        var call = RecordedCalls.Referred(2);
        await using (var database = new SqliteConnection($"Data Source={Path.Combine(_console.Folder, "calls.db")};Pooling=False"))
        {
            await database.OpenAsync();
            await using var command = database.CreateCommand();
            command.CommandText = "update events set data = '{\"bad\":' where call_id = $call and type = 'call_ended'";
            command.Parameters.AddWithValue("$call", call.Id.ToString());
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }

        var (detail, _) = await Client.ProblemAsync($"/api/calls/{call.Id}/{what}", 500);
        Assert.Contains($"of call {call.Id}, 'call_ended', is damaged in the store", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_follow_each_other_without_a_call_twice_or_missing()
    {
        var seen = new List<Guid>();
        string path = "/api/calls?limit=3";
        for (string? next = ""; next is not null;)
        {
            var page = await Client.JsonAsync(path + (next.Length == 0 ? "" : $"&after={next}"));
            seen.AddRange(page.GetProperty("calls").EnumerateArray().Select(c => c.GetProperty("callId").GetGuid()));
            next = page.GetProperty("next").GetString();
        }
        Assert.Equal([.. Enumerable.Range(1, 4).Reverse().Select(n => new SampleCall(n).Id)], seen);
    }

    [Theory]
    [InlineData("caller=%2B15550000002", 2)]
    [InlineData("callee=%2B15550009999", 3)]
    [InlineData("flow=general_support", 2)]
    [InlineData("outcome=answered&handoff=invite", 1)]
    [InlineData("trunk=backup", 3)]
    [InlineData("target=sip:support@example.com", 2)]
    [InlineData("ended=false", 4)]
    [InlineData("caller=+15550000004", 4)]
    [InlineData("target=sip:+12222222@192.0.2.7:5060&ended=false", 4)]
    [InlineData("from=2026-11-22T13:50:00Z&to=2026-11-22T13:51:00Z", 3)]
    public async Task A_search_finds_what_its_conditions_say(string query, int number)
    {
        var found = (await Client.JsonAsync($"/api/calls?{query}")).GetProperty("calls").EnumerateArray().Select(c => c.GetProperty("callId").GetGuid());
        Assert.Equal([new SampleCall(number).Id], found);
    }

    [Fact]
    public async Task A_version_is_named_by_the_digits_that_pages_show_of_it_and_by_no_fewer()
    {
        const string Whole = "sha256:90f968c8f6ecfc8493d5b23dd5ff6fc45f15fc925c6a9e2a464f87fb224a7684";
        await _console.Store.SaveLogicVersionAsync(new LogicVersionLoaded { Version = Whole, Sources = [new LogicSource("A.cs", "// a")], LoadedAt = DateTimeOffset.UnixEpoch }, default);
        await _console.Store.SaveLogicVersionAsync(new LogicVersionLoaded { Version = Whole[..^1] + "5", Sources = [new LogicSource("A.cs", "// b")], LoadedAt = DateTimeOffset.UnixEpoch }, default);
        var call = new SampleCall(8);
        call.Decided("support", new Handoff { Method = HandoffMethod.Bye });
        await _console.AppendAsync(call.Events.Select(e => e is FlowSelected selected ? selected with { LogicVersion = Whole } : e));

        Assert.Contains("2 versions begin with '90f968c8f6ec'", (await Client.ProblemAsync("/api/calls?version=90f968c8f6ec", 422)).Detail, StringComparison.Ordinal);
        foreach (string version in new[] { Whole, Whole[7..] })
            Assert.Single((await Client.JsonAsync($"/api/calls?version={version}")).GetProperty("calls").EnumerateArray());
        Assert.Equal(2 + 1, (await Client.GetStringAsync($"/api/calls.csv?version={Whole[7..]}")).Split("\r\n").Length);
        Assert.Empty((await Client.JsonAsync("/api/calls?version=90f96")).GetProperty("calls").EnumerateArray());
    }

    [Fact]
    public async Task A_header_is_searched_for_in_a_bounded_time_only()
    {
        var call = new SampleCall(5);
        await _console.AppendAsync(call.Started with { Headers = [new SipHeader("f", "<sip:x@y>;tag=1")] });
        const string header = "header.From=%3Csip%3Ax%40y%3E%3Btag%3D1";
        var (detail, field) = await Client.ProblemAsync($"/api/calls?{header}", 422);
        Assert.Equal("from", field);
        Assert.Contains("at most 7 days", detail, StringComparison.Ordinal);
        await Client.ProblemAsync($"/api/calls?{header}&from=2026-01-01&to=2026-03-01", 422);
        var found = await Client.JsonAsync($"/api/calls?{header}&from=2026-11-22&to=2026-11-23");
        Assert.Equal(call.Id, Assert.Single(found.GetProperty("calls").EnumerateArray()).GetProperty("callId").GetGuid());
    }

    [Fact]
    public async Task A_header_that_the_store_has_an_index_of_is_searched_for_at_any_time()
    {
        await using var store = EventCalls.Marten.MartenStore.Open(new StoreOptions { Postgres = "Host=127.0.0.1;Port=9;Database=nobody", HeaderIndex = true });
        CallQuery Of(string query) => Queries.CallSearch.Of(new QueryCollection(QueryHelpers.ParseQuery(query)), store, DateTimeOffset.UnixEpoch);
        Assert.Equal("42", Assert.Single(Of("?header.X-Customer-ID=42").Headers).Value);
        Assert.Equal(2, Of("?header.Via=x&header.X-Customer-ID=42").Headers.Count);
        // One that is left out alone still is looked for in each call.
        Assert.Contains("at most 7 days", Assert.Throws<ApiProblemException>(() => Of("?header.v=x")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("colour=red", 400, "colour")]
    [InlineData("flow=a&flow=b", 400, "flow")]
    [InlineData("limit=0", 422, "limit")]
    [InlineData("limit=1001", 422, "limit")]
    [InlineData("outcome=great", 422, "outcome")]
    [InlineData("from=yesterday", 422, "from")]
    [InlineData("after=AAAA", 422, "after")]
    [InlineData("after=%27%20or%201=1--xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 422, "after")]
    [InlineData("after=_____________________________w==", 422, "after")]
    [InlineData("header.=x", 400, "header.")]
    public async Task A_parameter_that_cannot_be_is_refused_by_name(string query, int status, string name) =>
        Assert.Equal(name, (await Client.ProblemAsync($"/api/calls?{query}", status)).Field);

    [Fact]
    public async Task One_call_is_found_by_its_id_and_by_its_SIP_Call_ID_with_its_events_its_state_and_its_ladder()
    {
        var sample = RecordedCalls.ReferredThenBridged(1);
        foreach (string id in new[] { sample.Id.ToString("D"), Uri.EscapeDataString(sample.SipCallId) })
        {
            var call = await Client.JsonAsync($"/api/calls/{id}");
            Assert.Equal(sample.Id, call.GetProperty("callId").GetGuid());
            Assert.Equal("answered", call.GetProperty("outcome").GetString());
            Assert.Equal(sample.Started.Node, call.GetProperty("node").GetString());
        }
        var events = await Client.JsonAsync($"/api/calls/{sample.Id}/events");
        Assert.Equal(sample.Events.Select(e => CallEventNames.Of(e)), events.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("type").GetString()!));
        var state = await Client.JsonAsync($"/api/calls/{sample.Id}/state?at=2");
        Assert.Equal(2, state.GetProperty("at").GetInt32());
        Assert.Equal("vip_support", state.GetProperty("flow").GetString());
        Assert.Equal("at", (await Client.ProblemAsync($"/api/calls/{sample.Id}/state?at=99", 422)).Field);
        var ladder = await Client.JsonAsync($"/api/calls/{sample.Id}/ladder");
        Assert.Equal(["caller", "eventcalls", "logic", "target"], ladder.GetProperty("parties").EnumerateArray().Select(p => p.GetProperty("role").GetString()));
        var rows = ladder.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(sample.Events.Count, rows.Count);
        var first = rows[0].GetProperty("arrows")[0];
        Assert.Equal((0, 1, "INVITE", true), (first.GetProperty("from").GetInt32(), first.GetProperty("to").GetInt32(), first.GetProperty("label").GetString(), first.GetProperty("isSip").GetBoolean()));
    }

    [Theory]
    [InlineData("/api/calls/nobody")]
    [InlineData("/api/calls/..%2f..%2fetc%2fpasswd")]
    [InlineData("/api/calls/0199c3d2-7a1b-7000-8000-0000000000ff/events")]
    [InlineData("/..%2f..%2fetc/passwd")]
    [InlineData("/api/nothing")]
    public async Task What_is_not_there_is_not_found(string path) => await Client.ProblemAsync(path, 404);

    [Fact]
    public async Task Markup_that_a_caller_sends_is_text_in_the_image_and_in_JSON()
    {
        var call = new SampleCall(6, caller: Evil, callee: Evil);
        call.Decided("support", new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "+1" }).Attempt(1, HandoffMethod.Invite, $"sip:{Evil}@x\u0001\uFFFE")
            .Progress(1, "response", 180, $"SIP/2.0 180 {Evil}");
        await _console.AppendAsync(call.Events);
        using var answer = await Client.GetAsync($"/api/calls/{call.Id}/ladder.svg");
        Assert.Equal("image/svg+xml", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var svg = XDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName is "script" or "image" or "a" or "foreignObject");
        Assert.DoesNotContain(svg.Descendants().Attributes(), a => a.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        Assert.Contains(svg.Descendants(), e => e.Name.LocalName == "text" && e.Value.Contains("<script>", StringComparison.Ordinal));
        string json = await Client.GetStringAsync($"/api/calls/{call.Id}/ladder");
        Assert.DoesNotContain("<script>", json, StringComparison.Ordinal);
        Assert.Contains("\\u003Cscript", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_image_has_a_lane_for_each_party_a_row_for_each_event_and_a_dark_and_a_light_side()
    {
        var call = RecordedCalls.ReferredThenBridged(1);
        string text = await Client.GetStringAsync($"/api/calls/{call.Id}/ladder.svg");
        var svg = XDocument.Parse(text);
        Assert.Equal(4, svg.Descendants().Count(e => ((string?)e.Attribute("class"))?.StartsWith("party ", StringComparison.Ordinal) == true));
        Assert.Equal(call.Events.Count, svg.Descendants().Count(e => e.Attribute("data-event") is not null));
        Assert.Contains("prefers-color-scheme:dark", text, StringComparison.Ordinal);
        Assert.Contains("403 Forbidden", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_is_exported_as_CSV_that_no_spreadsheet_takes_for_formulas()
    {
        await _console.AppendAsync(new SampleCall(7, caller: "=cmd|'/c calc'!A1", callee: "a,\"b\"", trunk: "+44 or @x").Events);
        string[] lines = (await Client.GetStringAsync("/api/calls.csv?from=2026-11-22")).Split("\r\n");
        Assert.StartsWith("callId,sipCallId,startedAt,", lines[0], StringComparison.Ordinal);
        Assert.Equal(5 + 2, lines.Length);
        Assert.Contains(",'=cmd|'/c calc'!A1,\"a,\"\"b\"\"\",'+44 or @x,", lines[1], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains(",+15550000002,", StringComparison.Ordinal));
        // Blanks are passed over, wide forms are the same marks, and what turns the direction of writing is shown nowhere.
        await _console.AppendAsync(new SampleCall(8, caller: " =1+1", callee: "\uFF1D1+1", trunk: "a\u202Eb\u0007").Events);
        Assert.Contains(",' =1+1,'\uFF1D1+1,a\uFFFDb\uFFFD,", await Client.GetStringAsync("/api/calls.csv?from=2026-11-22"), StringComparison.Ordinal);
        Assert.Equal(2 + 1, (await Client.GetStringAsync("/api/calls.csv?limit=1")).Split("\r\n").Length);
    }

    [Fact]
    public async Task What_was_ever_decided_is_counted()
    {
        var groups = (await Client.JsonAsync("/api/statistics?by=flow")).GetProperty("groups").EnumerateArray().ToList();
        Assert.Equal(3, groups.Sum(g => g.GetProperty("calls").GetInt32()));
        Assert.Equal("by", (await Client.ProblemAsync("/api/statistics?by=weather", 422)).Field);
    }
}
