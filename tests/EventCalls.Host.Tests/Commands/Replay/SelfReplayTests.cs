using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Host.Commands;
using EventCalls.Host.Tests.Forks;
using EventCalls.Store;

namespace EventCalls.Host.Tests.Commands.Replay;

/// <summary>Past calls by the very versions that had decided them: <c>replay --self</c>.</summary>
public sealed class SelfReplayTests(DemoStore demo) : IClassFixture<DemoStore>
{
    [Fact]
    public async Task The_calls_of_a_time_come_out_the_same()
    {
        var (exit, text, error) = await demo.RunAsync("replay", "--self", "--from", "2020-01-01", "--json", "-");
        Assert.Equal((ExitCodes.Done, ""), (exit, error));
        var result = JsonElement.Parse(text);
        Assert.InRange(result.GetProperty("same").GetInt64(), 10, demo.Calls.Count);
        Assert.Equal((0, result.GetProperty("calls").GetInt64()), (result.GetProperty("notSame").GetInt64(), result.GetProperty("same").GetInt64() + result.GetProperty("notReplayable").GetInt64()));

        (exit, text, error) = await demo.RunAsync("replay", "--self", "--to", "2020-01-02");
        Assert.Equal((ExitCodes.Done, ""), (exit, error));
        Assert.StartsWith("0 calls of 2020-01-01T00:00:00Z to 2020-01-02T00:00:00Z ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_comes_out_otherwise_is_named_and_ends_with_1()
    {
        await using var run = new CommandRun();
        await run.StoreAsync();
        var call = demo.CallOf("support", 1);
        string version = call.Events.OfType<FlowSelected>().First().LogicVersion;
        await using (var from = SqliteStore.Open(new StoreOptions { Sqlite = demo.Database }))
        await using (var to = SqliteStore.Open(new StoreOptions { Sqlite = run.Database }))
        {
            await to.SaveLogicVersionAsync((await from.FindLogicVersionAsync(version, default))!, default);
            await to.AppendAsync([.. call.Events.Select(e => e is HandoffRequested h ? h with { Reason = "it was another one then" } : e).Select(EventToAppend.Of)], default);
        }

        int code = await run.RunAsync("replay", "--self", "--from", "2020-01-01", "--isolation", "in-process", "--json", "self.json");

        Assert.Equal((ExitCodes.NotSo, ""), (code, run.Error));
        Assert.StartsWith("1 of 1 calls of 2020-01-01T00:00:00Z to ", run.OutLines[0], StringComparison.Ordinal);
        Assert.Equal($"  {call.Started.CallId:D}  {LogicVersionName.Short(version)}  the version that decided then decides otherwise now: handoff.reason", run.OutLines[1]);
        Assert.Equal(1, JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(run.Folder, "self.json"))).GetProperty("notSame").GetInt64());
    }

    [Theory]
    [InlineData("--self --logic routing", "--self decides by the versions that had decided; --from, --to, --threads, --isolation, --json go with it, leave --logic out")]
    [InlineData("--self --fail-on changed>0", "--self decides by the versions that had decided; --from, --to, --threads, --isolation, --json go with it, leave --fail-on out")]
    [InlineData("--from 2026-01-01", "Option '--logic' is required, or '--self'.")]
    public async Task What_does_not_go_with_it_is_said(string options, string says)
    {
        await using var run = new CommandRun();
        Assert.Equal(ExitCodes.BadUsage, await run.RunAsync(["replay", .. options.Split(' ')]));
        Assert.StartsWith(says, run.Error, StringComparison.Ordinal);
    }
}
