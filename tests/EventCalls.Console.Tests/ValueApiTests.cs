using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EventCalls.Console.Security;

namespace EventCalls.Console.Tests;

/// <summary>What operators set for <c>conv.Config</c>.</summary>
public sealed class ValueApiTests
{
    [Fact]
    public async Task A_value_is_set_changed_and_taken_away_and_who_did_it_is_kept()
    {
        using var keys = new Keys();
        string key = keys.New("anna", ApiScope.Operate);
        await using var console = await ServedStore.StartAsync(o => o with { Keys = keys.Path });
        console.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

        await PutAsync(console, "holiday", """{ "value": "no" }""");
        await PutAsync(console, "holiday", """{ "value": "yes", "note": "Epiphany" }""");
        // Asked for a second time nothing is recorded.
        await PutAsync(console, "holiday", """{ "value": "yes" }""");
        await PutAsync(console, "desk.open", """{ "value": "9-17" }""");
        await PutAsync(console, "desk.open", """{ "value": null }""");

        var list = await console.Client.JsonAsync("/api/config");
        Assert.Equal(4, list.GetProperty("number").GetInt32());
        Assert.Equal("""{"holiday":"yes"}""", list.GetProperty("values").GetRawText());
        var one = await console.Client.JsonAsync("/api/config/holiday");
        Assert.Equal("yes", one.GetProperty("value").GetString());
        Assert.Equal(
            [(2, "yes", "anna", "Epiphany"), (1, "no", "anna", null)],
            one.GetProperty("changes").EnumerateArray().Select(c => (c.GetProperty("number").GetInt32(), c.GetProperty("value").GetString(), c.GetProperty("by").GetString(), c.GetProperty("note").GetString())));
        Assert.Equal(JsonValueKind.Null, (await console.Client.JsonAsync("/api/config/desk.open")).GetProperty("value").ValueKind);
    }

    [Fact]
    public async Task Who_may_only_see_changes_nothing()
    {
        using var keys = new Keys();
        string key = keys.New("board", ApiScope.Read);
        await using var console = await ServedStore.StartAsync(o => o with { Keys = keys.Path });
        console.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

        using var answer = await console.Client.PutAsync(new Uri("/api/config/holiday", UriKind.Relative), Json("""{ "value": "yes" }"""));

        Assert.Equal(403, (int)answer.StatusCode);
        Assert.Equal(404, (int)(await console.Client.GetAsync(new Uri("/api/config/holiday", UriKind.Relative))).StatusCode);
    }

    [Theory]
    [InlineData("holi%20day", """{ "value": "yes" }""", "name")]
    [InlineData("holiday", """{ "value": 1 }""", "value")]
    [InlineData("holiday", """{ "valve": "yes" }""", "valve")]
    [InlineData("holiday", """{ "note": "forgot it" }""", "value")]
    [InlineData("holiday", "", "value")]
    [InlineData("holiday", """{ "value": "a\u0000b" }""", "value")]
    public async Task What_cannot_be_a_value_is_refused_by_its_field(string name, string body, string field)
    {
        await using var console = await ServedStore.StartAsync();

        using var answer = await console.Client.PutAsync(new Uri($"/api/config/{name}", UriKind.Relative), Json(body));

        Assert.Equal(422, (int)answer.StatusCode);
        Assert.Equal(field, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("field").GetString());
    }

    private static async Task PutAsync(ServedStore console, string name, string body)
    {
        using var answer = await console.Client.PutAsync(new Uri($"/api/config/{name}", UriKind.Relative), Json(body));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
