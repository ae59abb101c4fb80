using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Deciding;
using EventCalls.Replay.Reports;
using EventCalls.Replay.Reports.Contents;
using EventCalls.Routing.Loading;
using EventCalls.Store;

namespace EventCalls.Replay.Tests.Deciders;

/// <summary>Two versions decide every call, in this process and in deciders.</summary>
public sealed class BaselineTests : IDisposable
{
    private readonly CompiledLogic _old = Logics.Compile(Logics.Support);

    // What went live since: VIPs reach another extension.
    private readonly CompiledLogic _running = Logics.Compile(Logics.Support.Replace("+4900", "+4901", StringComparison.Ordinal));

    public void Dispose()
    {
        _old.Dispose();
        _running.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_changed_before_is_kept_apart_from_what_the_candidate_changes(bool inDeciders)
    {
        // It has the change that is live already, and one of its own: the general line.
        using var candidate = Logics.Compile(Logics.Support.Replace("+4900", "+4901", StringComparison.Ordinal).Replace("+4100", "+4102", StringComparison.Ordinal));
        var past = new PastCalls(_old);

        var (calls, report) = await ReplayAsync(candidate, _running, [past.Call(), past.Call("+1777"), past.Call("+1778")], inDeciders);

        Assert.Equal([Verdict.Same, Verdict.Changed, Verdict.Changed], calls.Select(c => c.Verdict));
        var change = Assert.Single(calls[1].Changes);
        Assert.Equal(("target", "+4100", "+4102"), (change.Field, change.Was, change.Now));
        Assert.Equal((1, 0, 0), (report.AlreadyChanged, report.OwnCalls, report.Noise));
        Assert.Equal("target", Assert.Single(report.AlreadyFields.Items).Field);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_change_that_the_candidate_takes_back_is_one_against_the_baseline(bool inDeciders)
    {
        var past = new PastCalls(_old);

        var (calls, _) = await ReplayAsync(_old, _running, [past.Call()], inDeciders);

        var call = Assert.Single(calls);
        Assert.Equal(Verdict.Changed, call.Verdict);
        Assert.Equal(new FieldChange("target", "+4901", "+4900"), Assert.Single(call.Changes));
        Assert.Equal(Verdict.Changed, call.Baseline!.Verdict);
        Assert.Equal(_old.Version, call.Baseline.RecordedVersion);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_running_version_against_itself_is_the_noise_and_that_of_deterministic_logic_is_none(bool inDeciders)
    {
        var past = new PastCalls(_running);
        var calls = Enumerable.Range(0, 300).Select(i => past.Call(i % 3 == 0 ? "+15550001" : "+1777", failures: i % 7 == 0 ? [TransferOutcome.Busy] : [])).ToList();

        var (replayed, report) = await ReplayAsync(_running, _running, calls, inDeciders);

        Assert.All(replayed, call => Assert.Equal(Verdict.Same, call.Verdict));
        Assert.Equal((300, 0, 0), (report.OwnCalls, report.Noise, report.AlreadyChanged));
        Assert.Contains("Noise: of 300 calls that the baseline itself had decided, it decides 0 otherwise now (0 %).", ReportWords.Against(report));
    }

    [Fact]
    public async Task What_the_baseline_decides_otherwise_by_other_inputs_is_neither_noise_nor_a_change_and_is_said()
    {
        using var closesAtNoon = Logics.Compile(Logics.Start("return conv.CallerNumber == \"+15550001\" && conv.Now.Hour >= 12 ? Handoff.Reject(480) : Handoff.Bye();"));
        var past = new PastCalls(closesAtNoon);

        var (calls, report) = await ReplayAsync(closesAtNoon, closesAtNoon, [past.Call(), past.Call(), past.Call("+1777")], inDeciders: false, new OtherInputs { Shift = TimeSpan.FromHours(8) });

        Assert.All(calls, call => Assert.Equal(Verdict.Same, call.Verdict));
        Assert.Equal((3, 0, 2, 2), (report.OwnCalls, report.Noise, report.AlreadyChanged, report.OwnOtherwise));
        var words = ReportWords.Against(report);
        Assert.StartsWith("Both versions decided every call: the baseline decides 2 calls otherwise than recorded, ", words[0], StringComparison.Ordinal);
        Assert.StartsWith("It had decided them itself: they come out otherwise by what both versions are given now", words[1], StringComparison.Ordinal);
        Assert.EndsWith(" What the candidate changes where these calls went does not show.", words[1], StringComparison.Ordinal);
        Assert.Equal("Noise: of the other 1 call that the baseline itself had decided, it decides 0 otherwise now (0 %).", words[2]);
    }

    [Fact]
    public async Task A_baseline_that_is_not_deterministic_shows_as_noise_and_makes_no_change_of_the_candidates()
    {
        using var moody = Unguarded("if (s_calls++ % 2 == 1) return Handoff.Reject(480); return Handoff.Bye();", "static int s_calls;");
        using var candidate = Logics.Compile(Logics.Start("return Handoff.Bye();"));
        var past = new PastCalls(moody);

        var (calls, report) = await ReplayAsync(candidate, moody, [.. Enumerable.Range(0, 40).Select(_ => past.Call())], inDeciders: true);

        Assert.DoesNotContain(calls, call => call.Verdict == Verdict.Changed);
        Assert.True(report.Noise > 0, "no noise was found");
        Assert.All(calls.Where(c => c.Verdict == Verdict.NotReplayable), call => Assert.StartsWith("with the baseline: ", call.Unrecorded, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_the_baseline_fails_the_candidates_decision_is_a_change_and_the_same_failure_is_none()
    {
        using var failing = Logics.Compile(Logics.Start("if (conv.CallerNumber == \"+15550001\") throw new FormatException(\"no\"); return Handoff.Bye();"));
        using var mended = Logics.Compile(Logics.Start("return Handoff.Bye();"));
        using var bye = Logics.Compile(Logics.Start("return Handoff.Bye(null);"));
        var past = new PastCalls(bye);
        var call = past.Call();

        var (changed, report) = await ReplayAsync(mended, failing, [call], inDeciders: false);
        var (same, _) = await ReplayAsync(failing, failing, [call], inDeciders: false);

        Assert.Equal(Verdict.Changed, changed[0].Verdict);
        Assert.Contains(changed[0].Changes, c => c.Field == "error" && c.Was!.Contains("no", StringComparison.Ordinal) && c.Now is null);
        Assert.Equal(1, report.Errors);
        Assert.Equal(Verdict.Same, same[0].Verdict);
    }

    private static async Task<(List<ReplayedCall> Calls, BaselineReport Report)> ReplayAsync(CompiledLogic candidate, CompiledLogic baseline, List<CallHistory> calls, bool inDeciders, OtherInputs? inputs = null)
    {
        var options = (inDeciders ? InDecidersTests.s_options : new ReplayOptions { Threads = 2 }) with { Baseline = baseline, Inputs = inputs };
        var replayed = await Logics.ReplayAsync(candidate, calls, options);
        using var builder = new ReplayReportBuilder();
        foreach (var call in replayed)
            builder.Add(call);
        return (replayed, builder.Build(Reports.PastCalls.Run() with { Against = baseline.Version, AgainstName = "running" }).Baseline!);
    }

    private static CompiledLogic Unguarded(string body, string member)
    {
        var check = LogicCompiler.CompileUnguarded([new LogicSource("line.cs", Logics.Start(body).Replace("public override Decision Start", member + " public override Decision Start", StringComparison.Ordinal))]);
        Assert.True(check.Ok, string.Join('\n', check.Diagnostics));
        return check.Logic!;
    }
}
