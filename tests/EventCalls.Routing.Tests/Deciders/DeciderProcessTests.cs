using System.Diagnostics;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Deciders;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Tests.Deciders;

/// <summary>One decider and its parent.</summary>
public class DeciderProcessTests
{
    private static readonly string s_hanging = Logics.Start("if (conv.CallerNumber == \"hang\") while (true) { } return Handoff.Bye();");

    [Fact]
    public async Task A_decider_decides_as_this_process_does()
    {
        await using var decider = await TestDeciders.StartAsync();
        var check = await decider.CompileAsync([new LogicSource("logic.cs", Logics.Sample)], CancellationToken.None);
        Assert.True(check.Ok, string.Join("\n", check.Diagnostics));
        Assert.False(check.Logic!.IsLoadedHere);
        using var here = Logics.Load(Logics.Sample);
        Assert.Equal((here.Version, here.Name), (check.Logic.Version, check.Logic.Name));
        Assert.Equal(here.Flows, check.Logic.Flows);
        var request = DecisionRequest.For(Calls.Started());
        var options = new DecideOptions { Trace = true, TimeLimit = TimeSpan.FromSeconds(5), KnownEndpoints = new HashSet<string> { "pstn" } };
        AssertSame(Decider.Decide(here, request, options), await decider.DecideAsync(check.Logic, request, options));
        var again = DecisionRequest.For(Calls.Reroute(TransferOutcome.Busy, 486));
        AssertSame(Decider.Decide(here, again, options), await decider.DecideAsync(check.Logic, again, options));
    }

    [Fact]
    public async Task Another_decider_loads_what_one_compiled_and_several_versions_live_side_by_side()
    {
        using var one = Logics.Load(Logics.Start("return Handoff.Bye(\"one\");"));
        using var two = Logics.Load(Logics.Start("return Handoff.Bye(\"two\");"));
        await using var decider = await TestDeciders.StartAsync();
        Assert.True((await decider.LoadAsync(one, CancellationToken.None)).Ok);
        Assert.Equal("one", (await decider.DecideAsync(one)).Steps[0].Reason);
        // Not loaded before: it goes along with the first decision.
        Assert.Equal("two", (await decider.DecideAsync(two)).Steps[0].Reason);
        Assert.Equal("one", (await decider.DecideAsync(one)).Steps[0].Reason);
        decider.Unload(one);
        Assert.Equal("two", (await decider.DecideAsync(two)).Steps[0].Reason);
        Assert.Equal("one", (await decider.DecideAsync(one)).Steps[0].Reason);
    }

    [Fact]
    public async Task Thousands_of_decisions_asked_at_once_are_all_answered_each_with_its_own()
    {
        using var logic = Logics.Load(Logics.Start("return Handoff.Bye(conv.CallerNumber);"));
        await using var decider = await TestDeciders.StartAsync();
        var asked = Enumerable.Range(0, 5000).Select(i => decider.DecideAsync(logic, DecisionRequest.For(Calls.Started(caller: $"+{i}")))).ToList();
        var results = await Task.WhenAll(asked);
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => $"+{i}"), results.Select(r => r.Steps[0].Reason));
    }

    [Fact]
    public async Task A_state_larger_than_a_pipe_goes_there_and_back()
    {
        using var logic = Logics.Load(Logics.Start("conv.State[\"more\"] = conv.State[\"big\"]!.Substring(0, 30000); return Handoff.Bye();"));
        await using var decider = await TestDeciders.StartAsync();
        var big = new Dictionary<string, JsonElement> { ["big"] = JsonSerializer.SerializeToElement(new string('x', 30_000)) };
        var request = DecisionRequest.For(Calls.Started()) with { State = big };
        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => decider.DecideAsync(logic, request)));
        Assert.All(results, r => Assert.Equal(30_000, r.State["more"].GetString()!.Length));
    }

    [Fact]
    public async Task Look_ups_are_answered_there_from_recorded_answers_and_from_tables_sent_once()
    {
        using var logic = Logics.Load(Logics.Start("return Handoff.Bye(conv.Lookup(\"t\", conv.CallerNumber));"));
        await using var decider = await TestDeciders.StartAsync();
        var tables = LookupTables.From(new Dictionary<string, IReadOnlyDictionary<string, string?>> { ["t"] = new Dictionary<string, string?> { ["+15551234567"] = "from the table" } });
        var limit = TimeSpan.FromSeconds(5);
        var live = await decider.DecideAsync(logic, options: new DecideOptions { Lookups = tables, TimeLimit = limit });
        Assert.Equal("from the table", live.Steps[0].Reason);
        Assert.Equal(new LookupAnswer("t", "+15551234567", "from the table"), Assert.Single(live.Inputs.Lookups));
        var recorded = new RecordedLookups([new LookupAnswer("t", "+15551234567", "as recorded")]);
        Assert.Equal("as recorded", (await decider.DecideAsync(logic, options: new DecideOptions { Lookups = recorded, TimeLimit = limit })).Steps[0].Reason);
        var none = await decider.DecideAsync(logic, options: new DecideOptions { Lookups = new RecordedLookups([]), TimeLimit = limit });
        Assert.Equal(new LookupAnswer("t", "+15551234567", null), none.UnansweredLookup);
    }

    [Fact]
    public async Task A_loop_is_ended_by_its_check_points_and_the_decider_goes_on()
    {
        using var logic = Logics.Load(s_hanging);
        await using var decider = await TestDeciders.StartAsync();
        var hung = await decider.DecideAsync(logic, DecisionRequest.For(Calls.Started(caller: "hang")), new DecideOptions { TimeLimit = TimeSpan.FromMilliseconds(50) });
        Assert.Equal(RoutingFailureCause.LogicTimedOut, hung.Failure!.Cause);
        Assert.Null((await decider.DecideAsync(logic)).Failure);
        Assert.False(decider.Completion.IsCompleted);
    }

    [Fact]
    public async Task A_call_that_does_not_come_back_is_killed_and_the_others_are_given_back()
    {
        await using var decider = await TestDeciders.StartAsync();
        using var logic = await decider.UnguardedAsync(Logics.Start(
            "if (conv.CallerNumber == \"hang\") new System.Text.RegularExpressions.Regex(\"^(a|aa)+$\").IsMatch(new string('a', 5000) + \"!\"); return Handoff.Bye();"));
        var limit = new DecideOptions { TimeLimit = TimeSpan.FromMilliseconds(100) };
        Assert.Null((await decider.DecideAsync(logic)).Failure);
        var hang = new TestDeciders.Asked(logic, DecisionRequest.For(Calls.Started(caller: "hang")), limit);
        var others = Enumerable.Range(0, 300).Select(i => new TestDeciders.Asked(logic, DecisionRequest.For(Calls.Started(caller: $"+{i}")), limit)).ToList();
        Assert.True(decider.Ask(hang));
        Assert.Empty(decider.Ask([.. others.Take(299)]));
        Assert.True(decider.Ask(others[299]));
        var death = await decider.WatchToEndAsync();
        Assert.Equal(DeciderEnd.OverTime, death.Kind);
        Assert.Same(hang, death.Began);
        Assert.Equal(others, death.Others);
        Assert.False(decider.Ask(hang));
    }

    [Theory]
    [InlineData("Deep([1]);", DeciderEnd.StackOverflow)]
    [InlineData("System.Environment.FailFast(\"x\");", DeciderEnd.Crashed)]
    [InlineData("System.Diagnostics.Process.GetCurrentProcess().Kill();", DeciderEnd.Crashed)]
    [InlineData("lock (Gate) { System.Threading.Monitor.Wait(Gate); }", DeciderEnd.Blocked)]
    public async Task How_a_decider_died_and_with_which_decision_is_known(string what, DeciderEnd end)
    {
        await using var decider = await TestDeciders.StartAsync();
        using var logic = await decider.UnguardedAsync(Logics.Start(
            $"if (conv.CallerNumber == \"die\") {{ {what} }} return Handoff.Bye();",
            """
            private static readonly object Gate = new();
            // The framework's own code has no check points: as deep as the sequence is nested it goes.
            private static int Deep(IEnumerable<int> numbers) { for (int i = 0; i < 500_000; i++) numbers = numbers.DefaultIfEmpty(); return numbers.Max(); }
            """));
        // What waits is told from what works by the processor time of the whole process, which compiles aside for a while.
        var limit = new DecideOptions { TimeLimit = TimeSpan.FromSeconds(3) };
        var before = await decider.DecideAsync(logic);
        Assert.Null(before.Failure);
        var die = new TestDeciders.Asked(logic, DecisionRequest.For(Calls.Started(caller: "die")), limit);
        var after = new TestDeciders.Asked(logic, DecisionRequest.For(Calls.Started()), limit);
        Assert.Empty(decider.Ask([die, after]));
        var death = await decider.WatchToEndAsync();
        Assert.Equal(end, death.Kind);
        Assert.Same(die, death.Began);
        Assert.Equal([after], death.Others);
    }

    [Fact]
    public async Task What_logic_writes_to_the_console_does_not_get_into_the_answers()
    {
        await using var decider = await TestDeciders.StartAsync();
        using var logic = await decider.UnguardedAsync(Logics.Start(
            """
            System.Console.WriteLine("to the console");
            System.Console.Error.WriteLine("and to the other");
            using (var raw = System.Console.OpenStandardOutput()) raw.Write(new byte[100]);
            return Handoff.Bye(System.Console.In.ReadToEnd().Length.ToString());
            """));
        for (int i = 0; i < 3; i++)
            Assert.Equal("0", (await decider.DecideAsync(logic)).Steps[0].Reason);
    }

    [Fact]
    public async Task A_decider_ends_when_its_parent_closes_the_pipe_and_leaves_no_file_behind()
    {
        var decider = await TestDeciders.StartAsync();
        using var process = Process.GetProcessById(decider.Id);
        await decider.DisposeAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(DeciderEnd.Stopped, (await decider.Completion).Kind);
    }

    [Fact]
    public async Task A_decider_does_not_outlive_a_parent_that_is_killed_even_in_a_decision_that_never_ends()
    {
        var command = TestDeciders.Options.Command;
        using var parent = Process.Start(new ProcessStartInfo(command.FileName, [command.Arguments[0], Program.Parent]) { RedirectStandardOutput = true })!;
        string? line = await parent.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        using var decider = Process.GetProcessById(int.Parse(line!));
        parent.Kill();
        await decider.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void The_command_says_so_when_it_is_run_by_hand()
    {
        var command = TestDeciders.Options.Command;
        using var byHand = Process.Start(new ProcessStartInfo(command.FileName, command.Arguments) { RedirectStandardError = true })!;
        Assert.Contains("started by EventCalls itself", byHand.StandardError.ReadToEnd(), StringComparison.Ordinal);
        byHand.WaitForExit();
        Assert.Equal(2, byHand.ExitCode);
    }

    [Fact]
    public async Task Sources_whose_static_fields_end_the_process_are_refused_with_the_way_it_ended()
    {
        await using var decider = await TestDeciders.StartAsync();
        var check = await decider.CompileAsync(
            [new LogicSource("line.cs", Logics.Start("return Handoff.Bye();", "private static readonly int X = Die(); private static int Die() { Environment.FailFast(\"no\"); return 1; }"))],
            isGuarded: false,
            CancellationToken.None);
        Assert.False(check.Ok);
        var diagnostic = Assert.Single(check.Diagnostics);
        Assert.Equal("EC0013", diagnostic.Id);
        Assert.Contains("ended the process", diagnostic.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logic_that_does_not_compile_is_told_as_in_this_process()
    {
        await using var decider = await TestDeciders.StartAsync();
        var there = await decider.CompileAsync([new LogicSource("logic.cs", "public class X : RoutingLogic { int y = z; }")], CancellationToken.None);
        var here = Logics.Compile("public class X : RoutingLogic { int y = z; }");
        Assert.Equal(here.Diagnostics, there.Diagnostics);
        Assert.Equal(here.Version, there.Version);
    }

    private static void AssertSame(DecisionResult here, DecisionResult there) =>
        Assert.Equal(JsonSerializer.Serialize(here with { Elapsed = default }), JsonSerializer.Serialize(there with { Elapsed = default }));
}
