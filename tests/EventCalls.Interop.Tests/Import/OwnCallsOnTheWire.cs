using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Import;

/// <summary>Calls of the running service, captured and imported: the import has to tell them as the service recorded them.</summary>
public class OwnCallsOnTheWire(EmbeddedService service) : IClassFixture<EmbeddedService>
{
    private static readonly (string Caller, string Flow, string? Target)[] s_calls =
    [
        ("call-answered", "bridge", "target-answers"),
        ("call-answered-peer-hangs-up", "bridge", "target-answers-then-hangs-up"),
        ("call-rejected-486", "bridge", "target-busy"),
        ("call-rejected-603", "bridge", "target-declined"),
        ("call-rejected-480", "bridge_briefly", "target-does-not-answer"),
        ("call-cancelled", "bridge", "target-does-not-answer"),
        ("call-early-media", "bridge", "target-early-media"),
        ("call-redirected-302", "redirect", null),
        ("call-rejected-486", "reject_486", null),
        ("refer-answered", "refer", null),
        ("refer-notify-486", "refer", null),
        ("refer-notify-before-202", "refer", null),
        ("refer-no-subscription", "refer", null),
        ("refer-refused-403", "refer", null),
        ("refer-challenged", "refer", null),
        ("refer-then-bye", "refer", null),
    ];

    [Theory]
    [InlineData("wire.pcapng", "u1")]
    [InlineData("wire.pcap", "t1")]
    public async Task What_the_wire_shows_is_what_was_recorded(string file, string transport)
    {
        await using var tap = await Wiretap.StartAsync(file, service.Settings.SipPort);
        var recorded = new Dictionary<string, CallStream>();
        foreach (var (scenario, flow, targetScenario) in s_calls)
        {
            // Some of the callers wait for what only UDP does, so over TCP those that are about transfers are enough.
            if (transport == "t1" && scenario is not ("call-answered" or "call-rejected-486" or "refer-answered" or "refer-notify-486"))
                continue;
            await using var target = targetScenario is null ? null : await service.TargetAsync(targetScenario);
            var (_, call) = await service.CallToTheEndAsync(scenario, flow, transport);
            recorded.Add(call.Only("call_started")["sipCallId"]!, call);
        }
        await tap.StopAsync();

        await using var store = new ImportedStore(service.Settings.Environment());
        var said = await store.ImportAsync(tap.File);
        Assert.True(said.GetProperty("problemCount").GetInt32() == 0, said.GetRawText());
        Assert.Equal(recorded.Count, said.GetProperty("imported").GetInt32());
        foreach (var imported in await store.CallsAsync())
        {
            var expected = recorded[imported.Only("call_started")["sipCallId"]!];
            Assert.True(Told(expected) == Told(imported), $"recorded:\n{Told(expected)}\nimported:\n{Told(imported)}\n{expected}\n{imported}");
        }
    }

    [Fact]
    public async Task A_phone_that_carries_out_a_REFER_makes_one_call_with_its_reports()
    {
        await using var agent = await BaresipAgent.StartAsync();
        await using var tap = await Wiretap.StartAsync("phone.pcapng", service.Settings.SipPort, agent.Port);
        await using var target = await service.TargetAsync("target-answers-then-hangs-up");
        await agent.DialAsync($"sip:refer_to_target@{service.Process.SipAddress}");
        await agent.WaitForAsync("CALL_ESTABLISHED", TimeSpan.FromSeconds(30), count: 2);
        (await target.WaitAsync()).MustSucceed();
        var recorded = await service.Process.EndedCallAsync(agent.Events.First(e => e.Direction == "outgoing" && e.CallId.Length > 0).CallId);
        await tap.StopAsync();

        await using var store = new ImportedStore(service.Settings.Environment());
        await store.ImportAsync(tap.File);
        var imported = Assert.Single(await store.CallsAsync());
        Assert.Equal(Told(recorded), Told(imported));
        Assert.Equal("phone.pcapng", imported.Only("call_started")["importedFrom"]);
    }

    [Fact]
    public async Task What_the_service_recorded_itself_is_not_imported_beside_it()
    {
        await using var tap = await Wiretap.StartAsync("again.pcapng", service.Settings.SipPort);
        await service.CallToTheEndAsync("call-redirected-302", "redirect");
        await tap.StopAsync();

        var (output, errors, exitCode) = await service.Process.CommandAsync("import", tap.File, "--json");
        Assert.True(exitCode == 0, errors);
        Assert.Contains("\"imported\":0,\"alreadyThere\":1", output, StringComparison.Ordinal);
    }

    /// <summary>What both have to say of a call: who called whom, where it was sent, with which headers, and what came of it.</summary>
    private static string Told(CallStream call)
    {
        var started = call.Only("call_started");
        var lines = new List<string> { $"{started["callerNumber"]} → {started["calleeNumber"]} on {started["trunk"]} over {started["transport"]}, {started["requestUri"]}, {started["headers"]}, {started["offeredMedia"]}" };
        // How a failed transfer is told to the caller is a decision of the service's, and on the wire only a response.
        bool hasTransfer = call.Events.Any(e => e.Type == "transfer_started" && e["method"] is "invite" or "refer");
        foreach (var e in call.Events)
        {
            if (e.Type == "transfer_started" && (!hasTransfer || e["method"] is "invite" or "refer"))
                lines.Add($"{e["method"]} {e["target"]} via {e["trunk"]} as {e["callerId"]} with {e["headersSent"]}");
            if (e.Type is "transfer_completed" or "transfer_failed" && (!hasTransfer || e["method"] is "invite" or "refer"))
                lines.Add($"{e["method"]} {e["outcome"]} {e["answeredBy"]}");
        }
        // The Reason of a BYE that the service sends is on the wire; it records the one it gets.
        lines.Add($"ended by {call.Ended["endedBy"]}: {call.Ended["cause"]} {call.Ended["status"]} {(call.Ended["endedBy"] == "system" ? null : call.Ended["reason"])}");
        return string.Join('\n', lines);
    }
}
