using EventCalls.Contracts;

namespace EventCalls.Routing.Tests.Deciding;

public sealed class DeciderTests
{
    [Fact]
    public void The_sample_sends_a_vip_to_the_invite_with_a_refer_behind_it()
    {
        var result = Logics.Decide(Logics.Sample);

        Assert.Null(result.Failure);
        Assert.Equal("vip_support", result.Flow);
        Assert.Equal(["vip_support"], result.FlowChain);
        Assert.Equal("SupportLine.VipSupport (logic.cs:12)", result.DecidedBy);
        Assert.Equal("<sip:+15551234567@127.0.0.1>;tag=1", result.State["caller_id"].GetString());
        Assert.Equal("North Branch", result.State["branch"].GetString());
        Assert.Collection(
            result.Steps,
            invite =>
            {
                Assert.Equal(HandoffMethod.Invite, invite.Method);
                Assert.Equal("+12222222", invite.PhoneNumber);
                Assert.Equal("pstn", invite.OutboundEndpoint);
                Assert.Equal("+15551234567", invite.OutboundCallerId);
                Assert.Empty(invite.SipHeaders);
            },
            refer =>
            {
                Assert.Equal(HandoffMethod.Refer, refer.Method);
                Assert.Equal("sip:support@example.com", refer.ReferTo);
            });
    }

    [Fact]
    public void A_flow_that_does_not_exist_is_named_with_the_line_that_went_there()
    {
        var result = Logics.Decide(Logics.Sample, Calls.Started(caller: "+1"));

        Assert.Equal(RoutingFailureCause.UnknownFlow, result.Failure!.Cause);
        Assert.Contains("'general_support'", result.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("vip_support", result.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("logic.cs:7", result.Failure.Message, StringComparison.Ordinal);
        Assert.Empty(result.Steps);
    }
}
