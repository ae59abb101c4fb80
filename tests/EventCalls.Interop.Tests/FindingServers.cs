using EventCalls.Contracts;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>A carrier that is known by its domain: dnsmasq has its records, SIPp is its servers.</summary>
public sealed class FindingServers : IAsyncLifetime
{
    private readonly int _first = FreePorts.Next();
    private readonly int _second = FreePorts.Next();
    private readonly int _last = FreePorts.Next();
    private NameServer _names = null!;
    private EventCallsProcess? _process;

    /// <inheritdoc/>
    public async Task InitializeAsync() => _names = await NameServer.StartAsync(
    [
        "host-record=a.carrier.test,b.carrier.test,127.0.0.1",
        // Shares of 75 and 25, and one that is for when both have failed.
        $"srv-host=_sip._udp.shared.test,a.carrier.test,{_first},10,75",
        $"srv-host=_sip._udp.shared.test,b.carrier.test,{_second},10,25",
        $"srv-host=_sip._udp.shared.test,b.carrier.test,{_last},20,100",
        $"srv-host=_sip._udp.ordered.test,a.carrier.test,{_first},10,0",
        $"srv-host=_sip._udp.ordered.test,b.carrier.test,{_second},20,0",
        // TLS first, which is not listened on here, then TCP, then UDP.
        "naptr-record=chosen.test,10,10,s,SIPS+D2T,,_sips._tcp.chosen.test",
        "naptr-record=chosen.test,20,10,s,SIP+D2T,,_sip._tcp.elsewhere.test",
        "naptr-record=chosen.test,30,10,s,SIP+D2U,,_sip._udp.ordered.test",
        $"srv-host=_sip._tcp.elsewhere.test,a.carrier.test,{_last},10,0",
    ]);

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        await _names.DisposeAsync();
    }

    [Fact]
    [Trait("RFC", "2782")]
    public async Task A_hundred_calls_go_to_the_servers_of_a_domain_by_priority_and_weight()
    {
        await StartAsync("sip:shared.test");
        await using var first = await TargetAsync(_first);
        await using var second = await TargetAsync(_second);
        await using var last = await TargetAsync(_last);

        var callers = await SippRun.RunAsync(new SippOptions
        {
            Scenario = Scenarios.File("call-rejected-486"),
            Remote = _process!.SipAddress,
            Dial = "bridge",
            Calls = 100,
            Rate = 50,
        });

        Assert.Equal(100, callers.MustSucceed().Successful);
        int[] shares = [(await first.FinishAsync()).Successful, (await second.FinishAsync()).Successful, (await last.FinishAsync()).Successful];
        Assert.Equal(100, shares.Sum());
        // Of 75 on average, 15 more or less come about once in two thousand runs.
        Assert.InRange(shares[0], 60, 90);
        Assert.Equal(0, shares[2]);
    }

    [Theory]
    [Trait("RFC", "3263 §4.3")]
    [Trait("RFC", "3261 §18.4")]
    [InlineData("1")]
    [InlineData("4")]
    public async Task The_first_server_is_dead_and_the_second_gets_the_call_at_once(string shards)
    {
        await StartAsync("sip:ordered.test", new() { ["Sip__Shards"] = shards });
        await using var second = await TargetAsync(_second);

        var (_, failed) = await CallAsync("call-rejected-486", "dead-1");

        Assert.Equal(["invite unreachable", "invite busy"], failed.Outcomes.Take(2));
        Assert.Contains("is unreachable (ICMP)", failed.Events.First(e => e.Type == "transfer_failed")["evidence.reasonPhrase"], StringComparison.Ordinal);

        // The next call knows.
        var (_, next) = await CallAsync("call-rejected-486", "dead-2");
        Assert.Equal("invite busy", next.Outcomes.First());
    }

    [Fact]
    [Trait("RFC", "3263 §4.1")]
    public async Task NAPTR_chooses_the_transport()
    {
        await StartAsync("sip:chosen.test");
        await using var overTcp = await TargetAsync(_last, "t1");

        var (_, call) = await CallAsync("call-rejected-486", "chosen");

        Assert.Equal("invite busy", call.Outcomes.First());
        Assert.Equal(1, (await overTcp.FinishAsync()).Successful);
    }

    [Fact]
    [Trait("RFC", "2308 §5")]
    public async Task A_domain_that_does_not_exist_makes_the_call_unreachable_and_the_evidence_says_so()
    {
        await StartAsync("sip:nowhere.test");

        var (_, call) = await CallAsync("call-rejected-502", "nowhere");

        Assert.Equal("invite unreachable", call.Outcomes.First());
        string? evidence = call.Events.First(e => e.Type == "transfer_failed")["evidence.reasonPhrase"];
        Assert.Contains("host not found: nowhere.test: NAPTR: no such name, SRV of _sip._udp.nowhere.test: no such name", evidence, StringComparison.Ordinal);

        var (output, _, exitCode) = await _process!.CommandAsync("doctor", "--json");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("no server of sip:nowhere.test was found (nowhere.test: NAPTR: no such name", output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("RFC", "3261 §11.1")]
    public async Task A_server_that_does_not_answer_OPTIONS_is_said_to_be_down_by_the_log_and_by_health()
    {
        string socket = Path.Combine(Path.GetTempPath(), $"eventcalls-{_first}.sock");
        await StartAsync("sip:ordered.test", new() { ["Trunks__target__HealthSeconds"] = "1", ["Health__Socket"] = socket });
        await using var second = await SippRun.StartAsync(new SippOptions { Scenario = Scenarios.File("target-options"), Port = _second, Calls = 1_000, ReceiveTimeoutMs = 60_000 });

        await _process!.UntilLoggedAsync($"The server udp:127.0.0.1:{_first} of the trunk target is down: it does not answer OPTIONS; it is tried last");

        var (output, errors, _) = await _process.CommandAsync("health");
        Assert.True(output.Contains($"target udp:127.0.0.1:{_first} since", StringComparison.Ordinal), output + errors);
    }

    [Fact]
    [Trait("RFC", "3261 §11.1")]
    public async Task A_server_that_goes_away_and_returns_is_an_event_each_on_record_and_doctor_says_which_is_down()
    {
        await using var peer = await OptionsPeerAsync();
        await StartAsync($"sip:127.0.0.1:{_first}", new() { ["Trunks__target__HealthSeconds"] = "1" });
        await peer.DisposeAsync();

        await _process!.UntilLoggedAsync($"The server udp:127.0.0.1:{_first} of the trunk target is down");
        var down = await EventAsync<TrunkDown>();
        Assert.Equal(("target", 0, 1), (down.Trunk, down.ServersUp, down.Servers));
        var (output, errors, _) = await _process.CommandAsync("doctor", "--json");
        Assert.True(output.Contains($"target: udp:127.0.0.1:{_first} went down at", StringComparison.Ordinal), output + errors);

        await using var returned = await OptionsPeerAsync();
        await _process.UntilLoggedAsync($"The server udp:127.0.0.1:{_first} of the trunk target is up again");
        Assert.Equal((DateTimeOffset?)down.OccurredAt, (await EventAsync<TrunkUp>()).DownSince);
        Assert.Equal(["trunk_down", "trunk_up"], (await _process.TrunkEventsAsync()).Select(e => e.TypeName));
    }

    private Task<SippRun> OptionsPeerAsync() => SippRun.StartAsync(new SippOptions { Scenario = Scenarios.File("target-options"), Port = _first, Calls = 1_000, ReceiveTimeoutMs = 60_000 });

    // It is recorded a moment after it is logged.
    private async Task<T> EventAsync<T>()
        where T : TrunkEvent
    {
        while (true)
        {
            if ((await _process!.TrunkEventsAsync()).OfType<T>().LastOrDefault() is { } found)
                return found;
            await Task.Delay(50);
        }
    }

    private async Task StartAsync(string to, Dictionary<string, string>? more = null) => _process = await EventCallsProcess.StartAsync(new EventCallsSettings
    {
        SipPort = FreePorts.Next(),
        SecondPort = FreePorts.Next(),
        More = new Dictionary<string, string>(more ?? []) { ["Trunks__target__To__0"] = to, ["Sip__NameServers__0"] = _names.Address },
    });

    private static Task<SippRun> TargetAsync(int port, string transport = "u1") => SippRun.StartAsync(new SippOptions
    {
        Scenario = Scenarios.File("target-busy"),
        Port = port,
        Transport = transport,
        Calls = 1_000,
        ReceiveTimeoutMs = 60_000,
    });

    private async Task<(SippResult Result, CallStream Stream)> CallAsync(string scenario, string prefix)
    {
        var result = await SippRun.RunAsync(new SippOptions { Scenario = Scenarios.File(scenario), Remote = _process!.SipAddress, Dial = "bridge", CallIdPrefix = prefix });
        if (!result.Succeeded)
            Assert.Fail($"{scenario}: {result}\n{await _process.CallAsync($"{prefix}-1@127.0.0.1")}\n{_process.Describe()}");
        return (result, await _process.EndedCallAsync($"{prefix}-1@127.0.0.1"));
    }
}
