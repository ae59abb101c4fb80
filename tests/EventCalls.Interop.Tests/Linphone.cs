using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>A second real user agent, of another family: it says Supported: gruu, outbound and record-aware, describes itself with ICE, and repeats what is slow.</summary>
public class Linphone(EmbeddedService service) : IClassFixture<EmbeddedService>
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("udp", true)]
    [InlineData("tcp", true)]
    [InlineData("udp", false)]
    public async Task It_calls_and_is_bridged_and_either_side_hangs_up(string transport, bool hangsUp)
    {
        await using var target = await service.TargetAsync(hangsUp ? "target-answers" : "target-answers-then-hangs-up");
        await using var phone = await LinphoneAgent.StartAsync();
        int number = await phone.DialAsync($"sip:bridge@{service.Process.SipAddress};transport={transport}");
        await phone.WaitForAsync("LinphoneCallStreamsRunning", s_limit);
        if (hangsUp)
            await phone.CommandAsync($"terminate {number}");
        await phone.WaitForAsync("LinphoneCallReleased", s_limit);
        (await target.WaitAsync()).MustSucceed();

        var call = await service.Process.EndedCallAsync(phone.FirstCallId());
        Assert.Equal(transport, call.Only("call_started")["transport"]);
        Assert.Equal(["invite answered"], call.Outcomes);
        Assert.Equal((hangsUp ? "caller" : "target", "hung_up"), (call.Ended["endedBy"], call.Ended["cause"]));
    }

    [Theory]
    [InlineData("call-answered", false)]
    [InlineData("call-answered-peer-hangs-up", true)]
    public async Task It_is_called_and_either_side_hangs_up(string scenario, bool hangsUp)
    {
        await using var phone = await LinphoneAgent.StartAsync(service.Settings.TargetPort);
        var calling = service.CallAsync(scenario, "bridge");
        await phone.WaitForAsync("LinphoneCallStreamsRunning", s_limit);
        if (hangsUp)
            await phone.CommandAsync("terminate");
        var (result, callId) = await calling;
        Assert.True(result.Succeeded, $"{result}\n{phone.Describe()}");

        var call = await service.Process.EndedCallAsync(callId);
        Assert.Equal(["invite answered"], call.Outcomes);
        Assert.Equal((hangsUp ? "target" : "caller", "hung_up"), (call.Ended["endedBy"], call.Ended["cause"]));
    }

    [Fact]
    [Trait("RFC", "3515 §2.4")]
    public async Task It_transfers_its_call_to_a_person_and_is_out_of_it()
    {
        await using var person = await service.TargetAsync("target-answers-then-hangs-up", second: true, pauseMs: 500);
        await using var first = await service.TargetAsync("target-reinvited-once");
        await using var phone = await LinphoneAgent.StartAsync();
        int number = await phone.DialAsync($"sip:bridge@{service.Process.SipAddress}");
        await phone.WaitForAsync("LinphoneCallStreamsRunning", s_limit);
        await phone.CommandAsync($"call-transfer {number} sip:+15550123@127.0.0.1:{service.Settings.SecondPort}");
        await phone.WaitForAsync("LinphoneCallReleased", s_limit);
        (await person.WaitAsync()).MustSucceed();
        (await first.WaitAsync()).MustSucceed();

        var call = await service.Process.EndedCallAsync(phone.FirstCallId());
        Assert.Equal(["invite answered", "invite answered"], call.Outcomes);
        Assert.Equal(("caller", "202"), (call.Only("refer_received")["leg"], call.Only("refer_received")["status"]));
        Assert.Equal("target", call.Ended["endedBy"]);
    }

    [Fact]
    [Trait("RFC", "3891 §3, 5589 §7.1")]
    public async Task It_consults_a_second_person_connects_the_first_to_it_and_is_out_of_both_calls()
    {
        await using var first = new MediaPhone(1000, service.Settings.TargetPort, TimeProvider.System);
        await using var second = new MediaPhone(1700, service.Settings.SecondPort, TimeProvider.System);
        await using var phone = await LinphoneAgent.StartAsync();
        int one = await phone.DialAsync($"sip:bridge@{service.Process.SipAddress}");
        await phone.WaitForAsync("LinphoneCallStreamsRunning", s_limit);
        int other = await phone.DialAsync($"sip:bridge_to_second@{service.Process.SipAddress}");
        await phone.WaitForAsync("LinphoneCallPaused", s_limit);
        await phone.WaitForAsync("LinphoneCallStreamsRunning", s_limit, 2);
        await phone.CommandAsync($"call-transfer {one} {other}");
        await first.HearAsync(1700);
        await second.HearAsync(1000);
        await phone.WaitForAsync("LinphoneCallReleased", s_limit, 2);
        await second.HangUpAsync();

        var call = await service.Process.EndedCallAsync(phone.FirstCallId());
        Assert.Equal(("caller", "202"), (call.Only("refer_received")["leg"], call.Only("refer_received")["status"]));
        Assert.Equal("hung_up", call.Ended["cause"]);
    }
}
