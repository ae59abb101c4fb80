using EventCalls.Contracts;
using EventCalls.Simulation.Live;
using EventCalls.Store;
using EventCalls.Terminal;

namespace EventCalls.Host.Tests.Demo;

public sealed class DemoScreenTests
{
    [Theory]
    [InlineData(99)]
    [InlineData(80)]
    public void A_line_keeps_its_width_whatever_is_in_it(int columns)
    {
        using var text = new StringWriter();
        var screen = new DemoScreen(Screen.On(text, columns));
        screen.Ended(CallStory.Of(Stored(RecordedCalls.ReferredThenBridged().Events))!);
        screen.Ended(CallStory.Of(Stored(new SampleCall(2, "caller-with-a-name-longer-than-any-number\u001b[2J", "").Events))!);
        screen.Ended(CallStory.Of(Stored(new SampleCall(3).Decided("a_flow_with_a_very_long_name", new Handoff { Method = HandoffMethod.Redirect, Contacts = ["sip:somebody-far-away@example.com"] }).Events))!);

        var lines = text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.Equal(columns == 99 ? 99 : 79, line.Length));
        Assert.Contains("vip_support invite +1222", lines[0]);
        Assert.Contains("answered", lines[0]);
        Assert.DoesNotContain('\u001b', text.ToString());
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
