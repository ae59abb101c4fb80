using EventCalls.Replay.Audit;
using EventCalls.Simulation.Forks;
using EventCalls.Store;

namespace EventCalls.Host.Tests.Forks;

public sealed class StoredForkTests(DemoStore demo) : IClassFixture<DemoStore>
{
    [Theory]
    [InlineData(1, "nonsense", "inject: 'nonsense' is given; expected a SIP status from 300 to 699 such as 486 or 405, answer, ring, silence, no-notify, hangup, target-hangup or no-decision.")]
    [InlineData(1, "200", "inject: '200' is given; expected a SIP status")]
    [InlineData(1, "", "inject: '' is given; expected a SIP status")]
    [InlineData(0, null, "at: 0 is given, and the call has events 1 to ")]
    [InlineData(9999, "486", "at: 9999 is given, and the call has events 1 to ")]
    public async Task What_cannot_be_is_refused_by_its_name_before_anything_is_played(int at, string? inject, string problem)
    {
        await using var store = SqliteStore.Open(new StoreOptions { Sqlite = demo.Database });
        var call = await FirstAsync(store);

        var refused = await Assert.ThrowsAsync<ForkRefusedException>(
            () => StoredFork.PrepareAsync(store, call, at, inject, null, demo.Settings.Fork, demo.Settings.Lookups, TimeProvider.System, default));

        Assert.StartsWith(problem, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_its_end_a_call_is_not_played_on_and_from_before_it_is()
    {
        await using var store = SqliteStore.Open(new StoreOptions { Sqlite = demo.Database });
        var call = await FirstAsync(store);

        var refused = await Assert.ThrowsAsync<ForkRefusedException>(
            () => StoredFork.PrepareAsync(store, call, call.Events.Count, null, null, demo.Settings.Fork, demo.Settings.Lookups, TimeProvider.System, default));
        var play = await StoredFork.PrepareAsync(store, call, 1, null, null, demo.Settings.Fork, demo.Settings.Lookups, TimeProvider.System, default);

        Assert.StartsWith($"at: {call.Events.Count} is given, and there the call is over", refused.Message, StringComparison.Ordinal);
        Assert.True((await play(default)).IsSame);
    }

    private static async Task<CallHistory> FirstAsync(ICallStore store)
    {
        await foreach (var call in store.ReadCallsAsync(new CallQuery(), default))
            return call;
        throw new InvalidOperationException("There is no call.");
    }
}
