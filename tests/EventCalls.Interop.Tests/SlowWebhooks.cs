using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>Webhook logic that takes its time.</summary>
public class SlowWebhooks
{
    private const int Calls = 200;

    [Fact]
    public async Task Fifty_calls_a_second_are_decided_by_a_webhook_that_takes_a_second()
    {
        await using var webhook = new SlowWebhook(TimeSpan.FromSeconds(1));
        await using var service = await EventCallsProcess.StartAsync(new EventCallsSettings
        {
            SipPort = FreePorts.Next(),
            TargetPort = FreePorts.Next(),
            SecondPort = FreePorts.Next(),
            Webhook = webhook.Url,
            // Sixteen at a time would need twelve seconds for them all.
            More = new Dictionary<string, string> { ["Routing__DeadlineMs"] = "6000", ["Routing__Webhook__TimeoutMs"] = "5000" },
        });
        await using var traffic = await Traffic.StartAsync(service.SipAddress, "webhook", Calls, 50);

        var result = (await traffic.WaitAsync()).MustSucceed();

        var streams = await Traffic.MustBeOnRecordAsync(service, Traffic.Accepted(result), TimeSpan.FromMinutes(1));
        Assert.Equal(Calls, streams.Count);
        Assert.All(streams, s => Assert.Equal(["refer answered"], s.Outcomes));
    }
}
