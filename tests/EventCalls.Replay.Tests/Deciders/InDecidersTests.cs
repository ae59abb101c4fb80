using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Gate;
using EventCalls.Replay.Resuming;
using EventCalls.Routing.Deciders;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;
using EventCalls.Store;

namespace EventCalls.Replay.Tests.Deciders;

/// <summary>A replay whose candidate runs in processes of its own.</summary>
public sealed class InDecidersTests
{
    private static readonly DeciderProcessOptions s_process = new() { Command = DeciderCommand.OfAssembly(typeof(InDecidersTests).Assembly.Location), MemoryMb = 128 };

    internal static readonly ReplayOptions s_options = new() { Threads = 1, Deciders = s_process, TimeLimit = TimeSpan.FromMilliseconds(500) };

    private const string Decides = "return Handoff.Bye(conv.CallerNumber);";

    /// <summary>What a decision can do to its process.</summary>
    public static readonly (string Does, string Members)[] Hostile =
    [
        ("var a = new Loop(); a.Next = new Loop { Next = a }; new HashSet<Loop>().Add(a);", "private sealed record Loop { public Loop? Next { get; set; } }"),
        ("while (true) { }", ""),
        ("while (true) { try { while (true) { } } catch { } }", ""),
        ("System.Text.RegularExpressions.Regex.IsMatch(new string('x', 60) + \"y\", \"(x+x+)+z\");", ""),
        ("var l = new List<object>(); while (true) { try { l.Add(new byte[100_000]); } catch (Exception) { } }", ""),
        ("_ = Enumerable.Range(0, int.MaxValue).ToList();", ""),
        ("System.Threading.Thread.Sleep(-1);", ""),
        ("Environment.FailFast(\"over\");", ""),
        ("Environment.Exit(0);", ""),
        ("IEnumerable<int> q = [1]; for (int i = 0; i < 200000; i++) q = q.Select(x => x + 1); _ = q.First();", ""),
        ("System.Diagnostics.Process.GetCurrentProcess().Kill();", ""),
        ("IEnumerable<int> d = [1]; for (int i = 0; i < 500_000; i++) d = d.DefaultIfEmpty(); _ = d.Max();", ""),
    ];

    // It overflows the stack in the framework's code, which has no check points.
    private const string Overflows = "hostile-11";

    private static string HostileSource => Logics.Start(
        $"switch (conv.CallerNumber) {{ {string.Join("\n", Hostile.Select((h, i) => $"case \"hostile-{i}\": {{ {h.Does} break; }}"))} }} {Decides}")
        .Replace("public override Decision Start", string.Concat(Hostile.Select(h => h.Members)) + "public override Decision Start", StringComparison.Ordinal);

    /// <summary>What reads something that a machine may differ in, or another process, or another moment, compiled without the rules.</summary>
    public static TheoryData<string, string> Cheats => new()
    {
        { "n = s_calls++;", "static int s_calls;" },
        { "if (s_calls++ % 2 == 0) return Handoff.Reject(480);", "static int s_calls;" },
        { "n = DateTime.UtcNow.Ticks;", "" },
        { "n = Random.Shared.Next();", "" },
        { "n = conv.CallerNumber.GetHashCode();", "" },
        { "foreach (var s in new HashSet<string> { \"a\", \"b\", \"c\", \"d\", \"e\", conv.CallerNumber }) n = n * 31 + (s.GetHashCode() % 97);", "" },
        { "n = TimeZoneInfo.Local.GetUtcOffset(conv.Now).Ticks;", "" },
        { "n = new DateTime(2026, 7, 1, 0, 0, 0, DateTimeKind.Utc).ToLocalTime().Hour * 60 + new DateTime(2026, 7, 1, 0, 0, 0, DateTimeKind.Utc).ToLocalTime().Minute;", "" },
        { "n = Environment.ProcessId;", "" },
        { "n = Environment.ProcessorCount;", "" },
        { "n = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;", "" },
        { "n = Environment.CurrentDirectory.Length;", "" },
        { "n = (Environment.GetEnvironmentVariable(\"LANG\") ?? \"\").Length + (Environment.GetEnvironmentVariable(\"USER\") ?? \"\").Length;", "" },
        { "n = s_seed;", "static readonly int s_seed = \"x\".GetHashCode();" },
        { "n = GC.GetAllocatedBytesForCurrentThread();", "" },
        { "conv.State[\"last\"] = s_last; s_last = conv.CallerNumber;", "static string? s_last;" },
    };

    [Theory]
    [MemberData(nameof(Cheats))]
    public async Task What_gets_past_the_rules_is_nondeterministic_when_the_same_version_decided_and_never_same_or_changed_otherwise(string statement, string member)
    {
        string source = Logics.Start($"long n = 0; {statement} conv.State[\"n\"] = n.ToString(); return Handoff.Bye();").Replace("public override", member + " public override", StringComparison.Ordinal);
        using var logic = Unguarded(source);
        using var other = Unguarded(source + "// another version");
        var past = new PastCalls(logic);
        var calls = Enumerable.Range(0, 40).Select(i => past.Call($"+1555{i:0000}")).ToList();

        var own = await Logics.ReplayAsync(logic, calls, s_options);
        var others = await Logics.ReplayAsync(other, calls, s_options);

        Assert.All(own, call => Assert.Equal(Verdict.Nondeterministic, call.Verdict));
        Assert.All(own, call => Assert.NotEmpty(call.Unrecorded!));
        Assert.All(others, call => Assert.Equal(Verdict.NotReplayable, call.Verdict));
    }

    [Theory]
    [InlineData("Math.Sin(x)")]
    [InlineData("Math.Exp(x / 10)")]
    [InlineData("Math.Pow(x + 1.1, 1.7)")]
    [InlineData("Math.Asin(x / 101)")]
    public async Task The_last_digit_of_the_C_librarys_mathematics_is_that_of_the_machine_and_what_is_rounded_is_the_same(string function)
    {
        // The GNU C library has a way of its own for processors that multiply and add at once.
        bool isShown = OperatingSystem.IsLinux() && System.Runtime.Intrinsics.X86.Fma.IsSupported;
        string Source(string value) => Logics.Start($"long n = 0; for (double x = int.Parse(conv.CallerNumber) / 3.0; x < 100; x += 0.002) n = unchecked(n * 31 + BitConverter.DoubleToInt64Bits({value})); conv.State[\"n\"] = n.ToString(); return Handoff.Bye();");
        using var exact = Logics.Compile(Source(function));
        using var rounded = Logics.Compile(Source($"Math.Round({function}, 3)"));
        async Task<Verdict[]> VerdictsAsync(CompiledLogic logic)
        {
            var past = new PastCalls(logic);
            return [.. (await Logics.ReplayAsync(logic, [.. Enumerable.Range(0, 20).Select(i => past.Call($"{i}"))], s_options)).Select(call => call.Verdict).Distinct()];
        }

        Assert.Equal([isShown ? Verdict.Nondeterministic : Verdict.Same], await VerdictsAsync(exact));
        Assert.Equal([Verdict.Same], await VerdictsAsync(rounded));
    }

    [Fact]
    public async Task Honest_logic_is_the_same_for_every_call_with_clock_seed_look_ups_headers_and_failed_transfers()
    {
        using var logic = Logics.Compile("""
            public sealed class Line : RoutingLogic
            {
                public override Decision Start(Conversation conv)
                {
                    conv.State["tier"] = conv.SipHeaders["x-tier"] ?? "none";
                    conv.State["from"] = conv.SipHeaders["f"];
                    conv.State["all"] = string.Join(",", conv.SipHeaders.All("X-Tier")) + conv.SipHeaders.Count + conv.SipHeaders[0].Name;
                    if (conv.CallerNumber.EndsWith("1")) conv.State["at"] = conv.Now.ToString("O");
                    if (conv.CallerNumber.EndsWith("2")) conv.State.Set("r", conv.Random.Next(1000));
                    if (conv.CallerNumber.EndsWith("3")) conv.State.Set("both", conv.Random.Next(1000) + conv.Now.Minute);
                    if (conv.CallerNumber.EndsWith("4")) conv.State["found"] = conv.Lookup("t", conv.CallerNumber);
                    if (conv.CallerNumber.EndsWith("5")) throw new System.InvalidOperationException("no such branch");
                    return Handoff.Invite("+4900", outboundEndpoint: "pstn").OrElse(Handoff.Refer("sip:support@example.com"));
                }
                public override Decision TransferFailed(Conversation conv) =>
                    conv.State["tier"] == "none" ? Handoff.Reject(conv.LastTransfer!.RejectStatus) : Handoff.Invite("+4800", outboundEndpoint: "pstn");
            }
            """);
        var past = new PastCalls(logic, LookupTables.From(new Dictionary<string, IReadOnlyDictionary<string, string?>> { ["t"] = new Dictionary<string, string?> { ["+14"] = "é ✓" } }));
        var calls = Enumerable.Range(0, 300).Select(i => past.Call(
            $"+1{i % 7}", headers: [new("From", "<sip:x>"), new("X-Tier", i % 2 == 0 ? "gold" : ""), new("X-Tier", "Ü\ud83d\ude00")], failures: i % 3 == 0 ? [TransferOutcome.Busy] : [])).ToList();

        var replayed = await Logics.ReplayAsync(logic, calls, s_options);

        Assert.All(replayed, call => Assert.True(call.Verdict == Verdict.Same, $"{call.Verdict} {call.Unrecorded} {call.Error}"));
        Assert.Equal(calls.Select(c => c.Call.CallId), replayed.Select(c => c.Call.CallId));
        Assert.Contains(replayed, call => call.Decisions.Count == 2);
    }

    [Theory]
    [InlineData("\"+4900\"", "\"+4901\"")]
    [InlineData("conv.GotoFlow(\"vip\")", "conv.GotoFlow(\"general\")")]
    [InlineData("conv.GotoFlow(\"voicemail\")", "conv.GotoFlow(\"none\")")]
    [InlineData("conv.State.Set(\"count\", 1);", "conv.State.Set(\"count\", 5);")]
    [InlineData("conv.State.Set(\"count\", 1);", "conv.Lookup(\"t\", \"k\");")]
    public async Task It_says_what_a_replay_in_this_process_says(string before, string after)
    {
        using var logic = Logics.Compile(Logics.Support);
        using var candidate = Logics.Compile(Logics.Support.Replace(before, after, StringComparison.Ordinal));
        var past = new PastCalls(logic);
        CallHistory[] calls = [past.Call(), past.Call("+1777"), past.Call(headers: [new("X-Tier", "gold")], failures: TransferOutcome.Busy), past.Call(failures: [TransferOutcome.NotFound])];

        var here = await Logics.ReplayAsync(candidate, calls);
        var there = await Logics.ReplayAsync(candidate, calls, s_options);

        Assert.Equal(here.Select(Words), there.Select(Words));

        static string Words(ReplayedCall call) => $"{call.Verdict} {call.Unrecorded} {call.Error} {string.Join("; ", call.Changes)} {string.Join("; ", call.Decisions.Select(d => $"{d.Now?.Flow} {d.Now?.DecidedBy}"))}";
    }

    [Fact]
    public async Task A_decision_that_hangs_crashes_or_fills_memory_costs_its_call_and_no_other()
    {
        using var recorded = Unguarded(Logics.Start(Decides));
        using var candidate = Unguarded(HostileSource);
        var past = new PastCalls(recorded);
        var calls = Enumerable.Range(0, 6 * Hostile.Length).Select(i => past.Call(i % 6 == 2 ? $"hostile-{i / 6}" : $"+1{i}")).ToList();

        var replayed = await Logics.ReplayAsync(candidate, calls, s_options);

        Assert.Equal(calls.Count, replayed.Count);
        foreach (var call in replayed)
        {
            bool isHostile = call.Started.CallerNumber.StartsWith("hostile", StringComparison.Ordinal);
            Assert.True(call.Verdict == (isHostile ? Verdict.Error : Verdict.Same), $"{call.Started.CallerNumber}: {call.Verdict} {call.Unrecorded} {call.Error}");
            Assert.True(!isHostile || call.Error!.Cause is RoutingFailureCause.LogicTimedOut or RoutingFailureCause.LogicCrashed or RoutingFailureCause.LogicThrew, $"{call.Started.CallerNumber}: {call.Error}");
        }
    }

    [Fact]
    public async Task A_stack_that_overflows_costs_two_calls_of_150_and_they_are_the_same_when_they_crashed_live()
    {
        using var recorded = Unguarded(Logics.Start(Decides));
        using var candidate = Unguarded(HostileSource);
        var past = new PastCalls(recorded);
        var calls = Enumerable.Range(0, 150).Select(i => past.Call(i is 20 or 140 ? Overflows : $"+1{i}")).ToList();

        var replayed = await Logics.ReplayAsync(candidate, calls, s_options);
        var crashedLive = Assert.Single(await Logics.ReplayAsync(candidate, [Failed(calls[20], RoutingFailureCause.LogicCrashed, candidate.Version)], s_options));
        var decidedLive = Assert.Single(await Logics.ReplayAsync(candidate, [By(calls[20], candidate.Version)], s_options));

        Assert.Equal((148, 2), (replayed.Count(c => c.Verdict == Verdict.Same), replayed.Count(c => c.Verdict == Verdict.Error)));
        Assert.Contains("stack overflowed", replayed[20].Error!.Message, StringComparison.Ordinal);
        Assert.Equal(Verdict.Same, crashedLive.Verdict);
        Assert.Equal(Verdict.Nondeterministic, decidedLive.Verdict);
    }

    [Fact]
    public async Task A_call_that_timed_out_live_and_hangs_again_with_the_same_version_is_the_same()
    {
        using var candidate = Unguarded(HostileSource);
        using var plain = Unguarded(Logics.Start(Decides));
        var past = new PastCalls(plain);

        foreach (string caller in (string[])["hostile-1", "hostile-3"])
        {
            var call = Failed(past.Call(caller), RoutingFailureCause.LogicTimedOut, candidate.Version);
            Assert.Equal(Verdict.Same, Assert.Single(await Logics.ReplayAsync(candidate, [call], s_options)).Verdict);
        }
    }

    [Fact]
    public async Task The_same_version_with_another_decision_is_nondeterministic_and_always_fails_the_gate()
    {
        using var logic = Logics.Compile(Logics.Support);
        using var other = Logics.Compile(Logics.Support + "// another version");
        var call = new PastCalls(logic).Call();
        var events = PastCalls.Events(call).ConvertAll(e => e is HandoffRequested h ? h with { Steps = [h.Steps[0] with { PhoneNumber = "+4999" }] } : e);

        var own = await Logics.ReplayAsync(logic, PastCalls.Of(events), s_options);
        var others = await Logics.ReplayAsync(other, PastCalls.Of(events), s_options);

        Assert.Equal(Verdict.Nondeterministic, own.Verdict);
        Assert.Equal("the version that decided then decides otherwise now: target, fallbacks", own.Unrecorded);
        Assert.Empty(own.Changes);
        Assert.Equal(Verdict.Changed, others.Verdict);
        using var state = new ReplayProgressState([]);
        state.Add(own);
        Assert.Equal(1, state.Totals.Nondeterministic);
        using var replayer = new Replayer(logic, new ReplayOptions { Threads = 1 }, TimeProvider.System);
        Assert.StartsWith("nondeterministic: 1 of 1 calls", Assert.Single(await GateCheck.FindAsync(null!, replayer, state.Rules, state.Totals, null, [], CancellationToken.None)), StringComparison.Ordinal);
        Assert.True(GateRule.TryParse("nondeterministic>0", out var rule));
        Assert.NotNull(rule.Find(state.Totals));
    }

    [Fact]
    public async Task A_look_up_that_was_refused_is_recorded_as_what_it_was_and_is_refused_again()
    {
        using var logic = Logics.Compile(Logics.Start("return Handoff.Bye(conv.Lookup(\"rates\", conv.CallerNumber));"));
        using var catching = Logics.Compile(Logics.Start("try { return Handoff.Bye(conv.Lookup(\"rates\", \"k\")); } catch (System.InvalidOperationException e) { conv.State[\"why\"] = e.Message; return Handoff.Reject(480); }"));
        var refused = new PastCalls(logic).Call();
        var caught = new PastCalls(catching).Call();
        var answer = Assert.Single(PastCalls.Events(caught).OfType<FlowSelected>().Single().Inputs!.Lookups);

        Assert.Equal(("rates", "k", null), (answer.Name, answer.Key, answer.Value));
        Assert.Contains("There is no look-up table 'rates'", answer.Refusal, StringComparison.Ordinal);
        foreach (var options in (ReplayOptions[])[s_options, s_options with { Deciders = null }])
        {
            Assert.Equal(Verdict.Same, (await Logics.ReplayAsync(logic, refused, options)).Verdict);
            Assert.Equal(Verdict.Same, (await Logics.ReplayAsync(catching, caught, options)).Verdict);
        }
    }

    [Fact]
    public async Task A_busy_machine_gives_the_verdicts_of_an_idle_one()
    {
        // A good part of its limit in CPU time; with all these threads beside it far more than its limit by the clock on the wall.
        using var logic = Logics.Compile(Logics.Start("long n = 0; for (int i = 0; i < 5_000_000; i++) n += i ^ (n << 1); conv.State.Set(\"n\", n); return Handoff.Bye();"));
        var past = new PastCalls(logic);
        var calls = Enumerable.Range(0, 3).Select(_ => past.Call()).ToList();
        Assert.All(calls, call => Assert.DoesNotContain(PastCalls.Events(call), e => e is RoutingFailed));
        using var stop = new CancellationTokenSource();
        var busy = Enumerable.Range(0, 6 * Environment.ProcessorCount).Select(_ => new Thread(() => { while (!stop.IsCancellationRequested) { } }) { IsBackground = true }).ToList();
        busy.ForEach(t => t.Start());

        var replayed = await Logics.ReplayAsync(logic, calls, s_options with { TimeLimit = TimeSpan.FromMilliseconds(250) });

        await stop.CancelAsync();
        Assert.All(replayed, call => Assert.True(call.Verdict == Verdict.Same, $"{call.Verdict} {call.Unrecorded} {call.Error}"));
    }

    [Fact]
    public async Task No_decider_is_left_behind()
    {
        using var logic = Logics.Compile(Logics.Support);
        IReadOnlyList<int> processes;
        using (var replayer = new Replayer(logic, s_options, TimeProvider.System))
        {
            await Logics.ReplayAsync(replayer, [new PastCalls(logic).Call()]);
            processes = replayer.Deciders;
            Assert.Equal(2, processes.Count);
        }

        Assert.All(processes, id => Assert.Throws<ArgumentException>(() => System.Diagnostics.Process.GetProcessById(id)));
    }

    private static CompiledLogic Unguarded(string source)
    {
        var check = LogicCompiler.CompileUnguarded([new LogicSource("line.cs", source)]);
        Assert.True(check.Ok, string.Join('\n', check.Diagnostics));
        return check.Logic!;
    }

    private static CallHistory By(CallHistory call, string version) =>
        PastCalls.Of(PastCalls.Events(call).ConvertAll(e => e is FlowSelected s ? s with { LogicVersion = version } : e));

    private static CallHistory Failed(CallHistory call, RoutingFailureCause cause, string version)
    {
        var events = PastCalls.Events(By(call, version));
        var started = (CallStarted)events[0];
        events.Insert(1, (Draft.RoutingFailed(cause, "ended") with { LogicVersion = version }).After(started, Guid.CreateVersion7(), 5));
        return PastCalls.Of(events);
    }
}
