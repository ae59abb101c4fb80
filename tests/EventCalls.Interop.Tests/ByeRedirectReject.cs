using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

public class ByeRedirectReject(EmbeddedService service) : IClassFixture<EmbeddedService>
{
    [Fact]
    public async Task A_call_that_is_not_answered_yet_is_answered_and_given_back_with_BYE_and_headers()
    {
        var (result, call) = await service.CallToTheEndAsync("call-answered-peer-hangs-up", "give_back");

        var bye = result.Received.First(m => m.Method == "BYE");
        Assert.Equal("no-agent", bye.Header("X-Return-Reason"));
        Assert.Contains("No agent is free", bye.Header("Reason"));
        Assert.Equal(["bye accepted"], call.Outcomes);
        Assert.Equal(("system", "given_back"), (call.Ended["endedBy"], call.Ended["cause"]));
    }

    [Fact]
    [Trait("RFC", "3261 §22.2")]
    public async Task A_BYE_that_the_trunk_challenges_is_said_again_with_its_credentials()
    {
        var (result, call) = await service.CallToTheEndAsync("call-challenges-bye", "give_back");

        Assert.Contains("credentials true", string.Join('\n', result.Logged));
        Assert.Equal(["bye accepted"], call.Outcomes);
    }

    [Fact]
    public async Task A_call_is_redirected()
    {
        var (result, call) = await service.CallToTheEndAsync("call-redirected-302", "redirect");

        var contacts = string.Join(", ", result.Received.First(m => m.Status == 302).Headers("Contact"));
        Assert.Contains("sip:overflow@127.0.0.1:5999", contacts);
        Assert.Contains("sip:voicemail@127.0.0.1:5998", contacts);
        Assert.True(contacts.IndexOf("overflow", StringComparison.Ordinal) < contacts.IndexOf("voicemail", StringComparison.Ordinal));
        Assert.Equal(["redirect accepted"], call.Outcomes);
        Assert.Equal(("redirected", "302"), (call.Ended["cause"], call.Ended["status"]));
    }

    [Theory]
    [InlineData("reject_486", 486, "Busy Here")]
    [InlineData("reject_603", 603, "Not today")]
    [InlineData("reject_404", 404, "Not Found")]
    public async Task A_call_is_rejected(string flow, int status, string phrase)
    {
        var (result, call) = await service.CallToTheEndAsync($"call-rejected-{status}", flow);

        Assert.Equal($"SIP/2.0 {status} {phrase}", result.Received.First(m => m.Status == status).StartLine);
        Assert.Equal(["reject accepted"], call.Outcomes);
        Assert.Equal(("rejected", $"{status}"), (call.Ended["cause"], call.Ended["status"]));
    }

    [Theory]
    [InlineData("no_such_flow", "unknown_flow")]
    [InlineData("throws", "logic_threw")]
    [InlineData("never_ends", "logic_timed_out")]
    [InlineData("injects_a_header", "invalid_decision")]
    [InlineData("unknown_endpoint", "invalid_decision")]
    public async Task Logic_that_fails_never_stalls_a_call(string flow, string cause)
    {
        var (_, call) = await service.CallToTheEndAsync("call-rejected-480", flow);

        Assert.Equal(cause, call.Only("routing_failed")["cause"]);
        Assert.Equal(("default", "default"), (call.Only("flow_selected")["flow"], call.Only("handoff_requested")["requestedBy"]));
        Assert.Equal(("rejected", "480"), (call.Ended["cause"], call.Ended["status"]));
    }

    [Fact]
    public async Task OPTIONS_is_answered_with_what_is_allowed()
    {
        var (result, _) = await service.CallAsync("options", "ping");

        var allow = result.MustSucceed().Received.Last().Header("Allow");
        foreach (var method in new[] { "INVITE", "ACK", "CANCEL", "BYE", "OPTIONS" })
            Assert.Contains(method, allow);
    }
}
