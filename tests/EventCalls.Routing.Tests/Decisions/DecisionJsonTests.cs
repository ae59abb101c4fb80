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
    [InlineData("""{ "handoff": { "invite": { "phone_number": "1", "media": "anchor", "record": true } }, "fallbacks": [ { "invite": { "phone_number": "1", "media": "direct", "record": false } } ] }""")]
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
    [InlineData("""{ "handof": {} }""", "handof: is not known; a decision has flow, state, handoff and fallbacks, or hangup")]
    [InlineData("""{ "handoff": { "call": {} } }""", "handoff: must hold exactly one of invite, refer, bye, redirect, reject; it holds call")]
    [InlineData("""{ "handoff": { "bye": {}, "reject": {} } }""", "it holds bye, reject")]
    [InlineData("""{ "handoff": { "invite": { } } }""", "handoff.invite.phone_number: is missing")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": 123 } } }""", "handoff.invite.phone_number: must be a string; it is 123")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": null } } }""", "handoff.invite.phone_number: is missing")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": "1", "phone_number": "2" } } }""", "no valid JSON")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": "1", "refer_to": "2" } } }""", "handoff.invite.refer_to: is not known; invite has phone_number")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": "1", "ring_timeout": "20" } } }""", "handoff.invite.ring_timeout: must be a whole number; it is the text '20'")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": "1", "ring_timeout": 1.5 } } }""", "ring_timeout: must be a whole number; it is 1.5")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": "1", "record": "true" } } }""", "handoff.invite.record: must be true or false; it is the text 'true'")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": "1", "record": 1 } } }""", "handoff.invite.record: must be true or false; it is 1")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": "1", "media": true } } }""", "handoff.invite.media: must be a string; it is true")]
    [InlineData("""{ "handoff": { "bye": { "record": true } } }""", "handoff.bye.record: is not known; bye has prompt, reason, sip_headers")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": "1", "sip_headers": { "X": { "a": 1 } } } } }""", "handoff.invite.sip_headers[X]: must be a text, a number, true or false; it is an object")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": "1", "sip_headers": { "X": [["a"]] } } } }""", "handoff.invite.sip_headers[X]: must be a text, a number, true or false; it is an array")]
    [InlineData("""{ "handoff": { "invite": { "phone_number": "1", "outbound_encryption": "TLS/SRTP" } } }""", "handoff.invite.outbound_encryption: is not chosen by call: the endpoint says it")]
    [InlineData("""{ "handoff": { "refer": { } } }""", "handoff.refer.refer_to: is missing; give it, or a phone_number alone")]
    [InlineData("""{ "hangup": true, "handoff": { "bye": {} } }""", "hangup: is given beside a handoff; give one of them")]
    [InlineData("""{ "hangup": "yes" }""", "hangup: must be true or false; it is the text 'yes'")]
    [InlineData("""{ "flow": "a", "goto_flow": "b" }""", "goto_flow: names a flow a second time")]
    [InlineData("""{ "handoff": { "type": "support", "call": {} } }""", "handoff: must hold exactly one of invite, refer, bye, redirect, reject; it holds call")]
    [InlineData("""{ "handoff": { "type": 7 } }""", "handoff.type: must be a string; it is 7")]
    [InlineData("""{ "handoff": { "route": "pstn", "invite": { "phone_number": "1" } } }""", "handoff.route: is for a destination by its name (type)")]
    [InlineData("""{ "handoff": { "sip_headers": { "X": "1" }, "bye": { } } }""", "handoff.sip_headers: is for a destination by its name (type)")]
    [InlineData("\"Hello\"", "decision: is speech, and nothing here speaks")]
    [InlineData("""{ "utterance": "Hello" }""", "utterance: is speech, and nothing here speaks: return the handoff or the flow alone")]
    [InlineData("""{ "content": "Hello" }""", "content: is speech")]
    [InlineData("""{ "listen": { "asr": {} } }""", "listen: is speech")]
    [InlineData("""{ "variant": "b" }""", "variant: is speech")]
    [InlineData("""{ "handoff": { "type": "support", "utterance": "Bye" } }""", "handoff.utterance: is speech")]
    [InlineData("""{ "utterance": "../welcome.wav", "handoff": { "bye": {} } }""", "utterance: is speech")]
    [InlineData("""{ "utterance": "welcome.wav" }""", "utterance: is played before a handoff, and there is none")]
    [InlineData("""{ "utterance": "welcome.wav", "handoff": { "reject": { "status": 480 } } }""", "utterance: is played before a handoff by invite, refer or bye; reject answers nobody")]
    [InlineData("""{ "handoff": { "redirect": { "contacts": "1" } } }""", "handoff.redirect.contacts: must be an array")]
    [InlineData("""{ "handoff": { "reject": { } } }""", "handoff.reject.status: is missing")]
    [InlineData("""{ "handoff": { "bye": {} }, "fallbacks": { } }""", "fallbacks: must be an array")]
    [InlineData("""{ "handoff": { "bye": {} }, "fallbacks": [ { "bye": {} }, { "bye": 1 } ] }""", "fallbacks[1].bye: must be an object; it is 1")]
    [InlineData("""{ "fallbacks": [ { "bye": {} } ] }""", "fallbacks: needs a handoff")]
    [InlineData("""{ "handoff": { "reason": 7, "bye": {} } }""", "handoff.reason: must be a string; it is 7")]
    [InlineData("""{ "handoff": { "reason": "", "bye": {} } }""", "handoff.reason: 0 characters are given; 1 to 100 are possible")]
    [InlineData("""{ "handoff": { "reason": "a\nb", "bye": {} } }""", "handoff.reason: it has a control character")]
    [InlineData("""{ "handoff": { "bye": {} }, "fallbacks": [ { "reason": "why", "bye": {} } ] }""", "fallbacks[0]: must hold exactly one of")]
    [InlineData("""{ "handoff": { "bye": {} }, "fallbacks": [ { "type": "support" } ] }""", "fallbacks[0].type: names a destination, which only the handoff itself can")]
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

    [Fact]
    public void A_header_may_be_a_number_or_a_truth_value_and_is_written_as_JSON_writes_it()
    {
        var step = Read("""{ "handoff": { "bye": { "sip_headers": { "X-Tries": 3, "X-Score": 1.50, "X-Vip": true, "X-New": [false, 2] } } } }""").Steps.Single();

        Assert.Equal([new("X-Tries", "3"), new("X-Score", "1.50"), new("X-Vip", "true"), new("X-New", "false"), new("X-New", "2")], step.SipHeaders);
    }

    [Fact]
    public void A_hang_up_is_a_BYE_and_no_hang_up_is_nothing()
    {
        Assert.Equal(HandoffMethod.Bye, Read("""{ "hangup": true, "state": { "done": true } }""").Steps.Single().Method);
        Assert.Empty(Read("""{ "hangup": false }""").Steps);
    }

    [Fact]
    public void A_flow_may_be_called_goto_flow() => Assert.Equal("vip", Read("""{ "goto_flow": "vip" }""").Flow);

    [Fact]
    public void A_destination_is_read_with_what_the_call_gives_of_its_own()
    {
        var document = Read("""{ "handoff": { "type": "support", "reason": "vip", "route": "pstn", "sip_headers": { "X-A": 1 }, "invite": { "ring_timeout": 20 } }, "fallbacks": [ { "bye": {} } ] }""");

        Assert.Empty(document.Steps);
        Assert.Equal("vip", document.Reason);
        var named = document.Named!;
        Assert.Equal(("support", "pstn", 20), (named.Destination, named.Route, named.Given!.RingTimeoutSeconds));
        Assert.Equal([new SipHeader("X-A", "1")], named.Headers);
        Assert.Equal(HandoffMethod.Bye, named.Fallbacks.Single().Method);
        Assert.Equal(DecisionJson.Write(document), DecisionJson.Write(Read(DecisionJson.Write(document))));
    }

    [Fact]
    public void A_handoff_that_names_nothing_is_for_the_default_destination() => Assert.Null(Read("""{ "handoff": { "reason": "why" } }""").Named!.Destination);

    [Theory]
    [InlineData("\"Hello\"", "text")]
    [InlineData("""{ "utterance": "Hello", "listen": {}, "handoff": { "bye": {} } }""", "utterance,listen")]
    [InlineData("""{ "handoff": { "utterance": "Bye", "bye": {} } }""", "utterance")]
    public void Speech_is_passed_over_where_that_is_wanted_and_said(string json, string ignored)
    {
        Assert.True(DecisionJson.TryRead(json, out var document, out string? error, SpeechUse.Ignore), error);

        Assert.Equal(ignored, string.Join(',', document!.IgnoredSpeech));
    }

    [Theory]
    [InlineData("""{ "utterance": "welcome.wav", "handoff": { "bye": {} } }""")]
    [InlineData("""{ "utterance": "welcome.wav", "hangup": true }""")]
    [InlineData("""{ "handoff": { "utterance": "welcome.wav", "bye": {} } }""")]
    [InlineData("""{ "handoff": { "bye": { "prompt": "welcome.wav" } }, "fallbacks": [ { "bye": {} } ] }""")]
    public void An_utterance_that_is_a_file_is_the_prompt_of_the_first_step(string json)
    {
        var document = Read(json);
        Assert.Equal("welcome.wav", document.Steps[0].Prompt);
        Assert.All(document.Steps.Skip(1), step => Assert.Null(step.Prompt));
        Assert.Empty(document.IgnoredSpeech);
    }

    [Fact]
    public void An_utterance_beside_a_destination_by_its_name_goes_with_it()
    {
        var document = Read("""{ "handoff": { "type": "support", "utterance": "welcome.wav" } }""");
        Assert.Equal("welcome.wav", document.Named!.Prompt);
        Assert.Equal(DecisionJson.Write(document), DecisionJson.Write(Read(DecisionJson.Write(document))));
    }

    [Fact]
    public void A_field_of_speech_that_says_nothing_is_none() => Assert.Empty(Read("""{ "utterance": null, "handoff": { "utterance": null, "bye": {} } }""").IgnoredSpeech);

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
