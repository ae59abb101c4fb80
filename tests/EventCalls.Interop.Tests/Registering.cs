using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>Registration with a program that others wrote.</summary>
public sealed class Registering
{
    [Theory]
    [InlineData("udp", "u1")]
    [InlineData("tcp", "t1")]
    [Trait("RFC", "3261 §10.2")]
    public async Task SIPp_as_the_registrar_challenges_wants_more_time_is_refreshed_sends_a_call_and_is_left_at_SIGTERM(string transport, string sippTransport)
    {
        await using var registrar = await SippRun.StartAsync(new SippOptions { Scenario = Scenarios.File("registrar"), Transport = sippTransport, ReceiveTimeoutMs = 60_000 });
        string socket = Path.Combine(Path.GetTempPath(), $"eventcalls-{registrar.Port}.sock");
        await using var process = await EventCallsProcess.StartAsync(new EventCallsSettings
        {
            SipPort = FreePorts.Next(),
            TargetPort = FreePorts.Next(),
            SecondPort = FreePorts.Next(),
            More = new Dictionary<string, string>
            {
                ["Sip__Shards"] = "4",
                ["Health__Socket"] = socket,
                ["Trunks__home__UserName"] = "eventcalls",
                ["Trunks__home__Password"] = "secret",
                ["Trunks__home__Register__AddressOfRecord"] = "sip:alice@example.com",
                ["Trunks__home__Register__Registrar"] = $"sip:127.0.0.1:{registrar.Port};transport={transport}",
                ["Trunks__home__Register__ExpiresSeconds"] = "60",
            },
        });

        await process.UntilLoggedAsync($"The trunk home is registered as sip:alice@example.com at {transport}:127.0.0.1:{registrar.Port} until 20");
        // The refresh, after four fifths of two seconds.
        await Task.Delay(2_500);
        var (output, errors, _) = await process.CommandAsync("health");
        Assert.True(output.Contains($"home is registered at {transport}:127.0.0.1:{registrar.Port} until 20", StringComparison.Ordinal), output + errors);

        // The registrar's address calls in on the trunk, and not on the wider one.
        await SippRun.RunAsync(new SippOptions { Scenario = Scenarios.File("call-rejected-480"), Remote = process.SipAddress, Dial = "nobody", CallIdPrefix = "registered" });
        Assert.Equal("home", (await process.EndedCallAsync("registered-1@127.0.0.1")).Only("call_started")["trunk"]);

        Assert.Equal(0, await process.TerminateAsync());
        var result = (await registrar.WaitAsync()).MustSucceed();
        var asked = result.Received.Where(m => m.Method == "REGISTER").ToList();
        Assert.Equal(["60", "60", "90", "90", "0"], asked.Select(m => m.Header("Expires")));
        Assert.Equal(["1 REGISTER", "2 REGISTER", "3 REGISTER", "4 REGISTER", "5 REGISTER"], asked.Select(m => m.Header("CSeq")));
        Assert.Single(asked.Select(m => m.Header("Call-ID")).Distinct());
        Assert.All(asked, m => Assert.Contains("sip:alice@127.0.0.1:", m.Header("Contact"), StringComparison.Ordinal));
        Assert.Equal(["credentials true", "credentials of the refresh true"], result.Logged.Where(l => l.Contains("credentials", StringComparison.Ordinal)).Select(l => l.Trim()));
        Assert.DoesNotContain("secret", process.Describe(), StringComparison.Ordinal);
    }
}
