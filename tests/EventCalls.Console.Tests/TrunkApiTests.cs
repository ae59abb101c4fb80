using EventCalls.Contracts;

namespace EventCalls.Console.Tests;

public sealed class TrunkApiTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_trunk_is_shown_as_configured_and_as_each_node_has_it()
    {
        await using var console = await ServedStore.StartAsync(sources: given => given with { Trunks = [new TrunkObject("carrier", ["192.0.2.0/24"], [])] });
        foreach (var (node, stopping) in new[] { ("edge-1", false), ("edge-2", false), ("edge-3", true) })
            await console.Store.SaveHeartbeatAsync(Heartbeat(node, stopping), s_noon, default);

        var list = await console.Client.JsonAsync("/api/trunks");
        var trunks = list.GetProperty("trunks").EnumerateArray().ToList();
        Assert.Equal(["<pstn>", "carrier"], trunks.Select(t => t.GetProperty("name").GetString()));
        Assert.Equal("192.0.2.0/24", trunks[1].GetProperty("from")[0].GetString());
        var nodes = trunks[1].GetProperty("nodes").EnumerateArray().ToList();
        Assert.Equal(["edge-1", "edge-2"], nodes.Select(n => n.GetProperty("node").GetString()));
        Assert.Equal((3, 7), (nodes[0].GetProperty("callsActive").GetInt32(), nodes[0].GetProperty("refused").GetInt32()));
        Assert.False(nodes[0].GetProperty("servers")[0].GetProperty("isUp").GetBoolean());
        Assert.Equal("it answers 403", nodes[0].GetProperty("registration").GetProperty("problem").GetString());
        Assert.Equal("198.51.100.9", list.GetProperty("bans")[0].GetProperty("addresses")[0].GetString());

        var events = list.GetProperty("events").EnumerateArray().ToList();
        Assert.Equal(["trunk_up", "trunk_down"], events.Take(2).Select(e => e.GetProperty("type").GetString()));
        Assert.Equal(("carrier", "udp:192.0.2.7:5060", 1), (events[0].GetProperty("trunk").GetString(), events[0].GetProperty("server").GetString(), events[0].GetProperty("serversUp").GetInt32()));
        Assert.Equal(s_noon, events[0].GetProperty("downSince").GetDateTimeOffset());
        Assert.Equal("it answers OPTIONS with 503", events[1].GetProperty("reason").GetString());

        string page = await console.Client.GetStringAsync("/system");
        Assert.Contains("&lt;pstn&gt;", page, StringComparison.Ordinal);
        Assert.Contains("it answers OPTIONS with 503", page, StringComparison.Ordinal);
        Assert.Contains("not registered", page, StringComparison.Ordinal);
        Assert.Contains("198.51.100.9", page, StringComparison.Ordinal);
    }

    private static NodeHeartbeat Heartbeat(string node, bool stopping) => new()
    {
        Node = node,
        RunningSince = s_noon,
        At = s_noon,
        Stopping = stopping,
        Report = new NodeReport
        {
            TrunkEvents = node != "edge-1" ? [] :
            [
                new TrunkDown { EventId = Guid.NewGuid(), Node = node, Trunk = "carrier", Server = "udp:192.0.2.7:5060", OccurredAt = s_noon, ServersUp = 0, Servers = 1, Reason = "it answers OPTIONS with 503" },
                new TrunkUp { EventId = Guid.NewGuid(), Node = node, Trunk = "carrier", Server = "udp:192.0.2.7:5060", OccurredAt = s_noon.AddMinutes(1), ServersUp = 1, Servers = 1, DownSince = s_noon },
            ],
            Banned = 1,
            BannedAddresses = ["198.51.100.9"],
            Trunks =
            [
                new TrunkReport
                {
                    Name = "carrier", CallsActive = 3, MaxCalls = 3, Refused = 7, RefusedAt = s_noon, Servers = [new TrunkServerReport("udp:192.0.2.7:5060", false, s_noon)],
                    Registration = new RegistrationReport(false, null, null, "it answers 403"),
                },
                new TrunkReport { Name = "<pstn>" },
            ],
        },
    };
}
