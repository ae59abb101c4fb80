using EventCalls.Contracts;
using EventCalls.Store.Keeping;

namespace EventCalls.Store.Tests.Keeping;

public class RetentionRuleTests
{
    public static TheoryData<string, RetentionRule> Rules => new()
    {
        { "erase 90d", new RetentionRule(TimeSpan.FromDays(90), KeepingAction.Erase) },
        { "Mask 12h", new RetentionRule(TimeSpan.FromHours(12), KeepingAction.Mask) },
        { "archive  7d trunk=carrier outcome=no_answer", new RetentionRule(TimeSpan.FromDays(7), KeepingAction.Archive, "carrier", TransferOutcome.NoAnswer) },
        { "erase 7d outcome=busy", new RetentionRule(TimeSpan.FromDays(7), KeepingAction.Erase, null, TransferOutcome.Busy) },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_is_read(string text, RetentionRule rule) => Assert.Equal(rule, RetentionRule.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("erase")]
    [InlineData("2 90d")]
    [InlineData("delete 90d")]
    [InlineData("erase 90")]
    [InlineData("erase 0d")]
    [InlineData("erase -1d")]
    [InlineData("erase 1.5d")]
    [InlineData("erase 90d trunk=")]
    [InlineData("erase 90d trunk=a trunk=b")]
    [InlineData("erase 90d outcome=good")]
    [InlineData("erase 90d flow=x")]
    public void Anything_else_is_none(string text) => Assert.Null(RetentionRule.Parse(text));
}
