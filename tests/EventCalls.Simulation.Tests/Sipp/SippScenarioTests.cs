using System.Xml.Linq;
using EventCalls.Contracts;
using EventCalls.Simulation.Forks;
using EventCalls.Simulation.Sipp;

namespace EventCalls.Simulation.Tests.Sipp;

/// <summary>Recorded calls as SIPp scenarios. That they play is shown against the running service elsewhere.</summary>
public class SippScenarioTests
{
    [Fact]
    public void The_recorded_INVITE_keeps_its_headers_but_for_those_SIPp_makes_itself()
    {
        var invite = InviteOf(Recorded(
            new SipHeader("Via", "SIP/2.0/UDP 192.0.2.1"), new SipHeader("f", "\"Bob [1]\" <sip:+15551234567@192.0.2.1>;tag=9"), new SipHeader("To", "<sip:+15557654321@198.51.100.5>"),
            new SipHeader("i", "abc"), new SipHeader("Max-Forwards", "12"), new SipHeader("Record-Route", "<sip:192.0.2.9;lr>"), new SipHeader("Authorization", "Digest response=\"redacted\""),
            new SipHeader("X-Tier", "gold"), new SipHeader("X-Tier", "twice"), new SipHeader("Content-Type", "application/sdp")));

        Assert.Contains("From: \"Bob \\x5b1\\x5d\" <sip:+15551234567@192.0.2.1>;tag=[pid]c[call_number]", invite);
        Assert.Equal(["X-Tier: gold", "X-Tier: twice"], invite.Where(l => l.StartsWith("X-Tier", StringComparison.Ordinal)));
        Assert.Contains("Max-Forwards: 12", invite);
        Assert.DoesNotContain(invite, l => l.Contains("192.0.2.9", StringComparison.Ordinal) || l.StartsWith("Authorization", StringComparison.Ordinal) || l.StartsWith("i:", StringComparison.Ordinal) || l.Contains("tag=9", StringComparison.Ordinal));
        // Nothing was offered, so nothing is described.
        Assert.DoesNotContain(invite, l => l.StartsWith("Content-Type", StringComparison.Ordinal));
        Assert.Equal("INVITE sip:+15557654321@[remote_ip]:[remote_port] SIP/2.0", invite[0]);
    }

    [Theory]
    [InlineData("[call_id]", "\\x5bcall_id\\x5d")]
    [InlineData("]]>", "\\x5d\\x5d>")]
    [InlineData("a\\x41b", "a\\x5cx41b")]
    [InlineData("say \\\"hi\\\"", "say \\\"hi\\\"")]
    [InlineData("a\r\nb", "a  b")]
    public void What_SIPp_would_act_on_is_written_so_that_it_does_not(string text, string written) => Assert.Equal(written, SippText.Of(text));

    [Fact]
    public void A_header_cannot_end_the_message_it_stands_in()
    {
        var recording = Recorded(new SipHeader("X-Evil", "]]></send><exec command=\"reboot\"/>"), new SipHeader("From", "<sip:1@a>"));

        var xml = XDocument.Parse(CallerScenario.Of(recording, 4000));

        Assert.DoesNotContain(xml.Descendants(), e => e.Name.LocalName == "exec");
        Assert.Contains(InviteOf(recording), l => l.StartsWith("X-Evil: \\x5d\\x5d></send>", StringComparison.Ordinal));
    }

    [Fact]
    public void An_endpoint_that_was_dialled_twice_does_each_time_what_it_did_then()
    {
        var call = new SampleCall()
            .Decided("sales", Invite("1"), Invite("2"))
            .Attempt(1, HandoffMethod.Invite, "sip:1@192.0.2.7", "pstn")
            .After(250)
            .Failed(1, HandoffMethod.Invite, new SipEvidence { Source = "response", Status = 486, ReasonPhrase = "Busy Here" }, final: false)
            .Attempt(2, HandoffMethod.Invite, "sip:2@192.0.2.7", "pstn")
            .After(700)
            .Answered("target").Answered("caller")
            .Completed(2, HandoffMethod.Invite, new SipEvidence { Source = "response", Status = 200, ReasonPhrase = "OK" })
            .After(5000)
            .Ended(CallParty.Target, CallEndCause.HungUp);
        var recording = Recording.Of(call.Events);

        var endpoint = Assert.Single(SippEndpoint.Of(recording));
        var steps = XDocument.Parse(TargetScenario.Of(endpoint, recording, 4000)).Root!.Elements().Select(Step).OfType<string>();

        Assert.Equal(
            [
                "recv INVITE", "nop attempt_2", "100 Trying", "pause 250", "486 Busy Here", "recv ACK", "nop over",
                "label attempt_2", "100 Trying", "pause 700", "200 OK", "recv ACK", "pause 5000", "BYE", "recv 200", "label over", "nop ",
            ],
            steps);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_caller_who_left_while_being_connected_hears_the_offer_and_hangs_up_without_an_answer(bool targetAnswered)
    {
        var call = new SampleCall();
        call.After(1).Then(Draft.Answered("caller", Guid.NewGuid()) with { HandoffId = null });
        call.Decided("sales", Invite("1")).Attempt(1, HandoffMethod.Invite, "sip:1@192.0.2.7", "pstn").After(250);
        if (targetAnswered)
            call.Answered("target");
        call.After(30)
            .Failed(1, HandoffMethod.Invite, SipEvidence.OfRequest(LocalEvidence.CallerGone, "BYE", null))
            .Ended(CallParty.Caller, CallEndCause.HungUp);

        var steps = XDocument.Parse(CallerScenario.Of(Recording.Of(call.Events), 4000)).Root!.Elements().Select(Step).OfType<string>().ToList();

        string[] end = targetAnswered ? ["ACK", "recv INVITE", "BYE", "recv 200"] : ["ACK", "BYE", "recv 200"];
        Assert.Equal(end, steps.Skip(steps.IndexOf("ACK")).Where(s => !s.StartsWith("pause", StringComparison.Ordinal)));
    }

    private static Handoff Invite(string number) => new() { Method = HandoffMethod.Invite, PhoneNumber = number, OutboundEndpoint = "pstn" };

    private static Recording Recorded(params SipHeader[] headers)
    {
        var call = new SampleCall().Decided("none", new Handoff { Method = HandoffMethod.Reject, Status = 486 })
            .Attempt(1, HandoffMethod.Reject, "")
            .Completed(1, HandoffMethod.Reject, new SipEvidence { Source = "local", ReasonPhrase = WireName.Of(LocalEvidence.Sent), Status = 486 })
            .Ended(CallParty.System, CallEndCause.Rejected, status: 486);
        return Recording.Of([(CallStarted)call.Events[0] with { Headers = headers }, .. call.Events.Skip(1)]);
    }

    private static string[] InviteOf(Recording recording) =>
        [.. XDocument.Parse(CallerScenario.Of(recording, 4000)).Root!.Elements("send").First().Value.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0)];

    private static string? Step(XElement e) => e.Name.LocalName switch
    {
        "recv" => $"recv {(string?)e.Attribute("request") ?? (string?)e.Attribute("response")}",
        "pause" => $"pause {(string?)e.Attribute("milliseconds")}",
        "nop" => $"nop {(string?)e.Attribute("next")}",
        "label" => $"label {(string?)e.Attribute("id")}",
        "send" => e.Value.Trim().Split('\n')[0].Trim() is var line && line.StartsWith("SIP/2.0 ", StringComparison.Ordinal) ? line[8..] : line.Split(' ')[0],
        _ => null,
    };
}
