using System.IO.Compression;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Host.Import;
using EventCalls.Host.Import.Csv;

namespace EventCalls.Host.Tests.Import;

public class CsvImportTests
{
    [Fact]
    public async Task A_row_with_everything_is_a_whole_call()
    {
        await using var imported = new Imported();
        var result = await Import(imported, """"
            call_id,started_at,answered_at,ended_at,caller,callee,trunk,flow,handoff,target,outbound_endpoint,outbound_caller_id,outcome,sip_status,ended_by,header.X-Customer-ID,state.branch,handoff_header.X-Type,note
            a@b,2026-01-31T13:00:00Z,2026-01-31T13:00:12.5Z,2026-01-31T13:05:00Z,+1 (555) 123-4567,sip:+15557654321@example.com,carrier,vip,invite,+12222222,pstn,+15550000,answered,200,caller,4711,"North, ""old""",VIP,hello
            """");

        Assert.Equal((1L, 0L), (result.Imported, result.Problems.Count));
        Assert.Equal(["note"], result.Files[0].UnusedColumns);
        var call = await imported.CallAsync();
        Assert.Equal(["CallStarted", "FlowSelected", "HandoffRequested", "TransferStarted", "CallAnswered", "TransferCompleted", "CallEnded"], call.Select(e => e.GetType().Name));
        var started = (CallStarted)call[0];
        Assert.Equal(("+15551234567", "+15557654321", "carrier", "a@b", "import:calls.csv"), (started.CallerNumber, started.CalleeNumber, started.Trunk, started.SipCallId, started.Node));
        Assert.Equal([new SipHeader("X-Customer-ID", "4711")], started.Headers);
        var flow = (FlowSelected)call[1];
        Assert.Equal(("vip", "none", "North, \"old\""), (flow.Flow, flow.LogicVersion, flow.State["branch"].GetString()));
        var step = ((HandoffRequested)call[2]).Steps[0];
        Assert.Equal(("+12222222", "pstn", "+15550000"), (step.PhoneNumber, step.OutboundEndpoint, step.OutboundCallerId));
        Assert.Equal([new SipHeader("X-Type", "VIP")], step.SipHeaders);
        var completed = (TransferCompleted)call[^2];
        Assert.Equal((TransferOutcome.Answered, "record", 200), (completed.Outcome, completed.Evidence.Source, completed.Evidence.Status));
        Assert.Equal((CallParty.Caller, CallEndCause.HungUp, 300_000L, 287_500L), (((CallEnded)call[^1]).EndedBy, ((CallEnded)call[^1]).Cause, ((CallEnded)call[^1]).DurationMs, ((CallEnded)call[^1]).AnsweredMs!.Value));
    }

    [Fact]
    public async Task Call_detail_records_of_another_switch_are_reached_by_mapping()
    {
        await using var imported = new Imported
        {
            Csv = new CsvOptions
            {
                Map = [("src", "caller"), ("dst", "callee"), ("dst", "target"), ("calldate", "started_at"), ("billsec", "talk_seconds"), ("duration", "duration_seconds"), ("disposition", "outcome"), ("uniqueid", "call_id")],
                TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"),
                Trunk = "old",
            },
        };
        var result = await Import(imported, """
            calldate;src;dst;duration;billsec;disposition;uniqueid
            2026-07-01 14:00:00;030555123;4100;20;15;ANSWERED;1.1
            2026-07-01 14:01:00;030555124;4100;30;0;NO ANSWER;1.2
            2026-07-01 14:02:00;030555125;4100;1;0;BUSY;1.3
            2026-01-01 14:03:00;030555126;4100;1;0;FAILED;1.4
            """);

        var calls = await imported.CallsAsync();
        Assert.Equal((4L, 0L), (result.Imported, result.Problems.Count));
        Assert.Equal([TransferOutcome.Error, TransferOutcome.Answered, TransferOutcome.NoAnswer, TransferOutcome.Busy], calls.Select(OutcomeOf));
        Assert.Equal([13, 12, 12, 12], calls.Select(c => c[0].OccurredAt.Hour));
        Assert.Equal(15_000, ((CallEnded)calls[1][^1]).AnsweredMs);
        Assert.All(calls, c => Assert.Equal("old", ((CallStarted)c[0]).Trunk));
        Assert.All(calls, c => Assert.Equal(CallEndCause.NotSeen, ((CallEnded)c[^1]).Cause));
    }

    public static TheoryData<string, string, string> BadRows => new()
    {
        { "yesterday,1,2,,,,", "line 3, column started_at", "2026-01-31T13:00:00Z" },
        { ",1,2,,,,", "line 3, column started_at", "every call needs" },
        { "2026-01-31T13:00:00,1,2,,,,", "line 3, column started_at", "--time-zone" },
        { "2026-01-31T13:00:00Z,,,,,,", "line 3, column callee", "a caller or a callee" },
        { "2026-01-31T13:00:00Z,1,2,fax,x,,", "line 3, column handoff", "invite, refer, bye, redirect, reject" },
        { "2026-01-31T13:00:00Z,1,2,invite,,,", "line 3, column target", "needs one" },
        { "2026-01-31T13:00:00Z,1,2,,x,exploded,", "line 3, column outcome", "answered, accepted" },
        { "2026-01-31T13:00:00Z,1,2,,,busy,", "line 3, column target", "of no handoff" },
        { "2026-01-31T13:00:00Z,1,2,,,,2026-01-31T12:00:00Z", "line 3, column ended_at", "before it began" },
        { "2026-01-31T13:00:00Z,1,\"2,,,,", "line 3", "is not closed" },
        { "2026-01-31T13:00:00Z,1,\"2\"x,,,,", "line 3", "behind the closing quotation mark" },
    };

    [Theory]
    [MemberData(nameof(BadRows))]
    public async Task A_row_that_is_not_right_is_named_and_the_others_are_imported(string bad, string at, string message)
    {
        await using var imported = new Imported();
        var result = await Import(imported, $"""
            started_at,caller,callee,handoff,target,outcome,ended_at
            2026-01-31T12:00:00Z,1,2,,,,
            {bad}
            2026-01-31T14:00:00Z,3,"4
            5",refer,sip:a@b,busy,
            """);

        Assert.Equal(2, result.Imported);
        var problem = Assert.Single(result.Problems.Listed);
        Assert.Equal(("calls.csv", at), (problem.File, problem.At));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal(TransferOutcome.Busy, OutcomeOf((await imported.CallsAsync())[1]));
    }

    [Theory]
    [InlineData("when,caller\n1,2\n", "started_at")]
    [InlineData("started_at,from\n1,2\n", "caller or callee")]
    [InlineData("\n\n", "empty")]
    public async Task A_table_without_what_every_call_needs_is_not_read_and_says_what_there_is(string text, string message)
    {
        await using var imported = new Imported();
        var result = await Import(imported, text);

        Assert.False(result.Files[0].WasRead);
        Assert.Contains(message, Assert.Single(result.Problems.Listed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mapping_of_a_column_that_is_not_there_says_which_there_are()
    {
        await using var imported = new Imported { Csv = new CsvOptions { Map = [("source", "caller")] } };
        var result = await Import(imported, "started_at,src\n2026-01-01T00:00:00Z,1\n");

        Assert.Contains("no column 'source', which --map names; there are started_at, src", result.Problems.Listed[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(',')]
    [InlineData(';')]
    [InlineData('\t')]
    [InlineData('|')]
    public async Task The_delimiter_is_found_out_and_a_compressed_table_with_a_byte_order_mark_is_read(char delimiter)
    {
        await using var imported = new Imported();
        string text = "\uFEFF" + "Started-At,Caller,Callee\r\n1767225600.25,1,\"a,b;c|d\te\"\r\n".Replace(',', delimiter).Replace($"a{delimiter}b", "a,b");
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(text));
        var result = await imported.ImportAsync([("calls.csv.gz", packed.ToArray())]);

        Assert.Equal((1L, 0L), (result.Imported, result.Problems.Count));
        var started = (CallStarted)(await imported.CallAsync())[0];
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, 250, TimeSpan.Zero), started.OccurredAt);
        Assert.Equal("a,b;c|d\te", started.CalleeNumber);
    }

    [Theory]
    [InlineData("2026-03-29 02:30:00", null, "put forward")]
    [InlineData("2026-10-25 02:30:00", "2026-10-25T00:30:00Z", null)]
    [InlineData("2026-07-01T12:00:00+05:30", "2026-07-01T06:30:00Z", null)]
    [InlineData("2026-07-01 12:00:00.123456789", "2026-07-01T10:00:00.1234567Z", null)]
    [InlineData("1767225600123", "2026-01-01T00:00:00.123Z", null)]
    public void Times_are_read_in_their_zone(string text, string? expected, string? whyNot)
    {
        var time = CsvTimes.Parse(text, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), out string? wrong);

        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, null), time);
        if (whyNot is not null)
            Assert.Contains(whyNot, wrong, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mutated_tables_are_read_to_their_end_without_an_exception()
    {
        var random = new Random(99);
        string text = "started_at,caller,callee,target,outcome,header.X-A\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"2026-01-31T13:{i:00}:00Z,+1555{i},\"2\"\"{i}\",sip:a@b,busy,v\n"));
        for (int round = 0; round < 300; round++)
        {
            await using var imported = new Imported();
            var bytes = Encoding.UTF8.GetBytes(text);
            for (int changes = random.Next(1, 20); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(1, 256);
            var result = await imported.ImportAsync([("calls.csv", bytes)]);
            Assert.InRange(result.Imported, 0, 40);
        }
    }

    private static TransferOutcome OutcomeOf(CallEvent[] call) =>
        call.OfType<TransferCompleted>().Select(c => c.Outcome).Concat(call.OfType<TransferFailed>().Select(f => f.Outcome)).Single();

    private static Task<ImportResult> Import(Imported imported, string text) => imported.ImportAsync([("calls.csv", Encoding.UTF8.GetBytes(text))]);
}
