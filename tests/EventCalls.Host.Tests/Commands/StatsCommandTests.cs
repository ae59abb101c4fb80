using System.Text.Json;
using EventCalls.Host.Commands;

namespace EventCalls.Host.Tests.Commands;

public class StatsCommandTests
{
    [Fact]
    public async Task Calls_are_counted_for_people_by_what_is_asked_for()
    {
        await using var run = new CommandRun();
        await run.StoreAsync(RecordedCalls.ReferredThenBridged(), RecordedCalls.Refused(), RecordedCalls.Open());

        Assert.Equal(ExitCodes.Done, await run.RunAsync("stats", "--by", "day,flow"));

        Assert.Equal(["DAY (UTC)", "FLOW", "CALLS", "ANSWERED"], run.OutLines[0].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[..4]);
        Assert.StartsWith("2026-11-22  default          1        0%", run.OutLines[1], StringComparison.Ordinal);
        Assert.EndsWith("1 accepted", run.OutLines[1], StringComparison.Ordinal);
        Assert.StartsWith("2026-11-22  vip_support      1      100%", run.OutLines[2], StringComparison.Ordinal);
        Assert.Equal(3, run.OutLines.Length);
    }

    [Fact]
    public async Task A_group_as_JSON_has_percentiles()
    {
        await using var run = new CommandRun();
        await run.StoreAsync(RecordedCalls.ReferredThenBridged());

        Assert.Equal(ExitCodes.Done, await run.RunAsync("stats", "--json", "--from", "2026-11-22", "--to", "2026-11-23"));

        using var group = JsonDocument.Parse(Assert.Single(run.OutLines));
        Assert.Equal(1, group.RootElement.GetProperty("calls").GetInt64());
        Assert.Equal(JsonValueKind.Null, group.RootElement.GetProperty("trunk").ValueKind);
        Assert.Equal(1, group.RootElement.GetProperty("outcomes").GetProperty("answered").GetInt64());
        Assert.Equal(["count", "p50", "p95", "p99", "greatest"], group.RootElement.GetProperty("decisionUs").EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task Nothing_to_count_is_said()
    {
        await using var run = new CommandRun();
        await run.StoreAsync(RecordedCalls.Open());

        Assert.Equal(ExitCodes.Done, await run.RunAsync("stats"));

        Assert.Empty(run.Out);
        Assert.Contains("has ended in that time", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_grouped_by_is_named_with_what_can()
    {
        await using var run = new CommandRun();

        Assert.Equal(ExitCodes.BadUsage, await run.RunAsync("stats", "--by", "flow,colour"));

        Assert.Contains("--by is 'colour'; expected hour, day, trunk, flow, target, logic, reason", run.Error, StringComparison.Ordinal);
    }
}
