using EventCalls.Contracts;

namespace EventCalls.Store.Tests;

/// <summary>What the databases of version 1 hold: three REFER calls that a service of that version recorded, its logic and its node.</summary>
internal static class PastVersions
{
    private static readonly string[] s_types =
    [
        "call_started", "flow_selected", "handoff_requested", "transfer_started", "call_answered", "transfer_progressed", "transfer_progressed",
        "transfer_completed", "call_ended",
    ];

    /// <summary>Asserts that every event is read, and that each call's row is what its stream says.</summary>
    public static async Task MustBeReadAsync(ICallStore store, int calls, int events)
    {
        var rows = new List<CallRow>();
        int read = 0;
        await foreach (var call in store.ReadCallsAsync(new CallQuery(), default))
        {
            CallRow? row = null;
            foreach (var e in call.Events)
                row = CallProjection.Apply(row, e.Read(), e.Version);
            Assert.Equal(row, call.Call);
            rows.Add(call.Call);
            read += call.Events.Count;
        }
        Assert.Equal((calls, events), (rows.Count, read));
        Assert.Equal(calls, await store.RebuildProjectionAsync(default));
        Assert.Equal(rows, (await store.SearchAsync(new CallQuery { Limit = calls + 1 }, default)).Reverse());
        Assert.Equal(9, (await store.AppendAsync([.. new SampleCalls(1).Bridged().Select(EventToAppend.Of)], default)).Stored);
    }

    /// <summary>Brings the database up to date and asserts that all is there and can be gone on with; disposes of the store.</summary>
    public static async Task MustBeKeptAsync(ICallStore store)
    {
        await using (store)
        {
            await store.MigrateAsync(default);
            await store.MigrateAsync(default);
            await store.PingAsync(default);
            var calls = await store.SearchAsync(new CallQuery(), default);
            Assert.Equal(3, calls.Count);
            foreach (var call in calls)
            {
                Assert.Equal((HandoffMethod.Refer, TransferOutcome.Answered, "refer", 9L), (call.Handoff!.Value, call.Outcome!.Value, call.Flow, call.Version));
                var stream = await store.ReadStreamAsync(call.CallId, default);
                Assert.Equal(s_types, stream.Select(e => e.Type));
                Assert.All(stream, e => Assert.Equal(call.CallId, e.Read().CallId));
                Assert.NotNull(await store.FindLogicVersionAsync(call.LogicVersion!, default));
            }
            var node = Assert.Single(await store.ListNodesAsync(default));
            Assert.Equal(("edge-1", true), (node.Heartbeat.Node, node.Heartbeat.Stopping));
            Assert.Contains(node.Heartbeat.IntervalSeconds, (int[])[0, 5]);
            Assert.All(calls, call => Assert.InRange(call.DecisionMicroseconds!.Value, 1, 60_000_000));
            Assert.Equal(3, await store.RebuildProjectionAsync(default));
            Assert.Equal(calls, await store.SearchAsync(new CallQuery(), default));
            Assert.Empty(await store.FindDamageAsync(default));

            var heartbeat = node.Heartbeat with { At = node.Heartbeat.At.AddDays(1), IntervalSeconds = 5 };
            await store.SaveHeartbeatAsync(heartbeat, heartbeat.At, default);
            Assert.Equal(heartbeat, Assert.Single(await store.ListNodesAsync(default)).Heartbeat);
            Assert.Equal(9, (await store.AppendAsync([.. new SampleCalls(1).Bridged().Select(EventToAppend.Of)], default)).Stored);
        }
    }
}
