using System.IO.Compression;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Import.Csv;

namespace EventCalls.Import.Tests;

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

    [Fact]
    public async Task What_no_message_could_carry_is_named_and_a_header_of_several_lines_is_one_line()
    {
        await using var imported = new Imported();
        var result = await Import(imported, "started_at,caller,request_uri,header.Subject\n2026-01-31T13:00:00Z,1,sip:a@b c,x\n2026-01-31T13:00:00Z,2,sip:a@b,\"two\r\nlines\"\n");

        Assert.Equal("line 2, column request_uri", Assert.Single(result.Problems.Listed).At);
        Assert.Equal([new SipHeader("Subject", "two lines")], ((CallStarted)(await imported.CallAsync())[0]).Headers);
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
        var time = CsvTimes.Parse(text, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), [], out string? wrong);

        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, null), time);
        if (whyNot is not null)
            Assert.Contains(whyNot, wrong, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("31.01.2026 14:00", "dd.MM.yyyy HH:mm", "2026-01-31T13:00:00Z")]
    [InlineData("31.01.2026 14:00", "%d.%m.%Y %H:%M", "2026-01-31T13:00:00Z")]
    [InlineData("1.7.2026 4:05:06", "%d.%m.%Y %H:%M:%S", "2026-07-01T02:05:06Z")]
    [InlineData("01/31/26 02:00:30 PM", "MM/dd/yy hh:mm:ss tt", "2026-01-31T13:00:30Z")]
    [InlineData("Jan 31 2026 02:00 PM", "%b %d %Y %I:%M %p", "2026-01-31T13:00:00Z")]
    [InlineData("31.01.2026 14:00 +0530", "%d.%m.%Y %H:%M %z", "2026-01-31T08:30:00Z")]
    [InlineData("20260131140000", "%Y%m%d%H%M%S", "2026-01-31T13:00:00Z")]
    [InlineData("2026-01-31T13:00:00Z", "%d.%m.%Y %H:%M", "2026-01-31T13:00:00Z")]
    [InlineData("31 Uhr 01 2026 14:00", "%d Uhr %m %Y %H:%M", "2026-01-31T13:00:00Z")]
    public async Task Other_forms_of_time_are_read_by_their_format(string text, string format, string expected)
    {
        await using var imported = new Imported { Csv = new CsvOptions { TimeFormats = [TimeFormat.Parse(format)!], TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") } };
        var result = await Import(imported, $"started_at,caller\n{text},1\n");

        Assert.Empty(result.Problems.Listed);
        Assert.Equal(DateTimeOffset.Parse(expected, null), (await imported.CallAsync())[0].OccurredAt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("dd.MM.yyyy")]
    [InlineData("dd.mm.yyyy HH:MM")]
    [InlineData("dd.MM.yyyy hh:mm")]
    [InlineData("%d.%m.%Y")]
    [InlineData("%d.%m.%Y %H:%M %Q")]
    [InlineData("%")]
    public void A_format_that_leaves_something_out_is_none(string format) => Assert.Null(TimeFormat.Parse(format));

    [Fact]
    public async Task A_time_of_another_form_without_a_format_says_how_to_give_one()
    {
        await using var imported = new Imported();
        var result = await Import(imported, "started_at,caller\n31.01.2026 14:00,1\n");

        Assert.Contains("--time-format \"dd.MM.yyyy HH:mm\"", Assert.Single(result.Problems.Listed).Message, StringComparison.Ordinal);
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

    [Fact]
    public async Task Two_rows_of_one_id_are_two_calls_and_neither_was_there_already()
    {
        await using var imported = new Imported();
        const string Group = """
            started_at,call_id,caller,callee,target,outcome
            2026-01-31T13:00:00Z,1.1,+15550001,700,200,NO ANSWER
            2026-01-31T13:00:00Z,1.1,+15550001,700,100,ANSWERED
            2026-01-31T13:00:04Z,1.1,+15550001,700,300,BUSY
            """;
        var first = await Import(imported, Group);

        Assert.Equal((3L, 3L, 0L, 0L), (first.Calls, first.Imported, first.AlreadyThere, first.Problems.Count));
        Assert.Equal([TransferOutcome.NoAnswer, TransferOutcome.Answered, TransferOutcome.Busy], (await imported.CallsAsync()).OrderBy(c => c[0].OccurredAt).ThenBy(c => OutcomeOf(c) == TransferOutcome.Answered).Select(OutcomeOf));

        var again = await Import(imported, Group);
        Assert.Equal((3L, 0L, 3L, 0L), (again.Calls, again.Imported, again.AlreadyThere, again.Problems.Count));
    }

    [Fact]
    public async Task Rows_of_one_id_that_come_in_two_imports_are_never_taken_for_one_another()
    {
        await using var imported = new Imported();
        await Import(imported, "started_at,call_id,caller,callee,target,outcome\n2026-01-31T13:00:00Z,1.1,1,700,200,NO ANSWER\n");
        var second = await imported.ImportAsync([("next.csv", Encoding.UTF8.GetBytes(
            "started_at,call_id,caller,callee,target,outcome\n2026-01-31T13:00:00Z,1.1,1,700,100,ANSWERED\n2026-01-31T13:00:03Z,1.1,1,700,300,BUSY\n"))]);

        Assert.Equal((2L, 1L, 0L), (second.Calls, second.Imported, second.AlreadyThere));
        var problem = Assert.Single(second.Problems.Listed);
        Assert.Equal(("next.csv", "line 2"), (problem.File, problem.At));
        Assert.Contains("1.1", problem.Message, StringComparison.Ordinal);
        Assert.Contains("another record", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_says_the_same_again_is_left_out_and_named()
    {
        await using var imported = new Imported();
        var result = await Import(imported, "started_at,caller,callee\n2026-01-31T13:00:00Z,1,2\n2026-01-31T13:00:00Z,1,3\n2026-01-31T13:00:00Z,1,2\n");

        Assert.Equal((2L, 2L, 0L), (result.Calls, result.Imported, result.AlreadyThere));
        var problem = Assert.Single(result.Problems.Listed);
        Assert.Equal("line 4", problem.At);
        Assert.Contains("line 2", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("anonymous", "")]
    [InlineData("Restricted", "")]
    [InlineData("anonymous@anonymous.invalid", "")]
    [InlineData("\"Anonymous\" <sip:anonymous@anonymous.invalid>", "")]
    [InlineData("\"Doe, Jane\" <sip:+15551234567@example.com>", "+15551234567")]
    [InlineData("\"Doe; \\\"JD\\\" Jane\" <sip:+1-555-123-4567@example.com;user=phone>;tag=1", "+15551234567")]
    [InlineData("Jane Doe <tel:+1-555-1234567>", "+15551234567")]
    [InlineData("\"Jane Doe\" <+1 555 1234567>", "+15551234567")]
    [InlineData("\"Anonymous\" <anonymous>", "")]
    [InlineData("sip:%2B1555@example.com;transport=tcp", "+1555")]
    [InlineData("sip:+1555@example.com;tag=4", "+1555")]
    [InlineData("alice@example.com", "alice")]
    [InlineData("alice", "alice")]
    [InlineData("(030) 555-1234", "0305551234")]
    public async Task A_caller_is_read_as_SIP_reads_it(string caller, string number)
    {
        await using var imported = new Imported();
        var result = await Import(imported, $"started_at,caller,callee\n2026-01-31T13:00:00Z,\"{caller.Replace("\"", "\"\"")}\",700\n");

        Assert.Equal((1L, 0L), (result.Imported, result.Problems.Count));
        Assert.Equal(number, ((CallStarted)(await imported.CallAsync())[0]).CallerNumber);
    }

    [Fact]
    public async Task A_target_with_a_display_name_is_the_address_in_it()
    {
        await using var imported = new Imported();
        await Import(imported, """"
            started_at,caller,handoff,target,outcome
            2026-01-31T13:00:00Z,1,invite,"""Doe, Jane"" <sip:+1555@example.com>",busy
            2026-01-31T13:00:01Z,2,invite,"""Doe, Jane"" <tel:+1555>",busy
            2026-01-31T13:00:02Z,3,refer,"""Doe, Jane"" <sip:jane@example.com>",busy
            2026-01-31T13:00:03Z,4,redirect,"""Doe, Jane"" <sip:a@example.com>, <sip:b@example.com;x=1,2>",
            """");

        var steps = (await imported.CallsAsync()).Select(c => c.OfType<HandoffRequested>().Single().Steps[0]).ToList();
        Assert.Equal("sip:+1555@example.com", steps[0].PhoneNumber);
        Assert.Equal("+1555", steps[1].PhoneNumber);
        Assert.Equal("sip:jane@example.com", steps[2].ReferTo);
        Assert.Equal(["sip:a@example.com", "sip:b@example.com;x=1,2"], steps[3].Contacts!);
    }

    [Theory]
    [InlineData("started_at,ended_at,caller\n9999-12-31T23:59:59Z,,1\n")]
    [InlineData("started_at,duration_seconds,caller\n9999-12-31T23:59:50Z,31536000,1\n")]
    [InlineData("started_at,talk_seconds,ended_at,caller\n0001-01-01T00:00:00Z,31536000,0001-01-01T00:00:01Z,1\n")]
    [InlineData("started_at,caller\n0001-01-01 00:00:00,1\n")]
    [InlineData("started_at,caller\n9999-12-31 23:59:59.9999999,1\n")]
    [InlineData("started_at,caller\n1969-12-31 23:59:59,1\n")]
    public async Task A_time_that_no_call_can_have_is_named(string text)
    {
        foreach (string zone in (string[])["Europe/Berlin", "America/New_York"])
        {
            await using var imported = new Imported { Csv = new CsvOptions { TimeZone = TimeZoneInfo.FindSystemTimeZoneById(zone) } };
            var result = await Import(imported, text);

            Assert.Equal(0, result.Imported);
            Assert.All(result.Problems.Listed, problem => Assert.Contains("1970", problem.Message, StringComparison.Ordinal));
            Assert.NotEqual(0, result.Problems.Count);
        }
    }

    [Fact]
    public async Task A_table_in_another_encoding_is_named_once()
    {
        await using var imported = new Imported();
        var result = await imported.ImportAsync([("calls.csv", Encoding.Latin1.GetBytes("started_at,caller,flow\n2026-01-31T13:00:00Z,1,für\n2026-01-31T13:00:01Z,1,für\n"))]);

        Assert.Equal(2, result.Imported);
        Assert.Contains("UTF-8", Assert.Single(result.Problems.Listed).Message, StringComparison.Ordinal);
    }

    private static TransferOutcome OutcomeOf(CallEvent[] call) =>
        call.OfType<TransferCompleted>().Select(c => c.Outcome).Concat(call.OfType<TransferFailed>().Select(f => f.Outcome)).Single();

    private static Task<ImportResult> Import(Imported imported, string text) => imported.ImportAsync([("calls.csv", Encoding.UTF8.GetBytes(text))]);
}
