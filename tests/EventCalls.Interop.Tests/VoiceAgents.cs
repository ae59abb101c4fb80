using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>The sample of a voice agent as target: it hands the call to people by REFER, in the shapes that such agents send; without it, people get the call.</summary>
public class VoiceAgents(VoiceAgents.Service service) : IClassFixture<VoiceAgents.Service>
{
    [Theory]
    [InlineData("tel:+15550123")]
    [InlineData("sip:+15550123@{us}")]
    [InlineData("sip:+15550123@{people}?User-to-User=56a1%3Bencoding%3Dhex&P-Asserted-Identity=%3Csip:boss@x%3E")]
    [Trait("RFC", "3515 §2.4.4")]
    public async Task The_agent_refers_the_caller_to_a_person_and_hears_of_it(string referTo)
    {
        referTo = referTo.Replace("{us}", $"127.0.0.1:{service.Settings.SipPort}", StringComparison.Ordinal)
            .Replace("{people}", $"127.0.0.1:{service.Settings.SecondPort}", StringComparison.Ordinal);
        await using var person = await service.TargetAsync("target-answers", second: true);
        await using var agent = await service.AgentAsync(referTo);
        var (caller, call) = await service.CallToTheEndAsync("call-reinvited", "+15550199", pauseMs: 1_000);
        var saidToAgent = (await agent.WaitAsync()).MustSucceed();
        var dialled = (await person.WaitAsync()).MustSucceed().Received.First(m => m.Method == "INVITE");

        Assert.Equal(["invite answered", "invite answered"], call.Outcomes);
        var refer = call.Only("refer_received");
        Assert.Equal(("target", "202", "carry_out"), (refer["leg"], refer["status"], refer["policy"]));
        Assert.Equal(("caller", "hung_up"), (call.Ended["endedBy"], call.Ended["cause"]));
        Assert.Contains("+15550123", dialled.StartLine);
        Assert.Equal($"<sip:agent@127.0.0.1:{service.Settings.TargetPort}>", dialled.Header("Referred-By"));
        Assert.Contains("+15550001111", dialled.Header("From"));
        Assert.Equal(referTo.Contains("User-to-User", StringComparison.Ordinal) ? "56a1;encoding=hex" : null, dialled.Header("User-to-User"));
        Assert.DoesNotContain("boss", dialled.Text);

        var reports = saidToAgent.Received.Where(m => m.Method == "NOTIFY").ToList();
        Assert.StartsWith("SIP/2.0 100 Trying", reports[0].Body);
        Assert.StartsWith("active;expires=", reports[0].Header("Subscription-State"));
        Assert.StartsWith("SIP/2.0 200 OK", reports[^1].Body);
        Assert.Equal("terminated;reason=noresource", reports[^1].Header("Subscription-State"));
        Assert.Contains(caller.Received, m => m.Method == "INVITE");
    }

    [Fact]
    public async Task The_person_is_busy_and_so_is_the_queue_so_the_agent_hears_486_and_may_hang_up()
    {
        await using var people = await SippRun.StartAsync(new SippOptions
        {
            Scenario = Scenarios.File("target-busy"),
            Port = service.Settings.SecondPort,
            Calls = 2,
            ReceiveTimeoutMs = 60_000,
        });
        await using var agent = await service.AgentAsync("tel:+15550123");
        var (_, sipCallId) = await service.CallAsync("call-answered-peer-hangs-up", "+15550199");
        var saidToAgent = (await agent.WaitAsync()).MustSucceed();

        Assert.StartsWith("SIP/2.0 486 Busy Here", saidToAgent.Received.Last(m => m.Method == "NOTIFY").Body);
        var call = await service.Process.EndedCallAsync(sipCallId);
        Assert.Equal("invite answered", call.Outcomes.First());
        Assert.Equal(("target", "hung_up"), (call.Ended["endedBy"], call.Ended["cause"]));
    }

    [Fact]
    public async Task The_agent_is_down_so_people_get_the_call()
    {
        await using var person = await service.TargetAsync("target-answers", second: true);
        await using var agent = await service.TargetAsync("target-unavailable");
        var (_, call) = await service.CallToTheEndAsync("call-answered", "+15550199");
        (await person.WaitAsync()).MustSucceed();

        Assert.Equal(2, call.Outcomes.Count());
        Assert.Equal("invite answered", call.Outcomes.Last());
    }

    [Fact]
    [Trait("RFC", "3515 §2.4.2")]
    public async Task A_phone_transfers_its_call_blindly_and_is_let_go()
    {
        await using var person = await service.TargetAsync("target-answers-then-hangs-up", second: true, pauseMs: 500);
        await using var agent = await service.TargetAsync("target-reinvited-once");
        await using var phone = await BaresipAgent.StartAsync();
        await phone.DialAsync($"sip:+15550199@{service.Process.SipAddress}");
        await phone.WaitForAsync("CALL_ESTABLISHED", TimeSpan.FromSeconds(30));
        await phone.CommandAsync("transfer", $"sip:+15550123@127.0.0.1:{service.Settings.SecondPort}");
        await phone.WaitForAsync("CALL_CLOSED", TimeSpan.FromSeconds(30));
        (await person.WaitAsync()).MustSucceed();
        (await agent.WaitAsync()).MustSucceed();

        var call = await service.Process.EndedCallAsync(phone.Events.First(e => e.Direction == "outgoing" && e.CallId.Length > 0).CallId);
        Assert.Equal(["invite answered", "invite answered"], call.Outcomes);
        Assert.Equal("caller", call.Only("refer_received")["leg"]);
        Assert.Equal("target", call.Ended["endedBy"]);
    }

    /// <summary>The sample's configuration, on free ports.</summary>
    public sealed class Service : EmbeddedService
    {
        internal override EventCallsSettings Configure(EventCallsSettings settings) => settings with
        {
            More = new Dictionary<string, string>
            {
                ["Routing__Logic"] = Path.Combine(AppContext.BaseDirectory, "VoiceAgent"),
                ["Trunks__agent__To__0"] = $"sip:127.0.0.1:{settings.TargetPort}",
                ["Trunks__agent__Refer"] = "carry_out",
                ["Trunks__agent__ReferEndpoint"] = "people",
                ["Trunks__people__To__0"] = $"sip:127.0.0.1:{settings.SecondPort}",
            },
        };

        /// <summary>Starts the agent, which refers to whom it is told.</summary>
        internal Task<SippRun> AgentAsync(string referTo) => SippRun.StartAsync(new SippOptions
        {
            Scenario = Scenarios.File("target-refers"),
            Port = Settings.TargetPort,
            PauseMs = 100,
            ReceiveTimeoutMs = 60_000,
            More = ["-key", "refer_to", referTo],
        });
    }
}
