using System.Text;
using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Reports;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Replay.Reports.Json;
using static EventCalls.Replay.Tests.Reports.PastCalls;

namespace EventCalls.Replay.Tests.Reports;

public sealed class ReportStateTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1777)]
    [InlineData(6000)]
    public void A_run_that_is_stopped_and_resumed_gives_the_same_report_as_one_in_one_go(int stoppedAfter)
    {
        var calls = Mixed(6000);
        using var whole = new ReplayReportBuilder();
        calls.ForEach(whole.Add);

        using var first = new ReplayReportBuilder();
        calls.Take(stoppedAfter).ToList().ForEach(first.Add);
        var state = new MemoryStream();
        first.Save(state);
        state.Position = 0;
        using var second = new ReplayReportBuilder();
        second.Load(state);
        calls.Skip(stoppedAfter).ToList().ForEach(second.Add);

        Assert.Equal(6000, whole.Totals.Calls);
        Assert.Equal(Json(whole), Json(second));
    }

    [Fact]
    public void Saving_does_not_disturb_what_is_being_counted()
    {
        var calls = Mixed(500);
        using var whole = new ReplayReportBuilder();
        calls.ForEach(whole.Add);
        using var saved = new ReplayReportBuilder();
        foreach (var call in calls)
        {
            saved.Add(call);
            if (call.Started.OccurredAt.Second % 20 == 0)
                saved.Save(new MemoryStream());
        }

        Assert.Equal(Json(whole), Json(saved));
    }

    [Fact]
    public void A_state_that_was_cut_anywhere_is_refused_in_words()
    {
        using var builder = new ReplayReportBuilder();
        Mixed(60).ForEach(builder.Add);
        var state = new MemoryStream();
        builder.Save(state);
        var bytes = state.ToArray();

        for (int length = 0; length < bytes.Length; length += 13)
        {
            using var other = new ReplayReportBuilder();
            Assert.Throws<InvalidDataException>(() => other.Load(new MemoryStream(bytes, 0, length)));
        }
    }

    [Fact]
    public void What_is_no_state_of_a_report_is_refused()
    {
        using var builder = new ReplayReportBuilder();

        var e = Assert.Throws<InvalidDataException>(() => builder.Load(new MemoryStream(Encoding.UTF8.GetBytes(new string('{', 1000)))));
        Assert.Contains("not the saved state of a replay report", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_came_out_the_same_allocates_nothing()
    {
        var support = Decided("support", Invite("4100"), Refer("sip:a@example.com"));
        var voicemail = Decided("voicemail", new Handoff { Method = HandoffMethod.Redirect, Contacts = ["sip:a@example.com", "sip:b@example.com"] });
        // More than are sampled, so that hardly any is kept any more.
        var calls = Enumerable.Range(0, 50_000).Select(i => Call(i, support, outcomes: TransferOutcome.Busy) with
        {
            Decisions = [new(0, support, support), new(1, voicemail, voicemail)],
        }).ToList();
        using var builder = new ReplayReportBuilder();
        calls.ForEach(builder.Add);

        // The very same calls again: none of them is kept a second time, as their hashes are not smaller than the largest kept.
        var late = Enumerable.Range(0, 20_000).Select(_ => calls[7]).ToList();
        builder.Add(late[0]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var call in late)
            builder.Add(call);

        // Less than a byte a call: what the runtime itself allocates meanwhile for compiling is in it.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, late.Count);
    }

    [Fact]
    public void Flows_targets_fields_and_errors_without_end_are_counted_and_not_all_listed()
    {
        using var builder = new ReplayReportBuilder();
        const int Calls = 30_000;
        for (int i = 0; i < Calls; i++)
        {
            var was = Decided($"flow-{i}", Invite($"+1555{i:0000000}")).With($"key-{i}", "x");
            builder.Add(Call(i, was, Decided($"flow-{i + 1}", Invite($"+1666{i:0000000}"), Invite($"+1777{i:0000000}")), outcomes: TransferOutcome.Busy));
            builder.Add(Call(i + Calls, was) with { Verdict = Verdict.Error, Error = new ReplayError(RoutingFailureCause.LogicThrew, "x") { ExceptionType = "E", File = $"f{i}.cs", Line = i } });
            builder.Add(Call(i + 2 * Calls, was) with { Verdict = Verdict.NotReplayable, Unrecorded = $"look-up {i}" });
        }

        var report = builder.Build(Run());
        Assert.Equal(new ReportTotals(0, Calls, Calls, Calls), report.Totals);
        Complete(report.Flows, m => m.Calls, Calls, 2_000);
        Complete(report.Targets, m => m.Calls, Calls, 10_000);
        Complete(report.Groups, g => g.Calls, Calls, 1_000);
        Complete(report.ErrorGroups, e => e.Calls, Calls, 500);
        Complete(report.Unrecorded, u => u.Calls, Calls, 500);
        Complete(report.WhatIf.Targets, t => t.Calls, Calls, 10_000);
        Assert.Equal(1_000, report.Fields.Items.Count);
        Assert.Equal(Calls, report.WhatIf.Calls);
        Assert.Equal(Calls, builder.Changes.Count);
    }

    [Fact]
    public void Memory_does_not_grow_with_the_number_of_calls()
    {
        using var builder = new ReplayReportBuilder();
        AddMany(builder, 0, 60_000);
        long few = GC.GetTotalMemory(forceFullCollection: true);
        AddMany(builder, 60_000, 180_000);

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - few, long.MinValue, 6_000_000);
        Assert.Equal(180_000, builder.Totals.Calls);
    }

    private static void AddMany(ReplayReportBuilder builder, int from, int to)
    {
        var (support, vip) = (Decided("support", Invite("4100")), Decided("vip", Invite("4900")));
        for (int i = from; i < to; i++)
            builder.Add(Call(i, support, i % 3 == 0 ? vip : null, headers: [("X-Id", $"id-{i}"), ("X-Note", $"{i} {new string('n', 80)}")], outcomes: TransferOutcome.Answered));
    }

    private static void Complete<T>(Listing<T> listing, Func<T, long> calls, long total, int most)
    {
        Assert.InRange(listing.Items.Count, 1, most);
        Assert.Equal(total, listing.Items.Sum(calls) + listing.Omitted);
    }

    private static string Json(ReplayReportBuilder builder)
    {
        var stream = new MemoryStream();
        ReportJson.Write(stream, builder.Build(Run()), builder.Changes);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static List<ReplayedCall> Mixed(int count)
    {
        var random = new Random(11);
        string[] flows = ["support", "sales", "billing", "vip"];
        TransferOutcome[] outcomes = Enum.GetValues<TransferOutcome>();
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var was = Decided(flows[random.Next(4)], Invite($"4{random.Next(5)}00"), Invite("4100")).With("branch", $"{random.Next(4)}");
            var now = random.Next(3) == 0 ? Decided(flows[random.Next(4)], Invite($"4{random.Next(5)}00"), Refer("sip:x@y.example")).With("branch", $"{random.Next(4)}") : null;
            var call = Call(i, was, now, Monday.AddMinutes(i), $"+1555{random.Next(100):0000000}", headers: [("X-Tier", $"{random.Next(3)}")], outcomes: outcomes[random.Next(outcomes.Length)]);
            return random.Next(20) switch
            {
                0 => call with { Verdict = Verdict.Error, Changes = [], Error = new ReplayError(RoutingFailureCause.LogicThrew, "no") { ExceptionType = "System.InvalidOperationException", File = "A.cs", Line = random.Next(3) } },
                1 => call with { Verdict = Verdict.NotReplayable, Changes = [], Unrecorded = $"look-up {random.Next(3)}" },
                _ => call,
            };
        })];
    }
}
