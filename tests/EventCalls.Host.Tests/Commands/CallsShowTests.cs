using EventCalls.Contracts;
using EventCalls.Host.Commands;
using EventCalls.Store;
using EventCalls.Terminal;

namespace EventCalls.Host.Tests.Commands;

public class CallsShowTests
{
    [Fact]
    public async Task A_call_is_drawn_as_a_ladder()
    {
        await using var run = new CommandRun();
        await run.StoreAsync(RecordedCalls.ReferredThenBridged());

        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "show", "0199c3d2-7a1b-7000-8000-000000000001"));

        Assert.Equal(Ladders.ReferredThenBridged, run.Out);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task A_ladder_fits_80_columns()
    {
        Assert.Equal(Ladders.RefusedIn80Columns, await DrawnAsync(RecordedCalls.Refused(), 80));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    public async Task No_line_is_wider_than_the_screen_and_none_ends_in_blanks(int width)
    {
        foreach (var call in new[] { RecordedCalls.ReferredThenBridged(), RecordedCalls.Referred(), RecordedCalls.Refused(), RecordedCalls.Open() })
        {
            foreach (var line in (await DrawnAsync(call, width)).Split('\n'))
            {
                Assert.True(line.Length <= width, line);
                Assert.Equal(line.TrimEnd(), line);
            }
        }
    }

    [Fact]
    public async Task A_transfer_by_REFER_shows_what_was_reported_once()
    {
        var ladder = await DrawnAsync(RecordedCalls.Referred(), 100);

        Assert.Single(Lines(ladder, "── 202 ────────>"));
        Assert.Single(Lines(ladder, "── NOTIFY 100 ─>"));
        Assert.Single(Lines(ladder, "── NOTIFY 200 ─>"));
        Assert.Contains("── NOTIFY 200 ─>│                │  transfer answered: NOTIFY said 200 OK", ladder, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_that_is_recorded_by_itself_and_with_the_outcome_is_drawn_once()
    {
        var call = new SampleCall()
            .Decided("general_support", new Handoff { Method = HandoffMethod.Refer, ReferTo = "sip:support@example.com" })
            .Attempt(1, HandoffMethod.Refer, "sip:support@example.com")
            .Progress(1, "notify", 486, "SIP/2.0 486 Busy Here")
            .Failed(1, HandoffMethod.Refer, new SipEvidence { Source = "notify", Status = 486, ReasonPhrase = "Busy Here" });

        var ladder = await DrawnAsync(call, 100);

        Assert.Single(Lines(ladder, "── NOTIFY 486 ─>"));
        Assert.Single(Lines(ladder, "●                │  transfer failed, busy: NOTIFY said 486 Busy Here"));
    }

    [Fact]
    public async Task A_call_that_is_open_is_said_to_be()
    {
        var ladder = await DrawnAsync(RecordedCalls.Open(), 100);

        Assert.Single(Lines(ladder, "Ended         not yet"));
        Assert.Single(Lines(ladder, "Outcome       none yet, 1 attempt"));
    }

    [Fact]
    public async Task A_call_that_was_cancelled_shows_the_CANCEL_and_the_status()
    {
        var call = RecordedCalls.Open()
            .After(5000)
            .Failed(1, HandoffMethod.Invite, new SipEvidence { Source = "request", ReasonPhrase = $"{WireName.Of(LocalEvidence.CallerGone)}: CANCEL" })
            .Ended(CallParty.Caller, CallEndCause.Cancelled, status: 487);

        var ladder = await DrawnAsync(call, 100);

        Assert.Single(Lines(ladder, "── CANCEL ─────>│                │  ended by the caller: cancelled"));
        Assert.Single(Lines(ladder, "transfer failed, caller_hung_up: caller gone: CANCEL"));
        Assert.Single(Lines(ladder, "the caller got 487"));
    }

    [Fact]
    public async Task Events_that_came_too_late_are_mentioned()
    {
        await using var run = new CommandRun();
        var call = RecordedCalls.Referred();
        await run.StoreAsync(call);
        await run.StoreAsync(call.After(1000).Progress(1, "notify", 200, "SIP/2.0 200 OK\r\n"));

        await run.RunAsync("calls", "show", call.SipCallId);

        Assert.EndsWith(
            """

            1 event came after the end; kept beside the stream, not in it:
                 3.041 reported: 200 OK

            """, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_of_a_newer_version_is_passed_over_and_said_to_be_there()
    {
        var call = new SampleCall();
        var row = new CallRow { CallId = call.Id, StartedAt = call.Events[0].OccurredAt, LastEventId = default, Version = 1 };
        var events = new[]
        {
            new StoredEvent { Position = 1, CallId = call.Id, Version = 1, EventId = default, Type = "call_parked", Data = "{}"u8.ToArray() },
            new StoredEvent { Position = 2, CallId = call.Id, Version = 2, EventId = default, Type = "call_ended", Data = """{"endedBy":7}"""u8.ToArray() },
        };
        var written = new StringWriter();

        CallView.Write(Screen.On(written, 100), row, events, []);

        Assert.Single(Lines(written.ToString(), "call_parked: another program's event, or a newer one"));
        Assert.Single(Lines(written.ToString(), "call_ended: cannot be read"));
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData("0199c3d2-7a1b-7000-8000-000000000001")]
    [InlineData("0199C3D2-7A1B-7000-8000-000000000001")]
    [InlineData("a84b4c76e66710-1@192.0.2.1")]
    public async Task As_JSON_it_is_one_object_with_exactly_the_fields_that_are_promised(string id)
    {
        await using var run = new CommandRun();
        await run.StoreAsync(new SampleCall().Decided("sales", new Handoff { Method = HandoffMethod.Bye }));

        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "show", id, "--json"));

        Assert.Equal(
            """{"callId":"0199c3d2-7a1b-7000-8000-000000000001","events":[{"version":1,"eventId":"0199c3d2-7a1b-7000-9000-000000000101","type":"call_started","causationId":"00000000-0000-0000-0000-000000000000","occurredAt":"2026-11-22T13:48:44.123Z","data":{"node":"edge-1","trunk":"carrier","transport":"udp","remoteEndPoint":"192.0.2.1:5060","sipCallId":"a84b4c76e66710-1@192.0.2.1","requestUri":"sip:+15557654321@198.51.100.5","callerNumber":"+15551234567","calleeNumber":"+15557654321","headers":[{"name":"From","value":"<sip:+15551234567@192.0.2.1>;tag=1"},{"name":"To","value":"<sip:+15557654321@198.51.100.5>"}],"eventId":"0199c3d2-7a1b-7000-9000-000000000101","callId":"0199c3d2-7a1b-7000-8000-000000000001","causationId":"00000000-0000-0000-0000-000000000000","occurredAt":"2026-11-22T13:48:44.123+00:00"}},""",
            run.Out[..(run.Out.IndexOf("}},", StringComparison.Ordinal) + 3)]);
        Assert.EndsWith("\n", run.Out, StringComparison.Ordinal);
        using var json = System.Text.Json.JsonDocument.Parse(Assert.Single(run.OutLines));
        Assert.Equal(["callId", "events"], json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal(3, json.RootElement.GetProperty("events").GetArrayLength());
        foreach (var e in json.RootElement.GetProperty("events").EnumerateArray())
            Assert.Equal(["version", "eventId", "type", "causationId", "occurredAt", "data"], e.EnumerateObject().Select(p => p.Name));
    }

    [Theory]
    [InlineData("0199c3d2-7a1b-7000-8000-0000000000ff")]
    [InlineData("nobody@192.0.2.1")]
    public async Task An_id_that_is_unknown_is_said_to_be(string id)
    {
        await using var run = new CommandRun();
        await run.StoreAsync(RecordedCalls.Referred());

        Assert.Equal(ExitCodes.NotSo, await run.RunAsync("calls", "show", id, "--json"));

        Assert.Empty(run.Out);
        Assert.Equal($"There is no call '{id}' in SQLite {run.Database}. Give a call id or a whole SIP Call-ID; 'eventcalls calls list' shows the newest calls.\n", run.Error);
    }

    private static IEnumerable<string> Lines(string text, string part) => text.Split('\n').Where(line => line.Contains(part, StringComparison.Ordinal));

    private static async Task<string> DrawnAsync(SampleCall call, int width)
    {
        await using var run = new CommandRun();
        await run.StoreAsync(call);
        await using var store = SqliteStore.Open(new StoreOptions { Sqlite = run.Database });
        var written = new StringWriter { NewLine = "\n" };
        CallView.Write(Screen.On(written, width), (await store.FindAsync(call.SipCallId, default))!, await store.ReadStreamAsync(call.Id, default), []);
        return written.ToString();
    }
}
