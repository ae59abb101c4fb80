using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

public class StartAndStop : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eventcalls-interop-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task SIGTERM_drains_an_open_call_and_ends_with_0()
    {
        var settings = Settings();
        await using var service = await EventCallsProcess.StartAsync(settings);
        await using var target = await TargetAsync(settings);
        await using var caller = await CallerAsync(service, "call-answered-peer-hangs-up");
        await AnsweredAsync(service);

        Assert.Equal(0, await service.TerminateAsync());
        (await caller.WaitAsync()).MustSucceed();

        await using var again = await EventCallsProcess.StartAsync(settings);
        var call = await again.EndedCallAsync("open-1@127.0.0.1");
        Assert.Equal(("system", "node_stopped"), (call.Ended["endedBy"], call.Ended["cause"]));
    }

    [Theory]
    [InlineData(1)] // SIGHUP
    [InlineData(15)] // SIGTERM
    public async Task A_signal_drains_and_a_second_one_hangs_up_at_once_and_says_goodbye(int signal)
    {
        var settings = Settings() with { More = new Dictionary<string, string> { ["Calls__DrainSeconds"] = "600" } };
        await using var service = await EventCallsProcess.StartAsync(settings);
        await using var target = await TargetAsync(settings);
        await using var caller = await CallerAsync(service, "call-answered-peer-hangs-up");
        await AnsweredAsync(service);

        service.Signal(signal);
        await service.UntilLoggedAsync("Draining");
        Assert.False(service.Exited.IsCompleted);
        service.Signal(signal);

        Assert.Equal(0, await service.Exited.WaitAsync(TimeSpan.FromSeconds(60)));
        (await caller.WaitAsync()).MustSucceed();
        // Both goodbyes: the caller's BYE is in the scenario, the recorder's is in the store.
        var call = await service.EndedCallAsync("open-1@127.0.0.1");
        Assert.Equal(("system", "node_stopped"), (call.Ended["endedBy"], call.Ended["cause"]));
        Assert.True(await service.SaidGoodbyeAsync());
    }

    [Fact]
    public async Task A_call_that_was_open_when_the_node_died_is_closed_when_it_comes_back()
    {
        var settings = Settings();
        await using (var service = await EventCallsProcess.StartAsync(settings))
        {
            await using var target = await TargetAsync(settings);
            await using var caller = await CallerAsync(service, "call-answered-peer-hangs-up");
            await AnsweredAsync(service);
            await service.KillAsync();
        }

        await using var again = await EventCallsProcess.StartAsync(settings);
        var call = await again.EndedCallAsync("open-1@127.0.0.1");
        Assert.Equal(("system", "node_lost"), (call.Ended["endedBy"], call.Ended["cause"]));
    }

    [Fact]
    public async Task A_port_that_is_taken_stops_the_start_and_is_named()
    {
        var settings = Settings();
        await using var service = await EventCallsProcess.StartAsync(settings);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => EventCallsProcess.StartAsync(settings with { Node = "edge-2", Sqlite = Path.Combine(_folder, "other.db") }));

        Assert.Contains("ended with 2", error.Message);
        Assert.Contains($"127.0.0.1:{settings.SipPort}", error.Message);
    }

    [Theory]
    [InlineData("Sip__Lisen__0", "udp:127.0.0.1:0", "Lisen")]
    [InlineData("Trunks__carrier__From__0", "127.0.0.0/99", "127.0.0.0/99")]
    [InlineData("Trunks__target__To__0", "not a uri", "not a uri")]
    [InlineData("Routing__DeadlineMs", "soon", "DeadlineMs")]
    [InlineData("Calls__Answer", "maybe", "maybe")]
    public async Task A_wrong_key_or_value_stops_the_start_and_is_named(string key, string value, string named)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => EventCallsProcess.StartAsync(Settings() with { More = new Dictionary<string, string> { [key] = value } }));

        Assert.Contains("ended with 2", error.Message);
        Assert.Contains(named, error.Message);
    }

    private EventCallsSettings Settings() => new()
    {
        SipPort = FreePorts.Next(),
        TargetPort = FreePorts.Next(),
        SecondPort = FreePorts.Next(),
        Sqlite = Path.Combine(_folder, "calls.db"),
    };

    private static Task<SippRun> TargetAsync(EventCallsSettings settings) => SippRun.StartAsync(new SippOptions
    {
        Scenario = Scenarios.File("target-answers"),
        Port = settings.TargetPort,
    });

    private static Task<SippRun> CallerAsync(EventCallsProcess service, string scenario) => SippRun.StartAsync(new SippOptions
    {
        Scenario = Scenarios.File(scenario),
        Remote = service.SipAddress,
        Dial = "bridge",
        CallIdPrefix = "open",
    });

    private static Task AnsweredAsync(EventCallsProcess service) =>
        service.UntilStoredAsync("open-1@127.0.0.1", call => call.AnsweredAt is not null && call.Outcome is not null);
}
