using System.Globalization;
using System.Xml.Linq;
using EventCalls.Contracts;
using EventCalls.Replay.Audit.Diagrams;
using EventCalls.Store;

namespace EventCalls.Replay.Tests.Audit;

public class DiagramTests
{
    [Fact]
    public void Every_party_of_a_call_has_a_column_and_targets_stand_as_they_were_tried()
    {
        var diagram = Of(RecordedCalls.ReferredThenBridged());

        Assert.Equal([DiagramRole.Caller, DiagramRole.EventCalls, DiagramRole.Logic, DiagramRole.Target], diagram.Parties.Select(p => p.Role));
        Assert.Equal("+15551234567", diagram.Parties[0].Name);
        Assert.Equal("sip:+12222222@192.0.2.7:5060", diagram.Parties[3].Name);
        Assert.Equal(["0 > 1 INVITE", "1 > 2 CallStarted (bus)"], Arrows(diagram)[..2]);
        Assert.Contains("2 > 1 flow vip_support (bus)", Arrows(diagram));
        Assert.Contains("2 > 1 handoff: refer, invite (bus)", Arrows(diagram));
        Assert.Contains("1 > 3 INVITE", Arrows(diagram));
        Assert.Contains("3 > 1 180 Ringing", Arrows(diagram));
        Assert.Equal(["0 > 1 BYE", "1 > 3 BYE"], Arrows(diagram)[^2..]);
    }

    [Fact]
    public void A_target_that_hangs_up_is_heard_before_the_caller_hears_of_it()
    {
        var call = new SampleCall().Decided("vip", new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "1" })
            .Attempt(1, HandoffMethod.Invite, "sip:1@192.0.2.7").Answered("target").Answered("caller")
            .Completed(1, HandoffMethod.Invite, new SipEvidence { Source = "response", Status = 200, ReasonPhrase = "OK" }).Ended(CallParty.Target, CallEndCause.HungUp);

        Assert.Equal(["3 > 1 BYE", "1 > 0 BYE"], Arrows(Of(call))[^2..]);
    }

    [Fact]
    public void Names_of_neighbours_do_not_touch_however_long_they_are()
    {
        var call = new SampleCall().Decided("vip", new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "1" }, new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "2" })
            .Attempt(1, HandoffMethod.Invite, "sip:4100@192.0.2.17:50800").After(100).Failed(1, HandoffMethod.Invite, new SipEvidence { Source = "response", Status = 486, ReasonPhrase = "Busy Here" }, final: false)
            .Attempt(2, HandoffMethod.Invite, "sip:4900@192.0.2.18:50800");

        var names = XDocument.Parse(Draw(call, standsAlone: true)).Descendants().Where(e => e.Attribute("class")?.Value == "name")
            .Select(e => (Middle: double.Parse(e.Attribute("x")!.Value, CultureInfo.InvariantCulture), Half: 8.1 * e.Value.Length / 2)).ToList();

        Assert.Equal(5, names.Count);
        Assert.All(names.Zip(names.Skip(1)), pair => Assert.True(pair.First.Middle + pair.First.Half < pair.Second.Middle - pair.Second.Half));
    }

    [Fact]
    public void A_second_target_has_a_column_of_its_own_and_what_it_says_stands_there()
    {
        var busy = new SipEvidence { Source = "response", Status = 486, ReasonPhrase = "Busy Here" };
        var call = new SampleCall().Decided("vip", new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "1" }, new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "2" })
            .Attempt(1, HandoffMethod.Invite, "sip:1@192.0.2.7").After(100).Failed(1, HandoffMethod.Invite, busy, final: false)
            .Attempt(2, HandoffMethod.Invite, "sip:2@192.0.2.8").After(100).Progress(2, "response", 183, "SIP/2.0 183 Session Progress");

        var diagram = Of(call);

        Assert.Equal(["sip:1@192.0.2.7", "sip:2@192.0.2.8"], diagram.Parties.Where(p => p.Role == DiagramRole.Target).Select(p => p.Name));
        Assert.Contains("3 > 1 486 Busy Here", Arrows(diagram));
        Assert.Contains("1 > 4 INVITE", Arrows(diagram));
        Assert.Contains("4 > 1 183 Session Progress", Arrows(diagram));
    }

    [Fact]
    public void A_handoff_by_the_API_comes_from_a_column_of_its_own()
    {
        var diagram = Of(RecordedCalls.Open().HandedOff(Requester.Api, new Handoff { Method = HandoffMethod.Bye }));

        Assert.Equal(DiagramRole.Api, diagram.Parties[1].Role);
        Assert.Equal("1 > 2 handoff: bye (bus)", Arrows(diagram)[^1]);
    }

    [Fact]
    public void An_event_that_cannot_be_read_is_a_row_that_says_so()
    {
        var events = Stored(RecordedCalls.Open()).ToList();
        events.Add(new StoredEvent { Position = 99, CallId = events[0].CallId, Version = 99, EventId = default, Type = "call_parked", Data = "{}"u8.ToArray() });

        var row = CallDiagram.Of(events).Rows[^1];

        Assert.Empty(row.Arrows);
        Assert.Contains("another program's event", row.Words[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_picture_is_well_formed_whatever_a_header_says_and_has_a_row_for_each_event(bool standsAlone)
    {
        const string Evil = "sip:\"><script>alert(1)</script>&\u001b[31m@192.0.2.7";
        var call = new SampleCall(caller: "<img src=x onerror=alert(1)>").Decided("a\"b", new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "1" })
            .Attempt(1, HandoffMethod.Invite, Evil).Progress(1, "response", 180, "SIP/2.0 180 <b>Ring</b>");

        var svg = XDocument.Parse(Draw(call, standsAlone));

        Assert.Equal(call.Events.Count, svg.Descendants().Count(e => e.Attribute("data-event") is not null));
        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName is "script" or "img" or "b");
        Assert.DoesNotContain('\u001b', svg.ToString());
        Assert.Equal(standsAlone, svg.Descendants().Any(e => e.Name.LocalName == "style"));
    }

    [Fact]
    public void Idle_time_is_pressed_together_and_said()
    {
        string drawn = Draw(RecordedCalls.ReferredThenBridged(), standsAlone: true);
        var svg = XDocument.Parse(drawn);

        Assert.Contains("31.0 s", drawn, StringComparison.Ordinal);
        double[] places = [.. svg.Descendants().Where(e => e.Attribute("class")?.Value == "hit").Select(e => double.Parse(e.Attribute("y")!.Value, CultureInfo.InvariantCulture))];
        // Half a minute of talking takes no more room than three events that follow each other, and more than one.
        Assert.InRange(places[^1] - places[^2], 40, 3 * 34);
    }

    private static string Draw(SampleCall call, bool standsAlone)
    {
        using var output = new StringWriter();
        DiagramSvg.Write(Of(call), output, "A call", standsAlone);
        return output.ToString();
    }

    private static string[] Arrows(CallDiagram diagram) =>
        [.. diagram.Rows.SelectMany(r => r.Arrows).Select(a => $"{a.From} > {a.To} {a.Label}{(a.IsSip ? "" : " (bus)")}")];

    private static CallDiagram Of(SampleCall call) => CallDiagram.Of(Stored(call));

    private static IReadOnlyList<StoredEvent> Stored(SampleCall call) =>
    [
        .. call.Events.Select((e, i) => new StoredEvent
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
