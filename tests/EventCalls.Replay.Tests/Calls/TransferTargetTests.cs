using EventCalls.Contracts;

namespace EventCalls.Replay.Tests.Calls;

public sealed class TransferTargetTests
{
    [Fact]
    public void The_same_number_by_two_endpoints_is_two_targets()
    {
        var one = new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "+12222222", OutboundEndpoint = "pstn" };

        Assert.Equal("invite +12222222 via pstn", HandoffWords.Of(one));
        Assert.NotEqual(HandoffWords.Of(one), HandoffWords.Of(one with { OutboundEndpoint = "backup" }));
    }

    [Fact]
    public void Headers_and_caller_id_do_not_make_another_target()
    {
        var one = new Handoff { Method = HandoffMethod.Refer, ReferTo = "sip:billing@pbx.example.com" };

        Assert.Equal(HandoffWords.Of(one), HandoffWords.Of(one with { PhoneNumber = "+1555", SipHeaders = [new("X-A", "1")] }));
    }
}
