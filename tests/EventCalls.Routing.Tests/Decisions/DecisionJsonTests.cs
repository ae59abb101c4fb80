using EventCalls.Contracts;
using EventCalls.Routing.Decisions;

namespace EventCalls.Routing.Tests.Decisions;

public sealed class DecisionJsonTests
{
    [Fact]
    public void An_invite_is_read_with_all_its_fields()
    {
        var step = Assert.Single(Read(
            """
            { "handoff": { "invite": { "phone_number": "2222222", "outbound_caller_id": "+15551234567", "outbound_endpoint": "pstn", "ring_timeout": 20,
              "sip_headers": { "X-Customer-ID": "42", "X-Call-Type": "Support", "X-Left-Out": null, "X-Twice": ["a", "b"] } } } }
            """).Steps);

        Assert.Equal((HandoffMethod.Invite, "2222222", "+15551234567", "pstn", 20), (step.Method, step.PhoneNumber, step.OutboundCallerId, step.OutboundEndpoint, step.RingTimeoutSeconds));
        Assert.Equal(
            [new("X-Customer-ID", "42"), new("X-Call-Type", "Support"), new("X-Twice", "a"), new("X-Twice", "b")], step.SipHeaders);
    }

    [Fact]
    public void A_refer_with_fallbacks_a_flow_and_state_is_read_in_order()
    {
        var document = Read(
            """
            { "flow": "vip", "state": { "tier": "gold", "tries": 2, "gone": null },
              "handoff": { "refer": { "phone_number": "+1", "refer_to": "sip:support@example.com", "notify_timeout": 30 } },
              "fallbacks": [ { "bye": { "reason": "later" } }, { "redirect": { "contacts": ["+2", "sip:a@b"] } }, { "reject": { "status": 486, "reason": "Busy" } } ] }
            """);

        Assert.Equal("vip", document.Flow);
        Assert.Equal(2, document.State!["tries"].GetInt32());
        Assert.Equal([HandoffMethod.Refer, HandoffMethod.Bye, HandoffMethod.Redirect, HandoffMethod.Reject], document.Steps.Select(s => s.Method));
        Assert.Equal(("sip:support@example.com", 30), (document.Steps[0].ReferTo, document.Steps[0].NotifyTimeoutSeconds));
        Assert.Equal(["+2", "sip:a@b"], document.Steps[2].Contacts!);
        Assert.Equal((486, "Busy"), (document.Steps[3].Status, document.Steps[3].Reason));
    }

    [Theory]
    [InlineData("""{ "handoff": { "invite": { "phone_number": "1", "outbound_caller_id": "2", "outbound_endpoint": "p", "ring_timeout": 5, "sip_headers": { "X-A": ["1", "2"], "X-B": "3" } } } }""")]
    [InlineData("""{ "flow": "f", "state": { "a": { "b": [1] } }, "handoff": { "refer": { "phone_number": "1", "refer_to": "2", "notify_timeout": 5 } }, "fallbacks": [ { "bye": { } } ] }""")]
    [InlineData("""{ "handoff": { "redirect": { "contacts": ["1", "<2>"] } }, "fallbacks": [ { "reject": { "status": 480, "reason": "a \"b\" ü" } } ] }""")]
    [InlineData("""{ "handoff": { "reason": "queue_full", "invite": { "phone_number": "1" } }, "fallbacks": [ { "bye": { "reason": "Nobody there" } } ] }""")]
    public void What_is_written_is_read_back_the_same(string json)
    {
        var document = Read(json);

        string written = DecisionJson.Write(document);

        Assert.Equal(DecisionJson.Write(Read(written)), written);
        Assert.Equal(Compact(json), written);
    }

    [Theory]
    [InlineData("", "no valid JSON")]
    [InlineData("[]", "decision: must be an object")]
    [InlineData("""{ "handof": {} }""", "handof: is not known; a decision has flow, state, handoff and fallbacks")]
    [InlineData("""{ "handoff": { "call": {} } }""", "handoff: must hold exactly one of invite, refer, bye, redirect, reject; it holds call")]
    [InlineData("""{ "handoff": { "bye": {}, "reject": {} } }""", "it holds bye, reject")]
    [InlineData("""{ "handoff": { "invite": { } } }""", "handoff.invite.phone_number: is missing")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": 123 } } }""", "handoff.invite.phone_number: must be a string; it is 123")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": null } } }""", "handoff.invite.phone_number: is missing")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": "1", "phone_number": "2" } } }""", "no valid JSON")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": "1", "refer_to": "2" } } }""", "handoff.invite.refer_to: is not known; invite has phone_number")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": "1", "ring_timeout": "20" } } }""", "handoff.invite.ring_timeout: must be a whole number; it is the text '20'")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": "1", "ring_timeout": 1.5 } } }""", "ring_timeout: must be a whole number; it is 1.5")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": "1", "sip_headers": { "X": 1 } } } }""", "handoff.invite.sip_headers[X]: must be a string; it is 1")]
    [InlineData("""{ "handoff": { "refer": { "phone_number": "1" } } }""", "handoff.refer.refer_to: is missing")]
    [InlineData("""{ "handoff": { "redirect": { "contacts": "1" } } }""", "handoff.redirect.contacts: must be an array")]
    [InlineData("""{ "handoff": { "reject": { } } }""", "handoff.reject.status: is missing")]
    [InlineData("""{ "handoff": { "bye": {} }, "fallbacks": { } }""", "fallbacks: must be an array")]
    [InlineData("""{ "handoff": { "bye": {} }, "fallbacks": [ { "bye": {} }, { "bye": 1 } ] }""", "fallbacks[1].bye: must be an object; it is 1")]
    [InlineData("""{ "fallbacks": [ { "bye": {} } ] }""", "fallbacks: needs a handoff")]
    [InlineData("""{ "handoff": { "reason": "why" } }""", "handoff: must hold exactly one of invite, refer, bye, redirect, reject; it holds nothing")]
    [InlineData("""{ "handoff": { "reason": 7, "bye": {} } }""", "handoff.reason: must be a string; it is 7")]
    [InlineData("""{ "handoff": { "reason": "", "bye": {} } }""", "handoff.reason: 0 characters are given; 1 to 100 are possible")]
    [InlineData("""{ "handoff": { "reason": "a\nb", "bye": {} } }""", "handoff.reason: it has a control character")]
    [InlineData("""{ "handoff": { "bye": {} }, "fallbacks": [ { "reason": "why", "bye": {} } ] }""", "fallbacks[0]: must hold exactly one of")]
    [InlineData("""{ "state": [] }""", "state: must be an object")]
    public void What_is_no_decision_is_refused_with_the_field(string json, string error)
    {
        Assert.False(DecisionJson.TryRead(json, out var document, out string? message));

        Assert.Null(document);
        Assert.Contains(error, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "reject": { "status": 480 } }""", "reject 480")]
    [InlineData("""{ "reject": { "status": "503" } }""", "reject 503")]
    [InlineData("""{ "invite": { "phone_number": "+1 222", "outbound_endpoint": "pstn" } }""", "invite +1222 via pstn")]
    [InlineData("""{ "flow": "after_hours" }""", "flow after_hours")]
    [InlineData("""{ "handoff": { "refer": { "refer_to": "sip:a@b" } }, "fallbacks": [ { "bye": {} } ] }""", "refer sip:a@b, else bye")]
    public void A_default_has_the_same_forms(string json, string taken) => Assert.Equal(taken, DefaultDecision.Parse(json).ToString());

    [Theory]
    [InlineData("""{ "reject": { "status": 200 } }""", "Default: handoff.reject.status: 200 is given; 400 to 699 are possible")]
    [InlineData("""{ "rejct": { "status": 480 } }""", "Default: must hold exactly one of")]
    [InlineData("""{ "flow": "a", "handoff": { "bye": {} } }""", "a flow or a handoff, not both")]
    [InlineData("""{ "invite": { "phone_number": "1", "outbound_endpoint": "x" } }""", "there is no 'x'; configured are pstn")]
    [InlineData("""{ "handoff": { "reason": "why", "bye": {} } }""", "Default: handoff.reason is not for a default")]
    [InlineData("reject", "no valid JSON")]
    public void A_default_that_is_none_is_refused_with_the_field(string json, string error)
    {
        var e = Assert.Throws<FormatException>(() => DefaultDecision.Parse(json, new HashSet<string> { "pstn" }));

        Assert.Contains(error, e.Message, StringComparison.Ordinal);
    }

    private static DecisionDocument Read(string json)
    {
        Assert.True(DecisionJson.TryRead(json, out var document, out string? error), error);
        return document!;
    }

    private static string Compact(string json) => json
        .Replace("{ ", "{", StringComparison.Ordinal).Replace(" }", "}", StringComparison.Ordinal)
        .Replace("[ ", "[", StringComparison.Ordinal).Replace(" ]", "]", StringComparison.Ordinal)
        .Replace(": ", ":", StringComparison.Ordinal).Replace(", ", ",", StringComparison.Ordinal);
}
