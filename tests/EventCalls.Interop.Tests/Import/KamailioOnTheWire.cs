using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Import;

/// <summary>Calls that a proxy passed on: the same Call-ID at two hops.</summary>
public class KamailioOnTheWire
{
    [Theory]
    [InlineData("call-answered", "target-answers", "answered", "caller", "hung_up")]
    [InlineData("call-answered-peer-hangs-up", "target-answers-then-hangs-up", "answered", "target", "hung_up")]
    [InlineData("call-rejected-486", "target-busy", "busy", "system", "rejected")]
    [InlineData("call-cancelled", "target-does-not-answer", "caller_hung_up", "caller", "cancelled")]
    public async Task A_call_that_was_passed_on_is_one_call_with_one_handoff(string caller, string target, string outcome, string endedBy, string cause)
    {
        int targetPort = FreePorts.Next();
        await using var proxy = await KamailioProxy.StartAsync(targetPort);
        await using var tap = await Wiretap.StartAsync("proxy.pcapng", proxy.Port);
        await using var answering = await SippRun.StartAsync(new SippOptions { Scenario = Scenarios.File(target), Port = targetPort });
        var result = await SippRun.RunAsync(new SippOptions { Scenario = Scenarios.File(caller), Remote = $"127.0.0.1:{proxy.Port}", CallIdPrefix = "relayed" });
        Assert.True(result.Succeeded, $"{result}\n{answering.Describe()}\n{proxy.Describe()}");
        await answering.WaitAsync();
        await tap.StopAsync();

        await using var store = new ImportedStore(new Dictionary<string, string?>());
        var said = await store.ImportAsync(tap.File, "--trunk", "pbx");
        // The target that is cancelled answers without the proxy's Via, and that is said to be no SIP.
        int unreadable = caller == "call-cancelled" ? 1 : 0;
        Assert.True(said.GetProperty("problemCount").GetInt32() <= unreadable, said.GetRawText());
        var call = Assert.Single(await store.CallsAsync());
        Assert.Equal([$"invite {outcome}"], call.Outcomes);
        var handoff = call.Only("handoff_requested");
        Assert.Equal("import", handoff["requestedBy"]);
        Assert.Contains("\"phoneNumber\":\"4100\"", handoff["steps"], StringComparison.Ordinal);
        Assert.Contains("X-Routed-By", handoff["steps"], StringComparison.Ordinal);
        Assert.DoesNotContain("X-Customer-ID", handoff["steps"], StringComparison.Ordinal);
        Assert.Equal($"sip:4100@127.0.0.1:{targetPort}", call.Only("transfer_started")["target"]);
        Assert.Equal(("pbx", "+15550001111"), (call.Only("call_started")["trunk"], call.Only("call_started")["callerNumber"]));
        Assert.Equal((endedBy, cause), (call.Ended["endedBy"], call.Ended["cause"]));
    }
}
