using System.Net;
using EventCalls.Contracts;
using EventCalls.Store;
using EventCalls.Store.Tests;
using Npgsql;

namespace EventCalls.Marten.Tests.Analytics;

/// <summary>The sample application beside recorded calls, by its pages.</summary>
public sealed class CallAnalyticsTests(MartenFixture fixture) : IClassFixture<MartenFixture>, IAsyncLifetime
{
    private readonly SampleCalls _calls = new(21);
    private string _database = "";
    private ICallStore _store = null!;

    public async Task InitializeAsync()
    {
        _database = await fixture.NewDatabaseAsync();
        _store = fixture.Open(_database);
        await _store.MigrateAsync(default);
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task It_shows_answer_rates_the_states_of_handoffs_and_failed_transfers()
    {
        await RecordAsync([.. Enumerable.Range(0, 60).Select(_ => _calls.Any())]);
        await using var analytics = await AnalyticsProcess.StartAsync(_database);
        var expected = await Expected.OfAsync(_store);
        await analytics.UntilAsync("/api/rates", expected.Fits);
        await analytics.UntilAsync("/api/failed", failed => failed.AsArray().Select(f => (long)f!["position"]!).Reverse().SequenceEqual(expected.Failed));
        await analytics.UntilAsync("/api/handoffs", states => expected.Handoffs.Values.CountBy(state => state).All(state => (long?)states[state.Key] == state.Value));
        Assert.Equal(expected.Failed, analytics.Told);

        // While it runs more is recorded; it comes along.
        await RecordAsync([.. Enumerable.Range(0, 30).Select(_ => _calls.Any())]);
        expected = await Expected.OfAsync(_store);
        await analytics.UntilAsync("/api/rates", expected.Fits);
        var busy = await analytics.UntilAsync("/api/failed?outcome=Busy", _ => true);
        Assert.All(busy.AsArray(), failed => Assert.Equal("busy", (string)failed!["outcome"]!));

        var page = await analytics.Pages.GetStringAsync("/");
        Assert.Contains("<td>2025-03-01 08:00</td><td>sip:target-1@127.0.0.1</td>", page);
        Assert.Contains($"Handoffs: {expected.Handoffs.Values.Count(s => s == "done")} done", page);
    }

    [Fact]
    public async Task A_review_is_appended_to_a_call_that_is_over_and_EventCalls_reads_it()
    {
        var call = _calls.Bridged();
        var open = _calls.Bridged()[..^1];
        await RecordAsync(call, open);
        await using var analytics = await AnalyticsProcess.StartAsync(_database);
        var id = call[0].CallId;
        Assert.Contains("Nobody has listened to it.", await analytics.Pages.GetStringAsync($"/calls/{id}"));

        var reviewed = await ReviewAsync(id, "Ada <b>", "4");
        Assert.Equal(HttpStatusCode.OK, reviewed.StatusCode);
        Assert.Contains("<td>Ada &lt;b&gt;</td><td>★★★★</td>", await reviewed.Content.ReadAsStringAsync());
        Assert.Equal([.. call.Select(CallEventNames.Of), "call_reviewed"], (await _store.ReadStreamAsync(id, default)).Select(e => e.Type));
        await using (var source = NpgsqlDataSource.Create(_database))
        {
            await using var columns = source.CreateCommand("select causation_id || ' ' || correlation_id from mt_events where type = 'call_reviewed'");
            Assert.Equal($"{call[^1].EventId} {id}", await columns.ExecuteScalarAsync());
        }

        Assert.Equal((HttpStatusCode.BadRequest, "by: say who you are, in 1 to 100 characters."), await RefusalAsync(id, " ", "4"));
        Assert.Equal((HttpStatusCode.BadRequest, "stars: a number from 1 to 5."), await RefusalAsync(id, "Ada", "6"));
        Assert.Equal((HttpStatusCode.Conflict, "The call is not over yet; review it afterwards."), await RefusalAsync(open[0].CallId, "Ada", "4"));
        foreach (var unknown in (Guid[])[Guid.Empty, _calls.NewId()])
        {
            Assert.Equal((HttpStatusCode.NotFound, $"There is no call {unknown}."), await RefusalAsync(unknown, "Ada", "4"));
            Assert.Equal(HttpStatusCode.NotFound, (await analytics.Pages.GetAsync($"/calls/{unknown}")).StatusCode);
        }
        Assert.Equal(open.Count, (await _store.ReadStreamAsync(open[0].CallId, default)).Count);

        Task<HttpResponseMessage> ReviewAsync(Guid to, string by, string stars) =>
            analytics.Pages.PostAsync($"/calls/{to}/reviews", new FormUrlEncodedContent(new Dictionary<string, string> { ["by"] = by, ["stars"] = stars }));
        async Task<(HttpStatusCode, string)> RefusalAsync(Guid to, string by, string stars)
        {
            var refused = await ReviewAsync(to, by, stars);
            return (refused.StatusCode, await refused.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Its_tables_do_not_bother_the_recorder_and_it_may_be_there_first()
    {
        var empty = await fixture.NewDatabaseAsync();
        await using (await AnalyticsProcess.StartAsync(empty))
        {
            await using var store = fixture.Open(empty);
            await store.MigrateAsync(default);
            Assert.Empty(await store.CheckSchemaAsync(default));
        }
    }

    [Theory]
    [InlineData(2, "usage: CallAnalytics")]
    [InlineData(2, "names no Host", "--connection", "Database=calls")]
    [InlineData(3, "127.0.0.1:1", "--connection", "Host=127.0.0.1;Port=1;Username=nobody")]
    public async Task Without_a_database_it_says_what_is_wrong(int code, string said, params string[] arguments)
    {
        await using var program = AnalyticsProcess.Run(arguments);
        Assert.Equal(code, await program.Exited.WaitAsync(TimeSpan.FromSeconds(90)));
        Assert.Contains(said, program.Errors);
        Assert.DoesNotContain("   at ", program.Errors);
    }

    private async Task RecordAsync(params List<CallEvent>[] calls) =>
        await _store.AppendAsync([.. calls.SelectMany(call => call).Select(EventToAppend.Of)], default);
}
