using EventCalls.Contracts;
using EventCalls.Routing.Fetching;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace EventCalls.Routing.Tests.Fetching;

public sealed class BreakerTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_source_that_fails_in_a_row_is_left_alone_until_one_question_finds_it_well_again()
    {
        await using var crm = await Crm.StartAsync();
        bool isWell = false;
        crm.Answer = (context, _) =>
        {
            context.Response.StatusCode = isWell ? 200 : 503;
            return context.Response.WriteAsync("{}");
        };
        using var sources = new FetchSources([crm.Source() with { BreakerFailures = 3, BreakerPause = TimeSpan.FromSeconds(10) }], _time);

        for (int i = 0; i < 3; i++)
            Assert.Equal(FetchFailure.HttpStatus, (await AskAsync(sources, $"a{i}")).Failure);
        Assert.Equal(FetchFailure.BreakerOpen, (await AskAsync(sources, "b")).Failure);
        Assert.Equal(3, crm.Asked.Count);

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(FetchFailure.HttpStatus, (await AskAsync(sources, "c")).Failure);
        Assert.Equal(FetchFailure.BreakerOpen, (await AskAsync(sources, "d")).Failure);

        isWell = true;
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null((await AskAsync(sources, "e")).Failure);
        Assert.Null((await AskAsync(sources, "f")).Failure);
    }

    [Fact]
    public async Task A_wrong_key_is_no_failure_of_the_source()
    {
        await using var crm = await Crm.StartAsync();
        crm.Answer = (context, _) =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        };
        using var sources = new FetchSources([crm.Source() with { BreakerFailures = 1 }], _time);

        Assert.Equal(404, (await AskAsync(sources, "a")).Status);
        Assert.Equal(404, (await AskAsync(sources, "b")).Status);
    }

    [Fact]
    public async Task An_answer_is_good_for_as_long_as_is_said_and_calls_that_ask_at_the_same_time_ask_once()
    {
        await using var crm = await Crm.StartAsync();
        crm.Answer = async (context, _) =>
        {
            await crm.Released;
            await context.Response.WriteAsync("""{"n":1}""");
        };
        using var sources = new FetchSources([crm.Source() with { Cache = TimeSpan.FromSeconds(5) }], _time);

        var two = Task.WhenAll(AskAsync(sources, "a"), AskAsync(sources, "a"));
        crm.Release();
        Assert.All(await two, answer => Assert.Equal((false, """{"n":1}"""), (answer.Cached, answer.Json)));
        Assert.True((await AskAsync(sources, "a")).Cached);
        Assert.Single(crm.Asked);

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.False((await AskAsync(sources, "a")).Cached);
        Assert.Equal(2, crm.Asked.Count);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_told_as_such()
    {
        using var sources = new FetchSources([new FetchSource { Name = "crm", Url = "http://127.0.0.1:1/{key}", Timeout = s_long }], TimeProvider.System);

        var answer = await AskAsync(sources, "a");

        Assert.Equal((FetchFailure.Unreachable, "ConnectionError"), (answer.Failure, answer.Detail));
    }

    [Theory]
    [InlineData("http://{key}.example.com/", "Url")]
    [InlineData("https://user@{key}/x", "Url")]
    [InlineData("https://crm.example.com/", "Url")]
    [InlineData("ftp://crm.example.com/{key}", "Url")]
    [InlineData("/customers/{key}", "Url")]
    public void An_address_that_a_caller_could_choose_or_that_asks_for_nothing_is_refused(string url, string property) =>
        Assert.Equal(property, Assert.Single(new FetchSource { Name = "crm", Url = url }.Problems()).Property);

    private static Task<FetchAnswer> AskAsync(FetchSources sources, string key) => sources.FetchAsync("fetch:crm", key, s_long, default);
}
