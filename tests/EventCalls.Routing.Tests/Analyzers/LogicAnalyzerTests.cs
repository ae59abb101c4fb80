using EventCalls.Contracts;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Tests.Loading;
using EventCalls.Routing.Tests.Loading.Honest;

namespace EventCalls.Routing.Tests.Analyzers;

/// <summary>An editor shows of logic what EventCalls refuses of it, no more and no less.</summary>
public sealed class LogicAnalyzerTests
{
    private static readonly LogicSource s_line = new("line.cs", Logics.Start("return Handoff.Bye();"));

    [Theory]
    [MemberData(nameof(HonestLogicTests.Logics), MemberType = typeof(HonestLogicTests))]
    public async Task Honest_logic_is_left_alone(string name)
    {
        var sources = LogicSources.Read(Path.Combine(AppContext.BaseDirectory, "Loading", "Honest", name));

        Assert.Empty(await EditorLogic.DiagnoseAsync(sources));
    }

    [Fact]
    public async Task Every_cheat_is_shown_where_and_as_EventCalls_refuses_it()
    {
        var cheats = CheatingLogicTests.Sources.ToList();
        Assert.True(cheats.Count > 150, $"{cheats.Count} cheats");

        await Parallel.ForEachAsync(cheats, async (cheat, cancellationToken) =>
        {
            var refused = LogicCompiler.Compile([s_line, cheat], cancellationToken).Diagnostics;
            Assert.NotEmpty(refused);
            Assert.Equal(refused, await EditorLogic.DiagnoseAsync([s_line, cheat]));
        });
    }

    [Theory]
    [InlineData("public class A : RoutingLogic { public override Decision Start(Conversation conv) => Handoff.Bye(); [Flow(\"x\")] public int X(Conversation conv) => 1; }", "EC0006")]
    [InlineData("public class A : RoutingLogic { public override Decision Start(Conversation conv) => Handoff.Bye(); } public class B : A { }", "EC0002")]
    [InlineData("public class A(int n) : RoutingLogic { public override Decision Start(Conversation conv) => Handoff.Bye(); public int N => n; }", "EC0003")]
    public async Task A_class_that_cannot_decide_is_shown(string text, string id)
    {
        var shown = await EditorLogic.DiagnoseAsync([new LogicSource("a.cs", text)]);

        Assert.NotEmpty(shown);
        Assert.All(shown, d => Assert.Equal(id, d.Id));
        Assert.Equal(Logics.Compile(text).Diagnostics.Select(d => d.Message), shown.Select(d => d.Message));
    }

    [Fact]
    public async Task Sources_that_are_nested_too_deeply_are_shown_and_looked_at_no_further()
    {
        string[] deep = [$"_ = {new string('(', 120)}1{new string(')', 120)};", $"_ = {string.Join(" + ", Enumerable.Repeat("conv.CallerNumber", 600))};"];
        foreach (string statement in deep)
        {
            LogicSource[] sources = [new("line.cs", Logics.Start($"{statement} var t = DateTime.Now; return Handoff.Bye();"))];

            var shown = await EditorLogic.DiagnoseAsync(sources);

            Assert.Equal("EC0008", Assert.Single(shown).Id);
            Assert.Equal(LogicCompiler.Compile(sources, default).Diagnostics.Select(d => (d.Id, d.Line, d.Message)), shown.Select(d => (d.Id, d.Line, d.Message)));
        }
    }

    [Fact]
    public async Task Code_without_logic_is_none_of_its_business() =>
        Assert.Empty(await EditorLogic.DiagnoseAsync([new LogicSource("a.cs", "public class Clock { public DateTime Now => DateTime.Now; }")]));

    [Fact]
    public async Task What_is_not_finished_is_shown_by_the_compiler_alone() =>
        Assert.Empty(await EditorLogic.DiagnoseAsync([new LogicSource("a.cs", Logics.Start("Unknown u = Nothing.At(All); conv. return Handoff.Bye();"))]));
}
