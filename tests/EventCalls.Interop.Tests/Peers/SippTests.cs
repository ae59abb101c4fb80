using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Peers;

/// <summary>The scenarios against one another, without EventCalls: what they expect of it is what two peers do.</summary>
public class SippTests
{
    public static TheoryData<string, string, string> Pairs
    {
        get
        {
            (string Caller, string Target, string More)[] pairs =
            [
                ("call-answered", "target-answers", ""),
                ("call-answered-peer-hangs-up", "target-answers-then-hangs-up", ""),
                ("call-early-media", "target-early-media", ""),
                ("call-without-offer", "target-answers-without-offer", ""),
                ("call-cancelled", "target-does-not-answer", ""),
                ("call-rejected-486", "target-busy", ""),
                ("call-rejected-603", "target-declined", ""),
                ("call-rejected-404", "target-not-found", ""),
                ("call-rejected-503", "target-unavailable", ""),
                ("call-holds", "target-reinvited", ""),
                ("call-updates", "target-updated", ""),
                ("call-reinvited", "target-reinvites", ""),
                ("call-loses-200", "target-answers", "-nr"),
                ("call-loses-ack", "target-answers", "-nr"),
                ("call-loses-486", "target-busy", "-nr"),
            ];
            var data = new TheoryData<string, string, string>();
            foreach (var (caller, target, more) in pairs)
                data.Add(caller, target, more);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_calling_scenario_and_its_target_agree(string caller, string target, string more)
    {
        await using var called = await SippRun.StartAsync(new SippOptions { Scenario = Scenarios.File(target) });
        var calling = await SippRun.RunAsync(new SippOptions
        {
            Scenario = Scenarios.File(caller),
            Remote = $"127.0.0.1:{called.Port}",
            More = more.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        });
        calling.MustSucceed();
        (await called.WaitAsync()).MustSucceed();
    }

    [Fact]
    public async Task They_agree_over_TCP()
    {
        await using var called = await SippRun.StartAsync(new SippOptions { Scenario = Scenarios.File("target-answers"), Transport = "t1" });
        var calling = await SippRun.RunAsync(new SippOptions
        {
            Scenario = Scenarios.File("call-answered"),
            Remote = $"127.0.0.1:{called.Port}",
            Transport = "t1",
        });
        Assert.Equal(1, calling.MustSucceed().Successful);
        (await called.WaitAsync()).MustSucceed();
    }

    [Fact]
    public async Task A_result_holds_counts_messages_and_what_the_scenario_logged()
    {
        await using var called = await SippRun.StartAsync(new SippOptions { Scenario = Scenarios.File("target-answers"), Calls = 3 });
        var calling = await SippRun.RunAsync(new SippOptions
        {
            Scenario = Scenarios.File("call-answered"),
            Remote = $"127.0.0.1:{called.Port}",
            Calls = 3,
            Dial = "+4930123456",
            Caller = "+15550009999",
            CallIdPrefix = "counted",
        });
        var target = await called.WaitAsync();
        Assert.Equal(3, calling.MustSucceed().Successful);
        Assert.Equal(3, target.MustSucceed().Successful);
        var invite = target.Received.First(m => m.Method == "INVITE");
        Assert.StartsWith("INVITE sip:+4930123456@127.0.0.1:", invite.StartLine);
        Assert.Equal("counted-1@127.0.0.1", invite.Header("call-id"));
        Assert.Equal("INVITE", calling.Received.First(m => m.Status == 180).CSeqMethod);
        Assert.StartsWith("v=0", invite.Body);
        Assert.Contains(target.Logged, line => line.Contains("X-Customer-ID: 4711", StringComparison.Ordinal));
        Assert.Contains(target.Logged, line => line.Contains("sip:+15550009999@127.0.0.1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_call_that_goes_otherwise_fails_and_the_message_says_why()
    {
        await using var called = await SippRun.StartAsync(new SippOptions { Scenario = Scenarios.File("target-busy") });
        var calling = await SippRun.RunAsync(new SippOptions
        {
            Scenario = Scenarios.File("call-answered"),
            Remote = $"127.0.0.1:{called.Port}",
        });
        Assert.Equal(1, calling.ExitCode);
        Assert.Equal(1, calling.Failed);
        var error = Assert.Throws<InvalidOperationException>(() => calling.MustSucceed());
        Assert.Contains("486", error.Message);
    }

    [Fact]
    public async Task A_call_to_nobody_fails_in_time()
    {
        var calling = await SippRun.RunAsync(new SippOptions
        {
            Scenario = Scenarios.File("call-answered"),
            Remote = $"127.0.0.1:{FreePorts.Next()}",
            ReceiveTimeoutMs = 500,
            Timeout = TimeSpan.FromSeconds(10),
        });
        Assert.False(calling.Succeeded);
    }
}
