using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Tests.Calls;

public class SameSeedTests
{
    [Fact]
    public void A_call_plays_the_same_again_to_the_last_byte()
    {
        var first = new HeldCall().Play();

        Assert.Contains(first, message => message.Contains("a=inactive", StringComparison.Ordinal));
        Assert.Equal(first, new HeldCall().Play());
    }

    private sealed class HeldCall : EdgeTest
    {
        public List<string> Play()
        {
            Options = Options with { Answer = AnswerMode.Immediately };
            TargetAnswers();
            CallIn();
            Decide(Invite());
            Run(200);
            Caller.Leg!.Bye();
            Run(100);
            AssertOver();
            return [.. Network.Log.Select(sent => sent.Text)];
        }
    }
}
