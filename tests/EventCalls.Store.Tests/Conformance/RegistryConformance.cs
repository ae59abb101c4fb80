using EventCalls.Contracts;

namespace EventCalls.Store.Tests.Conformance;

/// <summary>What is kept besides the streams: logic versions and nodes.</summary>
public abstract class RegistryConformance(ICallStoreFixture fixture) : ConformanceBase(fixture)
{
    private static readonly DateTimeOffset s_noon = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_version_of_routing_logic_is_kept_as_it_was_first_saved()
    {
        var version = new LogicVersionLoaded
        {
            Version = "sha256:" + new string('b', 64),
            LoadedAt = s_noon,
            Sources = [new LogicSource("a/Support.cs", "class A { /* ä \" \\ */ }\n"), new LogicSource("b.cs", "")],
        };
        await Store.SaveLogicVersionAsync(version, None);
        await Store.SaveLogicVersionAsync(version with { LoadedAt = s_noon.AddDays(1) }, None);

        var kept = await Store.FindLogicVersionAsync(version.Version, None);
        Assert.Equal(s_noon, kept?.LoadedAt);
        Assert.Equal(version.Sources, kept!.Sources);
        Assert.Null(await Store.FindLogicVersionAsync("sha256:none", None));
    }

    [Fact]
    public async Task The_newest_heartbeat_of_each_node_is_kept_and_when_one_was_last_received()
    {
        var first = new NodeHeartbeat { Node = "edge-1", RunningSince = s_noon, At = s_noon.AddSeconds(5), IntervalSeconds = 5 };
        var second = first with { At = s_noon.AddSeconds(10), Stopping = true };
        var other = first with { Node = "edge-0" };
        await Store.SaveHeartbeatAsync(first, s_noon.AddSeconds(6), None);
        await Store.SaveHeartbeatAsync(second, s_noon.AddSeconds(11), None);
        await Store.SaveHeartbeatAsync(first, s_noon.AddSeconds(12), None);
        await Store.SaveHeartbeatAsync(other, s_noon.AddSeconds(13), None);

        Assert.Equal(
            [new NodeStatus(other, s_noon.AddSeconds(13)), new NodeStatus(second, s_noon.AddSeconds(12))],
            await Store.ListNodesAsync(None));
    }

    [Fact]
    public async Task Of_a_node_that_comes_back_the_run_that_died_is_kept_and_one_that_said_goodbye_did_not_die()
    {
        var first = new NodeHeartbeat { Node = "edge-1", RunningSince = s_noon, At = s_noon.AddSeconds(5), IntervalSeconds = 5 };
        var second = first with { RunningSince = s_noon.AddMinutes(2), At = s_noon.AddMinutes(2) };
        var third = first with { RunningSince = s_noon.AddMinutes(4), At = s_noon.AddMinutes(4) };
        await Store.SaveHeartbeatAsync(first, s_noon.AddSeconds(6), None);
        Assert.Null(Assert.Single(await Store.ListNodesAsync(None)).Lost);

        await Store.SaveHeartbeatAsync(second, s_noon.AddMinutes(2), None);
        var lost = new LostRun(s_noon, s_noon.AddSeconds(6));
        Assert.Equal(new NodeStatus(second, s_noon.AddMinutes(2), lost), Assert.Single(await Store.ListNodesAsync(None)));
        // A late one of the run that died changes nothing.
        await Store.SaveHeartbeatAsync(first, s_noon.AddMinutes(2), None);
        await Store.SaveHeartbeatAsync(second with { At = s_noon.AddMinutes(3), Stopping = true }, s_noon.AddMinutes(3), None);
        await Store.SaveHeartbeatAsync(third, s_noon.AddMinutes(4), None);
        Assert.Equal(new NodeStatus(third, s_noon.AddMinutes(4), lost), Assert.Single(await Store.ListNodesAsync(None)));
    }

    [Fact]
    public async Task A_run_that_is_lost_is_kept_unless_the_node_was_heard_of_since_runs_anew_or_said_goodbye()
    {
        var first = new NodeHeartbeat { Node = "edge-1", RunningSince = s_noon, At = s_noon.AddSeconds(5), IntervalSeconds = 5 };
        await Store.SaveHeartbeatAsync(first, s_noon.AddSeconds(6), None);
        await Store.SaveLostAsync("edge-1", new LostRun(s_noon, s_noon.AddSeconds(1)), None);
        await Store.SaveLostAsync("edge-1", new LostRun(s_noon.AddDays(-1), s_noon.AddSeconds(6)), None);
        await Store.SaveLostAsync("edge-2", new LostRun(s_noon, s_noon.AddSeconds(6)), None);
        Assert.Null(Assert.Single(await Store.ListNodesAsync(None)).Lost);

        var lost = new LostRun(s_noon, s_noon.AddSeconds(6));
        await Store.SaveLostAsync("edge-1", lost, None);
        Assert.Equal(new NodeStatus(first, s_noon.AddSeconds(6), lost), Assert.Single(await Store.ListNodesAsync(None)));
        // Back with another run, it is the same run that was lost.
        var second = first with { RunningSince = s_noon.AddMinutes(2), At = s_noon.AddMinutes(2) };
        await Store.SaveHeartbeatAsync(second, s_noon.AddMinutes(2), None);
        Assert.Equal(new NodeStatus(second, s_noon.AddMinutes(2), lost), Assert.Single(await Store.ListNodesAsync(None)));
        await Store.SaveHeartbeatAsync(second with { At = s_noon.AddMinutes(3), Stopping = true }, s_noon.AddMinutes(3), None);
        await Store.SaveLostAsync("edge-1", new LostRun(s_noon.AddMinutes(2), s_noon.AddMinutes(3)), None);
        Assert.Equal(lost, Assert.Single(await Store.ListNodesAsync(None)).Lost);
    }

    [Fact]
    public async Task What_a_node_last_said_of_its_trunks_is_kept()
    {
        var first = new NodeHeartbeat
        {
            Node = "edge-1",
            RunningSince = s_noon,
            At = s_noon.AddSeconds(5),
            Report = new NodeReport
            {
                Banned = 1,
                BannedAddresses = ["192.0.2.9"],
                Trunks =
                [
                    new TrunkReport
                    {
                        Name = "carrier", CallsActive = 3, MaxCalls = 10, Refused = 2, RefusedAt = s_noon, Servers = [new TrunkServerReport("udp:192.0.2.7:5060", false, s_noon)],
                        Registration = new RegistrationReport(false, null, null, "it answers 403"),
                    },
                ],
            },
        };
        await Store.SaveHeartbeatAsync(first, s_noon.AddSeconds(6), None);
        var old = first with { At = s_noon, Report = null };
        await Store.SaveHeartbeatAsync(old, s_noon.AddSeconds(7), None);

        var kept = Assert.Single(await Store.ListNodesAsync(None));
        Assert.Equal(NodeReport.Write(first.Report), NodeReport.Write(kept.Heartbeat.Report));
        await Store.SaveHeartbeatAsync(old with { At = s_noon.AddSeconds(9) }, s_noon.AddSeconds(10), None);
        Assert.Null(Assert.Single(await Store.ListNodesAsync(None)).Heartbeat.Report);
    }

    [Fact]
    public async Task A_nodes_name_is_held_by_one_store_at_a_time_and_free_when_that_one_lets_it_go()
    {
        await using var another = OpenAnother();
        var (one, other) = ((INodeNames)Store, (INodeNames)another);
        var held = await one.TryHoldAsync("edge-1", None);
        await using var ofAnotherName = await other.TryHoldAsync("edge-2", None);

        Assert.NotNull(held);
        Assert.NotNull(ofAnotherName);
        Assert.Null(await other.TryHoldAsync("edge-1", None));
        Assert.False(held.Lost.IsCompleted);
        await held.DisposeAsync();

        await using var now = await other.TryHoldAsync("edge-1", None);
        Assert.NotNull(now);
        Assert.Null(await one.TryHoldAsync("edge-1", None));
    }
}
