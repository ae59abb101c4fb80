namespace EventCalls.Routing.Tests.Loading;

public sealed class LogicShapeTests
{
    private const string Empty = "public sealed class Line : RoutingLogic { public override Decision Start(Conversation conv) => Handoff.Bye(); ";

    [Theory]
    [InlineData("public sealed class A;", "EC0001", "one class must derive from RoutingLogic")]
    [InlineData(Empty + "} public sealed class Other : RoutingLogic { public override Decision Start(Conversation conv) => Handoff.Bye(); }", "EC0002", "Line, Other")]
    [InlineData(Empty + "public Line(int x) { } }", "EC0003", "constructor without parameters")]
    [InlineData("public sealed class Line<T> : RoutingLogic { public override Decision Start(Conversation conv) => Handoff.Bye(); }", "EC0003", "generic")]
    [InlineData(Empty + "[Flow(\"a\")] public Decision A() => Handoff.Bye(); }", "EC0006", "Decision A(Conversation conv)")]
    [InlineData(Empty + "[Flow(\"a\")] public HandoffStep A(Conversation conv) => Handoff.Bye(); }", "EC0006", "Decision A(Conversation conv)")]
    [InlineData(Empty + "[Flow(\"a\")] public static Decision A(Conversation conv) => Handoff.Bye(); }", "EC0006", "not static")]
    [InlineData(Empty + "[Flow(\"a\")] public Decision A<T>(Conversation conv) => Handoff.Bye(); }", "EC0006", "not generic")]
    [InlineData(Empty + "[Flow(\"\")] public Decision A(Conversation conv) => Handoff.Bye(); }", "EC0006", "1 to 128")]
    [InlineData(Empty + "[Flow(\"start\")] public Decision A(Conversation conv) => Handoff.Bye(); }", "EC0006", "is taken")]
    [InlineData(Empty + "[Flow(\"a\")] public Decision A(Conversation conv) => Handoff.Bye(); [Flow(\"a\")] public Decision B(Conversation conv) => Handoff.Bye(); }", "EC0007", "Two methods")]
    [InlineData(Empty + "} public sealed class Other { [Flow(\"a\")] public Decision A(Conversation conv) => Handoff.Bye(); }", "EC0005", "no effect")]
    [InlineData(Empty + "static readonly string X = int.Parse(\"x\").ToString(); }", "EC0010", "FormatException")]
    public void What_cannot_be_routing_logic_is_refused(string source, string id, string message)
    {
        var check = Logics.Compile(source);

        Assert.Null(check.Logic);
        var refusal = check.Diagnostics[0];
        Assert.Equal(id, refusal.Id);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_in_the_source_is_told_with_file_line_and_column()
    {
        var check = Logics.Compile(Logics.Sample, "public static class X\n{\n    public static int Y => \"a\";\n}\n");

        Assert.Equal("logic1.cs(3,28): Cannot implicitly convert type 'string' to 'int' [CS0029]", Assert.Single(check.Diagnostics).ToString());
    }

    [Fact]
    public void Flows_may_be_inherited_and_private()
    {
        using var logic = Logics.Load(
            """
            public abstract class House : RoutingLogic
            {
                [Flow("house")] private Decision Common(Conversation conv) => Handoff.Bye("house");
                [Flow("own")] protected virtual Decision Own(Conversation conv) => Handoff.Bye("base");
                public override Decision TransferFailed(Conversation conv) => Handoff.Bye("failed");
            }

            internal sealed class Line : House
            {
                public override Decision Start(Conversation conv) => conv.GotoFlow(conv.CallerNumber);
                protected override Decision Own(Conversation conv) => Handoff.Bye("own");
            }
            """);

        Assert.Equal(["house", "own"], logic.Flows);
        foreach (string flow in logic.Flows)
        {
            var result = EventCalls.Routing.Deciding.Decider.Decide(
                logic, EventCalls.Routing.Deciding.DecisionRequest.For(Calls.Started(caller: flow)), new EventCalls.Routing.Deciding.DecideOptions());
            Assert.Equal(flow, result.Steps[0].Reason);
        }
    }

    [Fact]
    public void Sources_that_take_too_long_to_compile_are_refused()
    {
        var check = EventCalls.Routing.Loading.LogicCompiler.Compile([new EventCalls.Contracts.LogicSource("a.cs", Logics.Sample)], TimeSpan.Zero, default);

        Assert.Equal("EC0011", Assert.Single(check.Diagnostics).Id);
        Assert.Null(check.Logic);
    }

    [Theory]
    [InlineData("(", "1", ")")]
    [InlineData("!", "true", "")]
    [InlineData("- ", "1", "")]
    [InlineData("(int)", "1", "")]
    [InlineData("true ? 1 : ", "1", "")]
    [InlineData("new int[]", "{ }", "")]
    [InlineData("(a, ", "b", ")")]
    [InlineData("A<", "b", ">")]
    [InlineData("1 switch { _ => ", "b", "}")]
    [InlineData("1; if (true) ", "return null!", "")]
    [InlineData("1; if (true) { } else ", "return null!", "")]
    [InlineData("1; while (true) ", "return null!", "")]
    [InlineData("1; void F() { ", "return", "}")]
    [InlineData("1; {", "return null!;", "}")]
    public void Sources_nested_without_end_do_not_end_the_process(string open, string middle, string close)
    {
        // The shallower ones get past the parser.
        foreach (int depth in new[] { 90, 400, 10_000 })
        {
            string deep = string.Concat(Enumerable.Repeat(open, depth)) + middle + string.Concat(Enumerable.Repeat(close, depth));

            var check = Logics.Compile(Logics.Start($"var x = {deep}; return Handoff.Bye();"));

            check.Logic?.Dispose();
            Assert.True(check.Ok || check.Diagnostics.Count > 0);
        }
    }
}
