namespace EventCalls.Contracts.Tests.Text;

public class CommandWordsTests
{
    [Theory]
    [InlineData(CommandKind.Handoff, "command: hand it off, by anna")]
    [InlineData(CommandKind.Hangup, "command: end it, by anna")]
    [InlineData(CommandKind.Flow, "command: go to the flow sales, by anna")]
    public void The_line_that_a_ladder_shows_of_a_command_says_who_gave_it(CommandKind kind, string words) =>
        Assert.Equal(
            [words, "reason: angry"],
            EventWords.Of(new CommandTaken { EventId = default, CallId = default, CausationId = default, OccurredAt = default, CommandId = default, Kind = kind, By = "anna", Flow = "sales", Reason = "angry" }));
}
