using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>Whole calls between peers that have IPv6 alone.</summary>
public sealed class OverIPv6 : IAsyncLifetime
{
    private const string Own = "::1";

    private readonly int _port = FreePorts.Next();
    private readonly int _targetPort = FreePorts.Next();
    private EventCallsProcess _service = null!;

    public async Task InitializeAsync() => _service = await EventCallsProcess.StartAsync(new EventCallsSettings
    {
        SipPort = _port,
        TargetPort = _targetPort,
        SecondPort = FreePorts.Next(),
        More = new Dictionary<string, string>
        {
            ["Sip__Listen__0"] = $"udp:[{Own}]:{_port}",
            ["Sip__Listen__1"] = $"tcp:[{Own}]:{_port}",
            ["Trunks__carrier__From__0"] = $"{Own}/128",
            ["Trunks__target__To__0"] = $"sip:[{Own}]:{_targetPort}",
            ["Trunks__second__To__0"] = $"sip:[{Own}]:{_targetPort}",
        },
    });

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Theory]
    [InlineData("u1")]
    [InlineData("t1")]
    [Trait("RFC", "5118 §4.5, 3261 §18.2.1")]
    public async Task A_bridged_call_is_answered_and_ended(string transport)
    {
        await using var target = await SippRun.StartAsync(Options("target-answers", "u1") with { Port = _targetPort });
        var call = await CallAsync("call-answered", "bridge", transport);
        (await target.WaitAsync()).MustSucceed();
        Assert.Equal(["invite answered"], call.Outcomes);
        Assert.StartsWith($"[{Own}]:", call.Only("call_started")["remoteEndPoint"], StringComparison.Ordinal);
        Assert.Contains($"@[{Own}]:{_targetPort}", call.Only("transfer_started")["target"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("u1")]
    [InlineData("t1")]
    [Trait("RFC", "5118 §4.5, 3515 §2.4.4")]
    public async Task A_referred_call_is_answered_referred_and_ended(string transport)
    {
        var call = await CallAsync("refer-answered", "refer", transport);
        Assert.Equal(["refer answered"], call.Outcomes);
        Assert.Equal("transferred", call.Ended["cause"]);
    }

    private static SippOptions Options(string scenario, string transport) =>
        new() { Scenario = Scenarios.File(scenario), Address = $"[{Own}]", Transport = transport };

    private async Task<CallStream> CallAsync(string scenario, string flow, string transport)
    {
        var result = await SippRun.RunAsync(Options(scenario, transport) with { Remote = $"[{Own}]:{_port}", Dial = flow });
        Assert.True(result.Succeeded, $"{result}\n{_service.Describe()}");
        string callId = result.Messages.First(m => m.Sent).Header("Call-ID")!;
        return (await _service.EndedCallAsync(callId)).MustBeWhole();
    }
}
