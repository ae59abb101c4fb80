using System.Text.Json;
using EventCalls.Host.Commands;

namespace EventCalls.Host.Tests.Commands;

public class CallsExportTests
{
    [Fact]
    public async Task Each_call_is_a_line_with_its_events_the_oldest_call_first()
    {
        await using var run = new CommandRun();
        await run.StoreAsync(RecordedCalls.Referred(), RecordedCalls.ReferredThenBridged());

        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "export"));

        Assert.Equal(2, run.OutLines.Length);
        using var first = JsonDocument.Parse(run.OutLines[0]);
        Assert.Equal(["call", "events"], first.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            ["callId", "sipCallId", "startedAt", "endedAt", "caller", "callee", "trunk", "flow", "handoff", "target", "outcome", "attempts", "logicVersion"],
            first.RootElement.GetProperty("call").EnumerateObject().Select(p => p.Name));
        Assert.Equal("0199c3d2-7a1b-7000-8000-000000000001", first.RootElement.GetProperty("call").GetProperty("callId").GetString());
        Assert.Equal(RecordedCalls.ReferredThenBridged().Events.Count, first.RootElement.GetProperty("events").GetArrayLength());
        Assert.Equal(
            ["version", "eventId", "type", "causationId", "occurredAt", "data"],
            first.RootElement.GetProperty("events")[0].EnumerateObject().Select(p => p.Name));
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Filters_choose_what_is_exported()
    {
        await using var run = new CommandRun();
        await run.StoreAsync(RecordedCalls.Referred(), RecordedCalls.ReferredThenBridged());

        await run.RunAsync("calls", "export", "--flow", "general_support", "--from", "2026-11-22");

        Assert.Contains("-000000000002", Assert.Single(run.OutLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_calls_than_one_page_holds_are_all_written()
    {
        await using var run = new CommandRun();
        await run.StoreAsync([.. Enumerable.Range(1, 255).Select(n => new SampleCall(n))]);

        await run.RunAsync("calls", "export");

        Assert.Equal(255, run.OutLines.Distinct().Count());
    }

    [Fact]
    public async Task A_file_holds_the_same_and_how_many_there_are_is_said()
    {
        await using var run = new CommandRun();
        await run.StoreAsync(RecordedCalls.Referred(), RecordedCalls.ReferredThenBridged());
        var file = Path.Combine(run.Folder, "calls.jsonl");
        await File.WriteAllTextAsync(file, "what was there before");

        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "export", "--output", file));
        Assert.Equal($"2 calls written to {file}.\n", run.Error);
        Assert.Empty(run.Out);
        await run.RunAsync("calls", "export", "--output", "-");

        Assert.Equal(run.Out, await File.ReadAllTextAsync(file));
        Assert.False(File.Exists(file + ".partial"));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_named_with_what_to_do()
    {
        await using var run = new CommandRun();
        await run.StoreAsync(RecordedCalls.Referred());
        var file = Path.Combine(run.Folder, "none", "calls.jsonl");

        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("calls", "export", "--output", file));

        Assert.StartsWith($"--output is '{file}'; it cannot be written: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_nothing_was_written_is_said()
    {
        await using var run = new CommandRun();
        await run.StoreAsync(RecordedCalls.Referred());

        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "export", "--flow", "sales"));

        Assert.Empty(run.Out);
        Assert.Equal($"No call in SQLite {run.Database} matches; nothing was written.\n", run.Error);
    }
}
