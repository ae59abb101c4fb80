using System.Text.Json.Nodes;
using EventCalls.Benchmarks.Outages;
using EventCalls.Contracts;
using EventCalls.Store;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>The command that makes <c>docs/outages.md</c>: its short form, and that it sees what it is there to see.</summary>
public class OutageMatrix
{
    private static readonly Guid s_handoff = Guid.CreateVersion7();
    private static readonly CallerView s_referred = new("a", 200) { Refers = 1, SaidSuccess = true, WasHungUp = true };

    [Theory]
    [InlineData("SQLite: locked")]
    [InlineData("broker: frozen for {0} s; the ingress is a router too")]
    [InlineData("ingress: killed, started again (embedded)")]
    public async Task A_short_outage_loses_doubles_and_leaves_nothing(string name)
    {
        var outage = OutageCases.All.Single(c => $"{c.Part}: {c.Fault}".StartsWith(name, StringComparison.Ordinal)) with { Times = 1 };

        var result = await OutageRun.RunAsync(outage, new OutageOptions { Rate = 20, Seconds = 10, FaultSeconds = 6 });

        Assert.True(result.IsClean, $"{OutagePage.Line(result)}\n{string.Join('\n', result.Verdict?.Bad ?? [])}");
        Assert.InRange(result.Verdict!.Calls - result.Verdict.Refused, 20, int.MaxValue);
    }

    [Fact]
    public void What_callers_saw_is_read_out_of_their_messages()
    {
        static SippMessage Heard(string text) => new(false, text.ReplaceLineEndings("\r\n"));
        static SippMessage Said(string text) => new(true, text.ReplaceLineEndings("\r\n"));
        var callers = CallerView.Read(
        [
            Said("INVITE sip:refer@h SIP/2.0\nCall-ID: a\nCSeq: 1 INVITE\n\n"),
            Heard("SIP/2.0 100 Trying\nCall-ID: a\nCSeq: 1 INVITE\n\n"),
            Heard("SIP/2.0 200 OK\nCall-ID: a\nCSeq: 1 INVITE\n\n"),
            Heard("REFER sip:u@h SIP/2.0\nCall-ID: a\nCSeq: 1 REFER\n\n"),
            Heard("REFER sip:u@h SIP/2.0\nCall-ID: a\nCSeq: 1 REFER\n\n"),
            Said("NOTIFY sip:u@h SIP/2.0\nCall-ID: a\nCSeq: 3 NOTIFY\n\nSIP/2.0 200 OK\n"),
            Heard("SIP/2.0 200 OK\nCall-ID: a\nCSeq: 3 NOTIFY\n\n"),
            Heard("BYE sip:u@h SIP/2.0\nCall-ID: a\nCSeq: 2 BYE\n\n"),
            Said("INVITE sip:refer@h SIP/2.0\nCall-ID: b\nCSeq: 1 INVITE\n\n"),
            Heard("SIP/2.0 503 Service Unavailable\nCall-ID: b\nCSeq: 1 INVITE\n\n"),
            Said("INVITE sip:refer@h SIP/2.0\nCall-ID: c\nCSeq: 1 INVITE\n\n"),
            Said("INVITE sip:invite@h SIP/2.0\nCall-ID: d\nCSeq: 1 INVITE\n\n"),
            Heard("SIP/2.0 200 OK\nCall-ID: d\nCSeq: 1 INVITE\n\n"),
            Said("BYE sip:invite@h SIP/2.0\nCall-ID: d\nCSeq: 2 BYE\n\n"),
            Heard("SIP/2.0 200 OK\nCall-ID: d\nCSeq: 2 BYE\n\n"),
        ]);

        CallerView[] expected =
        [
            s_referred,
            new("b", 503),
            new("c", 0) { WasHeard = false },
            new("d", 200) { WasHungUp = true },
        ];
        Assert.Equal(expected, callers);
        Assert.Equal([false, true, false, false], callers.Select(c => c.IsRefused));
    }

    [Fact]
    public void A_call_as_it_should_be_is_clean_and_each_fault_of_a_stream_is_seen()
    {
        var good = Stream("a");
        OutageVerdict Of(CallerView caller, OpenCalls open, params IReadOnlyList<StoredEvent>[] streams) => OutageVerdict.Of([caller], streams, open);
        OutageVerdict Running(CallerView caller, params IReadOnlyList<StoredEvent>[] streams) => Of(caller, OpenCalls.GoOn, streams);

        Assert.True(Running(s_referred, good).IsClean);
        Assert.Equal(1, Running(s_referred).Lost);
        Assert.Equal(1, Of(s_referred, OpenCalls.AreCutOff).Lost);
        Assert.Equal(1, Running(s_referred, good, Stream("a")).Doubled);
        Assert.Equal(1, Running(s_referred, [.. good[..^1], good[^2], good[^1]]).Doubled);
        Assert.Equal(1, Running(s_referred with { Refers = 2 }, good).Doubled);
        Assert.Equal(1, Running(s_referred, good[..^1]).Stuck);
        Assert.Equal(1, Running(s_referred, [good[0], good[2], good[1], .. good[3..]]).Wrong);
        Assert.Equal(1, Running(s_referred with { Refers = 0, SaidSuccess = false }, good).Wrong);
        Assert.Equal(1, Running(s_referred with { WasHungUp = false }, good).Wrong);
        Assert.Equal(1, Running(s_referred, [good[0], good[1], good[3], good[4]]).Wrong);
        Assert.Equal(1, Running(new("a", 480), [good[0], End(good[0], CallEndCause.Rejected, 486)]).Wrong);
        Assert.Equal(1, Running(new("a", 0), [good[0], End(good[0], CallEndCause.Rejected, 480)]).Wrong);
    }

    [Fact]
    public void Calls_may_end_with_their_process_but_what_their_callers_saw_is_on_record()
    {
        OutageVerdict Of(CallerView caller, OpenCalls open, params IReadOnlyList<StoredEvent>[] streams) => OutageVerdict.Of([caller], streams, open);
        var lost = Stream("a", CallEndCause.NodeLost);
        var stopped = Stream("a", CallEndCause.NodeStopped);

        Assert.Equal([1, 1, 0], new[] { OpenCalls.GoOn, OpenCalls.AreEnded, OpenCalls.AreCutOff }.Select(open => Of(s_referred, open, lost).Wrong));
        Assert.Equal([1, 0, 0], new[] { OpenCalls.GoOn, OpenCalls.AreEnded, OpenCalls.AreCutOff }.Select(open => Of(s_referred, open, stopped).Wrong));
        Assert.Equal([1, 1, 0], new[] { OpenCalls.GoOn, OpenCalls.AreEnded, OpenCalls.AreCutOff }.Select(open => Of(s_referred with { WasHungUp = false }, open, Stream("a")).Wrong));
        Assert.Equal(1, Of(s_referred with { WasHungUp = false }, OpenCalls.AreCutOff, [lost[0], End(lost[0], CallEndCause.NodeLost)]).Wrong);
        // A caller that was turned away, or heard 100 alone from a process that was killed, was promised nothing.
        Assert.True(Of(new("a", 503), OpenCalls.GoOn).IsClean);
        Assert.True(Of(new("a", 0), OpenCalls.AreCutOff).IsClean);
        Assert.Equal([1, 1], new[] { OpenCalls.GoOn, OpenCalls.AreEnded }.Select(open => Of(new("a", 0), open).Lost));
        Assert.Equal(1, Of(new("a", 0), OpenCalls.GoOn).Calls);
    }

    [Fact]
    public void The_page_has_a_row_for_each_case()
    {
        var results = OutageCases.All.Select(c => new OutageResult(c, c.Seconds, new OutageVerdict { Calls = 1200, LostCalls = ["x"] }, 3.4, null)).ToList();

        var rows = OutagePage.Of(new OutageOptions(), results).Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToList();

        Assert.Equal(OutageCases.All.Count, rows.Count);
        Assert.Equal("| broker | killed, started again after 5 s | 1200 | 0 | 0 | 0 | 1 | 0 | 0 | 0 | 3 s |", rows[0]);
    }

    [Fact]
    public void A_run_of_some_cases_leaves_the_other_rows_of_the_page_as_they_were()
    {
        var all = OutageCases.All.Select(c => new OutageResult(c, c.Seconds, new OutageVerdict { Calls = 1200 }, 3, c.Seconds == 5 ? "ingress ended" : null)).ToList();
        string before = OutagePage.Of(new OutageOptions(), all);

        Assert.Equal(before, OutagePage.Of(new OutageOptions(), [], before));
        string after = OutagePage.Of(new OutageOptions(), [all.Single(r => r.Case.Fault == "takes nothing for {0} s (memory alarm)") with { FaultSeconds = 7, Verdict = new OutageVerdict { Calls = 80 } }], before);

        var changed = before.Split('\n').Zip(after.Split('\n')).Where(rows => rows.First != rows.Second).ToList();
        Assert.Equal("| broker | takes nothing for 7 s (memory alarm) | 80 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 3 s |", Assert.Single(changed).Second);
    }

    private static List<StoredEvent> Stream(string sipCallId, CallEndCause end = CallEndCause.Transferred)
    {
        var call = Guid.CreateVersion7();
        var started = Event(call, 1, "call_started", Guid.Empty, new JsonObject
        {
            ["node"] = "edge-1",
            ["trunk"] = "carrier",
            ["transport"] = "udp",
            ["remoteEndPoint"] = "127.0.0.1:5060",
            ["sipCallId"] = sipCallId,
            ["requestUri"] = "sip:refer@h",
            ["callerNumber"] = "+1",
            ["calleeNumber"] = "refer",
            ["headers"] = new JsonArray(),
        });
        var begun = Event(call, 2, "transfer_started", started.EventId, new JsonObject { ["handoffId"] = s_handoff, ["attempt"] = 1, ["method"] = "refer", ["target"] = "sip:s@h", ["headers"] = new JsonArray() });
        var answered = Event(call, 3, "call_answered", begun.EventId, new JsonObject { ["leg"] = "caller" });
        var done = Event(call, 4, "transfer_completed", answered.EventId, new JsonObject { ["handoffId"] = s_handoff, ["attempt"] = 1, ["method"] = "refer", ["outcome"] = "answered", ["evidence"] = new JsonObject { ["source"] = "notify" } });
        return [started, begun, answered, done, End(done, end)];
    }

    private static StoredEvent End(StoredEvent cause, CallEndCause why, int? status = null) =>
        Event(cause.CallId, cause.Version + 1, "call_ended", cause.EventId, new JsonObject
        {
            ["endedBy"] = "system",
            ["cause"] = System.Text.Json.JsonSerializer.SerializeToNode(why),
            ["status"] = status,
            ["durationMs"] = 1,
        });

    private static StoredEvent Event(Guid call, long version, string type, Guid cause, JsonObject data)
    {
        var id = Guid.CreateVersion7();
        data["eventId"] = id;
        data["callId"] = call;
        data["causationId"] = cause;
        data["occurredAt"] = "2026-01-31T13:00:00Z";
        return new StoredEvent { Position = version, CallId = call, Version = version, EventId = id, Type = type, Data = System.Text.Encoding.UTF8.GetBytes(data.ToJsonString()) };
    }
}
