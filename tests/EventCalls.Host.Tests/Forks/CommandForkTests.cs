using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Lookups;
using EventCalls.Simulation.Forks;

namespace EventCalls.Host.Tests.Forks;

/// <summary>A call that was told from outside what to do, played on.</summary>
public class CommandForkTests(DemoStore demo) : IClassFixture<DemoStore>
{
    [Theory]
    [InlineData(CommandKind.Handoff)]
    [InlineData(CommandKind.State)]
    [InlineData(CommandKind.Flow)]
    [InlineData(CommandKind.Hangup)]
    public async Task The_command_is_given_again_and_what_comes_of_it_can_be_forked_itself(CommandKind kind)
    {
        await using var router = Fork.RouterFor(demo.Calls[0], demo.Settings.Fork, DemoStore.LogicFolder, new RecordedThenLiveLookups([], LookupTables.None), TimeProvider.System);
        await router.StartAsync(default);
        var (steered, command) = Steered(kind);

        var result = await Fork.PlayAsync(steered, steered.NumberOf(command.EventId), null, demo.Settings.Fork, router, default);

        Assert.Null(result.Mismatch);
        var played = result.Events.OfType<CommandTaken>().Single();
        Assert.Equal((command.CommandId, kind, "anna"), (played.CommandId, played.Kind, played.By));
        Assert.Equal(kind == CommandKind.Hangup ? CallParty.Api : CallParty.Caller, kind == CommandKind.Hangup ? result.Events.OfType<CallEnded>().Single().EndedBy : CallParty.Caller);
        Assert.Equal(kind is CommandKind.Handoff or CommandKind.Flow ? 2 : 1, result.Events.OfType<TransferCompleted>().Count());
        Assert.Equal(kind is CommandKind.State or CommandKind.Flow, result.Events.OfType<StateChanged>().Any());
        await MustRepeatAsync(Recording.Of(result.Events), router);
    }

    [Theory]
    [InlineData(CommandKind.Handoff)]
    [InlineData(CommandKind.Flow)]
    public async Task What_fails_in_mid_call_leaves_the_two_talking_until_one_of_them_hangs_up_as_then(CommandKind kind)
    {
        await using var router = Fork.RouterFor(demo.Calls[0], demo.Settings.Fork, DemoStore.LogicFolder, new RecordedThenLiveLookups([], LookupTables.None), TimeProvider.System);
        await router.StartAsync(default);
        var (steered, command) = Steered(kind);

        var busy = await Fork.PlayAsync(steered, steered.NumberOf(command.EventId), new Injection(InjectionKind.Status, 486), demo.Settings.Fork, router, default);

        Assert.Null(busy.Mismatch);
        Assert.Equal(TransferOutcome.Busy, busy.Events.OfType<TransferFailed>().Last().Outcome);
        Assert.Equal(CallEndCause.HungUp, busy.Events.OfType<CallEnded>().Single().Cause);
        await MustRepeatAsync(Recording.Of(busy.Events), router);
    }

    [Fact]
    public async Task What_was_asked_of_the_recording_is_not_played_and_changes_nothing_else()
    {
        await using var router = Fork.RouterFor(demo.Calls[0], demo.Settings.Fork, DemoStore.LogicFolder, new RecordedThenLiveLookups([], LookupTables.None), TimeProvider.System);
        await router.StartAsync(default);
        var (steered, command) = Steered(CommandKind.Recording);
        foreach (int at in new[] { 1, steered.NumberOf(command.EventId) })
        {
            var result = await Fork.PlayAsync(steered, at, null, demo.Settings.Fork, router, default);

            Assert.Null(result.Mismatch);
            Assert.True(result.IsSame);
            Assert.Equal(CallEndCause.HungUp, result.Events.OfType<CallEnded>().Single().Cause);
        }
    }

    private (Recording Recording, CommandTaken Command) Steered(CommandKind kind)
    {
        var call = demo.CallOf("sales", 1);
        var connected = call.Events.OfType<TransferCompleted>().Single();
        var step = call.Events.OfType<HandoffRequested>().Last().Steps[^1];
        var command = new CommandTaken
        {
            EventId = Guid.CreateVersion7(),
            CallId = connected.CallId,
            CausationId = connected.EventId,
            OccurredAt = connected.OccurredAt.AddMilliseconds(500),
            CommandId = Guid.CreateVersion7(),
            Kind = kind,
            By = "anna",
            HandoffId = kind == CommandKind.Handoff ? Guid.CreateVersion7() : null,
            Recording = kind == CommandKind.Recording ? RecordingChange.Pause : null,
            Flow = kind == CommandKind.Flow ? call.Events.OfType<FlowSelected>().Last().Flow : null,
            After = kind == CommandKind.Flow ? call.Events.OfType<FlowSelected>().Last().EventId : null,
        };
        List<CallEvent> events = [.. call.Events.SkipLast(1), command];
        if (kind is CommandKind.State or CommandKind.Flow)
            events.Add(Stamped(command, new StateChanged { Changes = new Dictionary<string, JsonElement> { ["vip"] = JsonDocument.Parse("true").RootElement } }));
        if (kind == CommandKind.Handoff)
            events.Add(Stamped(command, new HandoffRequested { Node = call.Started.Node, HandoffId = command.HandoffId!.Value, Steps = [step], RequestedBy = Requester.Api }));
        events.Add(call.Ended! with { OccurredAt = command.OccurredAt.AddSeconds(kind == CommandKind.Hangup ? 0 : 5), EndedBy = kind == CommandKind.Hangup ? CallParty.Api : call.Ended.EndedBy, CausationId = command.EventId });
        return (Recording.Of(events), command);
    }

    private async Task MustRepeatAsync(Recording again, ForkRouter router)
    {
        for (int at = 1; at < again.Events.Count; at++)
        {
            var repeated = await Fork.PlayAsync(again, at, null, demo.Settings.Fork, router, default);
            Assert.True(
                repeated.Mismatch is null && repeated.IsSame,
                $"at {at}: {repeated.Mismatch}\n  {string.Join("\n  ", again.Events.Select(EventSignature.Of))}\nplayed\n  {string.Join("\n  ", repeated.Events.Select(EventSignature.Of))}");
        }
    }

    private static T Stamped<T>(CommandTaken cause, T e)
        where T : CallEvent => new EventStamp(Guid.CreateVersion7(), cause.CallId, cause.EventId, cause.OccurredAt).On(e);
}
