namespace EventCalls.Contracts.Tests;

public sealed class TransferOutcomesTests
{
    private static readonly Dictionary<int, TransferOutcome> s_byStatus = new()
    {
        [486] = TransferOutcome.Busy,
        [600] = TransferOutcome.Busy,
        [408] = TransferOutcome.NoAnswer,
        [480] = TransferOutcome.NoAnswer,
        [487] = TransferOutcome.NoAnswer,
        [603] = TransferOutcome.Declined,
        [607] = TransferOutcome.Declined,
        [608] = TransferOutcome.Declined,
        [404] = TransferOutcome.NotFound,
        [410] = TransferOutcome.NotFound,
        [484] = TransferOutcome.NotFound,
        [485] = TransferOutcome.NotFound,
        [604] = TransferOutcome.NotFound,
        [403] = TransferOutcome.NotAllowed,
        [405] = TransferOutcome.NotAllowed,
        [501] = TransferOutcome.NotAllowed,
        [401] = TransferOutcome.Unauthorized,
        [407] = TransferOutcome.Unauthorized,
        [502] = TransferOutcome.Unreachable,
        [503] = TransferOutcome.Unreachable,
        [504] = TransferOutcome.Unreachable,
    };

    [Fact]
    public void Every_final_status_of_a_response_has_its_outcome()
    {
        for (int status = 300; status < 700; status++)
        {
            var expected = s_byStatus.GetValueOrDefault(status, TransferOutcome.Error);
            foreach (var method in Enum.GetValues<HandoffMethod>())
                Assert.Equal(expected, TransferOutcomes.Derive(method, new SipEvidence { Source = "response", Status = status }));
        }
    }

    [Fact]
    public void Every_status_of_a_report_has_its_outcome_and_a_provisional_one_is_no_final_report()
    {
        for (int status = 100; status < 700; status++)
        {
            var expected = status < 200 ? TransferOutcome.NoNotify
                : status < 300 ? TransferOutcome.Answered
                : s_byStatus.GetValueOrDefault(status, TransferOutcome.Error);
            Assert.Equal(expected, TransferOutcomes.Derive(HandoffMethod.Refer, new SipEvidence { Source = "notify", Status = status }));
        }
        Assert.Equal(TransferOutcome.NoNotify, TransferOutcomes.Derive(HandoffMethod.Refer, new SipEvidence { Source = "notify" }));
    }

    [Theory]
    [InlineData(HandoffMethod.Invite, TransferOutcome.Answered)]
    [InlineData(HandoffMethod.Refer, TransferOutcome.Accepted)]
    public void A_2xx_says_that_a_target_answered_and_that_a_REFER_was_accepted(HandoffMethod method, TransferOutcome outcome)
    {
        foreach (int status in new[] { 200, 202, 299 })
            Assert.Equal(outcome, TransferOutcomes.Derive(method, new SipEvidence { Source = "response", Status = status }));
    }

    [Theory]
    [InlineData("local", "sent", TransferOutcome.Accepted)]
    [InlineData("local", "ring timeout", TransferOutcome.NoAnswer)]
    [InlineData("local", "no response", TransferOutcome.TimedOut)]
    [InlineData("local", "transport error", TransferOutcome.Unreachable)]
    [InlineData("local", "host not found", TransferOutcome.Unreachable)]
    [InlineData("local", "invalid target", TransferOutcome.InvalidTarget)]
    [InlineData("local", "call already answered", TransferOutcome.NotAllowed)]
    [InlineData("local", "no final NOTIFY", TransferOutcome.NoNotify)]
    [InlineData("local", "caller gone", TransferOutcome.CallerHungUp)]
    [InlineData("local", "call ended", TransferOutcome.Cancelled)]
    [InlineData("local", "caller refused the target's media", TransferOutcome.Error)]
    [InlineData("local", "the caller's offer cannot be answered", TransferOutcome.Error)]
    [InlineData("local", "target gone", TransferOutcome.Error)]
    [InlineData("local", "another handoff is in progress", TransferOutcome.Error)]
    [InlineData("local", "too many handoffs", TransferOutcome.Error)]
    [InlineData("local", "decided after the deadline", TransferOutcome.Error)]
    [InlineData("local", "not confirmed by the bus", TransferOutcome.Error)]
    [InlineData("local", "node stopped", TransferOutcome.Cancelled)]
    [InlineData("local", "internal error", TransferOutcome.Error)]
    [InlineData("local", "not seen", TransferOutcome.Error)]
    [InlineData("record", "answered", TransferOutcome.Answered)]
    [InlineData("record", "no_notify", TransferOutcome.NoNotify)]
    [InlineData("record", "lost in the post", TransferOutcome.Error)]
    [InlineData("request", "caller gone", TransferOutcome.CallerHungUp)]
    [InlineData("request", "BYE before the final NOTIFY", TransferOutcome.NoNotify)]
    [InlineData("request", "target gone", TransferOutcome.Error)]
    public void What_happened_here_has_its_outcome_with_and_without_detail(string source, string text, TransferOutcome outcome)
    {
        Assert.Equal(outcome, TransferOutcomes.Derive(HandoffMethod.Refer, new SipEvidence { Source = source, ReasonPhrase = text }));
        Assert.Equal(outcome, TransferOutcomes.Derive(HandoffMethod.Refer, new SipEvidence { Source = source, ReasonPhrase = $"{text}: detail" }));
    }

    [Fact]
    public void A_text_that_only_begins_like_a_known_one_is_an_error() =>
        Assert.Equal(TransferOutcome.Error, TransferOutcomes.Derive(HandoffMethod.Bye, new SipEvidence { Source = "local", ReasonPhrase = "sentinel" }));

    [Fact]
    public void Evidence_without_status_or_of_an_unknown_source_is_an_error()
    {
        Assert.Equal(TransferOutcome.Error, TransferOutcomes.Derive(HandoffMethod.Invite, new SipEvidence { Source = "response" }));
        Assert.Equal(TransferOutcome.Error, TransferOutcomes.Derive(HandoffMethod.Invite, new SipEvidence { Source = "pigeon", Status = 200 }));
    }
}
