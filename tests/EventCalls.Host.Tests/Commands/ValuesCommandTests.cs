using System.Text.Json;
using EventCalls.Host.Commands;

namespace EventCalls.Host.Tests.Commands;

/// <summary>What operators set for <c>conv.Config</c>, from the shell.</summary>
public sealed class ValuesCommandTests
{
    [Fact]
    public async Task A_value_is_set_changed_and_taken_away_and_who_did_it_is_listed()
    {
        await using var run = new CommandRun();
        await run.StoreAsync();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("values", "list"));
        Assert.Contains("Nothing is set in ", run.Error, StringComparison.Ordinal);

        Assert.Equal(ExitCodes.Done, await run.RunAsync("values", "set", "holiday", "no"));
        Assert.Equal(ExitCodes.Done, await run.RunAsync("values", "set", "holiday", "yes", "--note", "Epiphany"));
        Assert.EndsWith("holiday = yes  \"Epiphany\"", run.OutLines[^1], StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, await run.RunAsync("values", "set", "desk.open", "9-17"));
        Assert.Equal(ExitCodes.Done, await run.RunAsync("values", "remove", "desk.open"));

        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("values", "list", "--json"));
        var one = JsonElement.Parse(Assert.Single(run.OutLines));
        Assert.Equal(("holiday", "yes", Environment.UserName, "Epiphany"), (one.GetProperty("name").GetString(), one.GetProperty("value").GetString(), one.GetProperty("by").GetString(), one.GetProperty("note").GetString()));
        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("values", "history", "--json"));
        Assert.Equal([(4, "desk.open", null), (3, "desk.open", "9-17"), (2, "holiday", "yes"), (1, "holiday", "no")], run.OutLines.Select(l => JsonElement.Parse(l)).Select(c => (c.GetProperty("number").GetInt32(), c.GetProperty("name").GetString(), c.GetProperty("value").GetString())));
        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("values", "history", "holiday", "--limit", "1"));
        Assert.Contains("holiday = yes", Assert.Single(run.OutLines), StringComparison.Ordinal);
        Assert.Contains("--limit N shows N", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_so_already_is_not_recorded_again()
    {
        await using var run = new CommandRun();
        await run.StoreAsync();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("values", "set", "holiday", "yes"));
        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("values", "set", "holiday", "yes"));
        Assert.Equal("", run.Out);
        Assert.Equal("holiday is that already; nothing was done.\n", run.Error);
        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("values", "remove", "workday"));
        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("values", "history", "workday"));
        Assert.Contains("Nothing was ever set for 'workday'", run.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, await run.RunAsync("values", "history"));
        Assert.Single(run.OutLines);
    }

    [Theory]
    [InlineData("holi day", "yes", "'holi day' is no name of a value")]
    [InlineData("", "yes", "'' is no name of a value")]
    [InlineData("holiday", null, "value: at most 1000 characters")]
    public async Task What_cannot_be_a_value_is_refused(string name, string? value, string says)
    {
        await using var run = new CommandRun();
        await run.StoreAsync();
        Assert.Equal(ExitCodes.BadUsage, await run.RunAsync("values", "set", name, value ?? new string('x', 1001)));
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }
}
