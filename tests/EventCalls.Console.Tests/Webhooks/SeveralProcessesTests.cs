using EventCalls.Marten;
using EventCalls.Store;
using EventCalls.Testing;

namespace EventCalls.Console.Tests.Webhooks;

/// <summary>Several processes with the same webhooks on one PostgreSQL.</summary>
public sealed class SeveralProcessesTests
{
    [Fact]
    public async Task One_at_a_time_tells_and_another_goes_on_where_it_ended()
    {
        await using var server = await PostgresServer.StartOwnAsync();
        await using var receiver = await Receiver.StartAsync();
        await using var one = await TellingStore.OpenAsync(MartenStore.Open(new StoreOptions { Postgres = server.ConnectionString }));
        await using var other = await TellingStore.OpenAsync(MartenStore.Open(new StoreOptions { Postgres = server.ConnectionString }));
        var options = TellingStore.To(receiver.Url, events: ["call_ended", "transfer_completed"]);
        var first = await one.StartAsync(options);
        other.Start(other.Log, options);
        await other.Log.LineAsync("Another process");
        receiver.Next(Receiver.Status(204), Receiver.Status(500));
        await one.AppendAsync(RecordedCalls.Referred(1).Events);
        string taken = (await receiver.ReceivedAsync()).Id;
        string failed = (await receiver.ReceivedAsync()).Id;
        Assert.NotEqual(taken, failed);
        await one.Log.LineAsync("did not take");
        other.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.False(receiver.HasMore);

        await first.DisposeAsync();
        await other.Store.AppendAsync([.. RecordedCalls.Referred(2).Events.Select(EventToAppend.Of)], default);
        other.Clock.Advance(TimeSpan.FromSeconds(10));
        await other.Log.LineAsync("This process tells");
        other.Clock.Advance(TimeSpan.FromSeconds(10));
        string[] ids = [(await receiver.ReceivedAsync()).Id, (await receiver.ReceivedAsync()).Id, (await receiver.ReceivedAsync()).Id];
        Assert.Contains(failed, ids);
        Assert.DoesNotContain(taken, ids);
        Assert.Equal(3, ids.Distinct().Count());
    }
}
