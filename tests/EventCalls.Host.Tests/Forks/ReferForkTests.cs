using EventCalls.Contracts;
using EventCalls.Routing.Lookups;
using EventCalls.Simulation.Forks;

namespace EventCalls.Host.Tests.Forks;

/// <summary>A call in which the target sent a REFER, played on: one of the demo's, as in the tests beside it.</summary>
public class ReferForkTests(DemoStore demo) : IClassFixture<DemoStore>
{
    [Fact]
    public async Task The_target_refers_again_and_what_comes_of_it_can_be_forked_itself()
    {
        await using var router = Fork.RouterFor(demo.Calls[0], demo.Settings.Fork, DemoStore.LogicFolder, new RecordedThenLiveLookups([], LookupTables.None), TimeProvider.System);
        await router.StartAsync(default);
        var call = demo.CallOf("sales", 1);
        var connected = call.Events.OfType<TransferCompleted>().Single();
        string person = call.Events.OfType<TransferStarted>().Single().Target.Replace("4200", "4300", StringComparison.Ordinal);
        var refer = new ReferReceived
        {
            EventId = Guid.CreateVersion7(),
            CallId = connected.CallId,
            CausationId = connected.EventId,
            OccurredAt = connected.OccurredAt.AddMilliseconds(500),
            Leg = "target",
            ReferTo = person,
            Target = person,
            Policy = ReferPolicy.CarryOut,
            Status = 202,
        };
        var referred = Recording.Of([.. call.Events.SkipLast(1), refer, call.Ended! with { OccurredAt = refer.OccurredAt.AddSeconds(1) }]);

        var result = await Fork.PlayAsync(referred, referred.NumberOf(refer.EventId), null, demo.Settings.Fork, router, default);

        Assert.Null(result.Mismatch);
        Assert.Equal(Requester.Target, result.Events.OfType<HandoffRequested>().Last().RequestedBy);
        Assert.Equal([connected.Outcome, TransferOutcome.Answered], result.Events.OfType<TransferCompleted>().Select(e => e.Outcome));
        Assert.Equal(person, result.Events.OfType<TransferStarted>().Last().Target);
        var again = Recording.Of(result.Events);
        for (int at = 1; at < again.Events.Count; at++)
        {
            var repeated = await Fork.PlayAsync(again, at, null, demo.Settings.Fork, router, default);
            Assert.True(
                repeated.Mismatch is null && repeated.IsSame,
                $"at {at}: {repeated.Mismatch}\n  {string.Join("\n  ", again.Events.Select(EventSignature.Of))}\nplayed\n  {string.Join("\n  ", repeated.Events.Select(EventSignature.Of))}");
        }
    }
}
