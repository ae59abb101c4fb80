namespace EventCalls.Routing.Tests.Loading;

public sealed class LogicLoadingTests
{
    [Theory]
    [InlineData("delegate bool Rule(Conversation c);")]
    [InlineData("delegate T Rule<T>(ref T c); static Rule<int> s() => (ref int x) => x;")]
    [InlineData("interface IRule { static abstract int N(); bool Is(int n) => n == 1; }")]
    [InlineData("abstract class Rule { public abstract bool Is(Conversation c); public virtual int N => 1; }")]
    public void Types_of_any_kind_are_compiled_ahead_of_the_first_call(string member)
    {
        using var logic = Logics.Load(Logics.Start("return Handoff.Bye();", member));

        Assert.Equal("Line", logic.Name);
    }

    [Fact]
    public void A_delegate_type_of_the_logic_decides()
    {
        var result = Logics.Decide(Logics.Start("Rule r = c => c.CallerNumber.Length > 0; return r(conv) ? Handoff.Bye(\"yes\") : Handoff.Bye();", "delegate bool Rule(Conversation c);"));

        Assert.Null(result.Failure);
        Assert.Single(result.Steps);
    }

    [Theory]
    [InlineData("class A<T> { } class B<T> : A<B<B<T>>> { }", "")]
    [InlineData("class A<T> { } class B<T> : A<B<B<T>>> { }", "_ = new B<int>();")]
    public void A_type_that_cannot_be_loaded_is_refused_with_the_reason(string members, string statement)
    {
        var check = Logics.Compile(Logics.Start($"{statement} return Handoff.Bye();", members));

        var refusal = Assert.Single(check.Diagnostics);
        Assert.Equal("EC0012", refusal.Id);
        Assert.Contains("B`1", refusal.Message, StringComparison.Ordinal);
    }
}
