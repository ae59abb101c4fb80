using System.Text.Json;
using EventCalls.Host.Commands;

namespace EventCalls.Host.Tests.Commands;

public class CallsListTests
{
    [Fact]
    public async Task Calls_are_listed_for_people_the_newest_first_in_two_lines_each()
    {
        await using var run = new CommandRun();
        await run.StoreAsync(RecordedCalls.ReferredThenBridged(), RecordedCalls.Refused(), RecordedCalls.Open());

        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "list"));

        Assert.Equal(
            """
            STARTED (UTC)                 LASTED  CALLER            FLOW: OUTCOME
            CALL ID                               CALLED            HANDOFF
            2026-11-22T13:51:44Z            open  +15550000004      vip_support
            0199c3d2-7a1b-7000-8000-000000000004  +15557654321      invite +12222222@192.0.2.7:5060
            2026-11-22T13:50:44Z           0.0 s  withheld          default: accepted
            0199c3d2-7a1b-7000-8000-000000000003  +15550009999      reject
            2026-11-22T13:48:44Z          35.2 s  +15551234567      vip_support: answered, attempt 2
            0199c3d2-7a1b-7000-8000-000000000001  +15557654321      invite +12222222@192.0.2.7:5060

            """, run.Out, ignoreLineEndingDifferences: true);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task A_call_as_JSON_has_exactly_the_fields_that_are_promised()
    {
        await using var run = new CommandRun();
        await run.StoreAsync(RecordedCalls.ReferredThenBridged());

        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "list", "--json"));

        Assert.Equal(
            """{"callId":"0199c3d2-7a1b-7000-8000-000000000001","sipCallId":"a84b4c76e66710-1@192.0.2.1","startedAt":"2026-11-22T13:48:44.123Z","endedAt":"2026-11-22T13:49:19.341Z","caller":"+15551234567","callee":"+15557654321","trunk":"carrier","flow":"vip_support","handoff":"invite","target":"sip:+12222222@192.0.2.7:5060","outcome":"answered","attempts":2,"logicVersion":"sha256:3f2a91c04be7000000000000000000000000000000000000000000000000abcd"}""",
            Assert.Single(run.OutLines));
    }

    [Fact]
    public async Task What_a_call_has_not_is_null_in_JSON()
    {
        await using var run = new CommandRun();
        await run.StoreAsync(new SampleCall());

        await run.RunAsync("calls", "list", "--json");

        using var call = JsonDocument.Parse(Assert.Single(run.OutLines));
        foreach (var field in new[] { "endedAt", "flow", "handoff", "target", "outcome", "logicVersion" })
            Assert.Equal(JsonValueKind.Null, call.RootElement.GetProperty(field).ValueKind);
        Assert.Equal(0, call.RootElement.GetProperty("attempts").GetInt32());
    }

    [Theory]
    [InlineData("--caller", "+15550000002", 2)]
    [InlineData("--callee", "+15550009999", 3)]
    [InlineData("--flow", "general_support", 2)]
    [InlineData("--outcome", "accepted", 3)]
    [InlineData("--trunk", "backup", 3)]
    [InlineData("--from", "2026-11-22T13:50:00Z", 3)]
    [InlineData("--from", "2026-11-22T14:50:30+01:00", 3)]
    [InlineData("--to", "2026-11-22 13:49", 1)]
    [InlineData("--limit", "1", 3)]
    public async Task A_filter_chooses_calls(string option, string value, int call)
    {
        await using var run = new CommandRun();
        await run.StoreAsync(RecordedCalls.ReferredThenBridged(), RecordedCalls.Referred(), RecordedCalls.Refused());

        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "list", "--json", option, value));

        using var found = JsonDocument.Parse(Assert.Single(run.OutLines));
        Assert.Equal($"0199c3d2-7a1b-7000-8000-00000000000{call}", found.RootElement.GetProperty("callId").GetString());
    }

    [Fact]
    public async Task The_newest_fifty_are_shown_and_that_there_are_more_is_said()
    {
        await using var run = new CommandRun();
        await run.StoreAsync([.. Enumerable.Range(1, 51).Select(n => new SampleCall(n))]);

        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "list"));

        Assert.Equal(2 + (2 * 50), run.OutLines.Length);
        Assert.Equal("There are more; these are the newest 50. --limit N shows N, --to TIME older ones.\n", run.Error);
    }

    [Fact]
    public async Task That_there_is_no_call_is_said_and_what_to_do()
    {
        await using var run = new CommandRun();
        await run.StoreAsync();

        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "list"));

        Assert.Empty(run.Out);
        Assert.Equal($"There is no call in SQLite {run.Database} yet. Start the service (eventcalls run) and call in, or name another store in EventCalls:Store.\n", run.Error);
    }

    [Fact]
    public async Task That_no_call_matches_is_said_and_what_to_do()
    {
        await using var run = new CommandRun();
        await run.StoreAsync(RecordedCalls.Referred());

        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "list", "--flow", "sales"));

        Assert.Empty(run.Out);
        Assert.StartsWith($"No call in SQLite {run.Database} matches.", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--from", "yesterday", "--from is 'yesterday'; expected a date or a time in UTC such as 2026-01-31 or 2026-01-31T13:00:00Z")]
    [InlineData("--outcome", "bussy", "--outcome is 'bussy'; expected one of answered, accepted, busy, no_answer, declined, not_found, not_allowed, unauthorized, unreachable, timed_out, no_notify, caller_hung_up, invalid_target, error, cancelled")]
    [InlineData("--limit", "0", "--limit is '0'; expected how many calls, 1 or more")]
    public async Task A_value_that_is_none_is_named_with_what_would_be_right(string option, string value, string message)
    {
        await using var run = new CommandRun();

        Assert.Equal(ExitCodes.BadUsage, await run.RunAsync("calls", "list", option, value));

        Assert.StartsWith(message + "\n", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("show", "0199c3d2-7a1b-7000-8000-000000000001")]
    [InlineData("export")]
    public async Task A_store_that_cannot_be_reached_is_named_with_what_to_do(params string[] command)
    {
        await using var run = new CommandRun();

        Assert.Equal(ExitCodes.Unreachable, await run.RunAsync(["calls", .. command]));

        Assert.StartsWith($"The event store, SQLite {run.Database}, cannot be used: there is no file {run.Database}.", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
        Assert.False(File.Exists(run.Database));
    }

    [Fact]
    public async Task Times_are_shown_in_the_zone_that_is_asked_for_and_stay_UTC_in_JSON()
    {
        await using var run = new CommandRun();
        await run.StoreAsync(RecordedCalls.Refused());

        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "list", "--time-zone", "Europe/Berlin"));
        Assert.StartsWith("STARTED (Europe/Berlin)       LASTED", run.OutLines[0], StringComparison.Ordinal);
        Assert.StartsWith("2026-11-22T14:50:44+01:00      0.0 s", run.OutLines[2], StringComparison.Ordinal);
        run.Forget();
        await run.RunAsync("calls", "list", "--time-zone", "Europe/Berlin", "--json");
        Assert.Contains("\"startedAt\":\"2026-11-22T13:50:44", run.Out, StringComparison.Ordinal);
        run.Forget();
        Assert.Equal(ExitCodes.BadUsage, await run.RunAsync("calls", "list", "--time-zone", "Mars/Olympus"));
        Assert.StartsWith("--time-zone is 'Mars/Olympus'; expected a zone", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_string_without_a_host_is_bad_configuration()
    {
        await using var run = new CommandRun();
        run.Configure("Store:Postgres", "Database=calls");

        Assert.Equal(ExitCodes.BadUsage, await run.RunAsync("calls", "list"));

        Assert.StartsWith("EventCalls:Store:Postgres is '…'; expected", run.Error, StringComparison.Ordinal);
        Assert.Contains("it names no Host", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_peer_sent_cannot_steer_the_terminal()
    {
        await using var run = new CommandRun();
        await run.StoreAsync(new SampleCall(caller: "\u001b[2J+1555"));

        await run.RunAsync("calls", "list");

        Assert.DoesNotContain('\u001b', run.Out);
        Assert.Contains("\uFFFD[2J+1555", run.Out, StringComparison.Ordinal);
    }
}
