using EventCalls.Contracts;
using EventCalls.Simulation.Live;
using EventCalls.Store;

namespace EventCalls.Simulation.Tests.Live;

public sealed class CallStoryTests
{
    [Fact]
    public void A_story_has_every_attempt_with_its_outcome_and_the_end()
    {
        var story = CallStory.Of(Stored(RecordedCalls.ReferredThenBridged().Events))!;

        Assert.Null(story.Flaw);
        Assert.Equal(
            [(HandoffMethod.Refer, TransferOutcome.NotAllowed, 403), (HandoffMethod.Invite, TransferOutcome.Answered, 200)],
            story.Attempts);
        Assert.Equal(CallEndCause.HungUp, story.Ended?.Cause);
        Assert.Equal("vip_support", story.Row.Flow);
    }

    [Fact]
    public void A_stream_with_an_effect_before_its_cause_is_flawed()
    {
        var events = RecordedCalls.ReferredThenBridged().Events.ToList();
        (events[1], events[2]) = (events[2], events[1]);
        Assert.Contains("handoff_requested, stands before its cause", CallStory.Of(Stored(events))!.Flaw);
    }

    [Fact]
    public void A_stream_that_goes_on_after_its_end_is_flawed()
    {
        var events = RecordedCalls.ReferredThenBridged().Events.ToList();
        events.Insert(events.Count - 1, events[^1] with { EventId = Guid.CreateVersion7() });
        Assert.Contains("comes after the end", CallStory.Of(Stored(events))!.Flaw);
    }

    [Fact]
    public void A_stream_with_a_hole_is_flawed()
    {
        var stored = Stored(RecordedCalls.ReferredThenBridged().Events);
        stored.RemoveAt(3);
        Assert.Contains("event 4 of the stream has version 5", CallStory.Of(stored)!.Flaw);
    }

    [Fact]
    public void A_stream_without_its_start_is_flawed()
    {
        var events = RecordedCalls.ReferredThenBridged().Events.Skip(1).ToList();
        Assert.Contains("call_started is the first event and no other", CallStory.Of(Stored(events))!.Flaw);
    }

    private static List<StoredEvent> Stored(IReadOnlyList<CallEvent> events) =>
    [
        .. events.Select((e, i) => new StoredEvent
        {
            Position = i + 1,
            CallId = e.CallId,
            Version = i + 1,
            EventId = e.EventId,
            Type = CallEventNames.Of(e),
            Data = EventToAppend.Of(e).Data,
        }),
    ];
}
