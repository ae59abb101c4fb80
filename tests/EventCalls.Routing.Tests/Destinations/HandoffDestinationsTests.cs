using System.Text.Json;
using System.Text.Json.Nodes;
using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Decisions;
using EventCalls.Routing.Destinations;
using EventCalls.Routing.Kit;
using EventCalls.Routing.Lookups;
using EventCalls.Routing.Tests.Deciders;

namespace EventCalls.Routing.Tests.Destinations;

public sealed class HandoffDestinationsTests
{
    private static readonly HandoffDestination s_support = Read("support", "invite", """{ "PhoneNumber": "2222", "OutboundEndpoint": "pstn", "RingTimeout": "20" }""", """{ "X-Customer-ID": "$customer.id", "X-Price": "$$5 for $tier", "X-Line": "support" }""") with
    {
        IsDefault = true,
        Reason = "asked_for_support",
        ContextHeader = "X-Handoff-Id",
    };

    private static readonly HandoffDestination s_desk = Read("desk", "refer", """{ "refer_to": "sip:desk@example.com" }""", null) with { ContextHeader = "User-to-User" };

    private static readonly HandoffDestination s_back = Read("back", "bye", "", null);

    private static readonly HandoffDestinations s_all = HandoffDestinations.Of([s_support, s_desk, s_back], new HashSet<string> { "pstn" });

    private static readonly Guid s_handoff = DecisionRequest.For(Calls.Started()).HandoffId;

    [Fact]
    public void Logic_hands_off_to_a_destination_by_its_name()
    {
        var result = Decide("""
            conv.State.Set("customer", new Dictionary<string, int> { ["id"] = 42 });
            conv.State["tier"] = "gold";
            return conv.CallHandoff("support", "vip", new Dictionary<string, string?> { ["x-line"] = "vip line", ["X-More"] = "1", ["X-None"] = null });
            """);

        Assert.Null(result.Failure);
        Assert.Equal("vip", result.Reason);
        var step = Assert.Single(result.Steps);
        Assert.Equal((HandoffMethod.Invite, "2222", "pstn", 20), (step.Method, step.PhoneNumber, step.OutboundEndpoint, step.RingTimeoutSeconds));
        Assert.Equal([new("X-Customer-ID", "42"), new("X-Price", "$5 for gold"), new("x-line", "vip line"), new("X-More", "1"), new SipHeader("X-Handoff-Id", s_handoff.ToString())], step.SipHeaders);
        Assert.StartsWith("Line.Start (logic.cs:", result.DecidedBy, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_name_it_is_the_default_with_its_own_reason_and_what_is_not_set_leaves_its_header_out()
    {
        var result = Decide("return conv.CallHandoff();");

        Assert.Equal("asked_for_support", result.Reason);
        Assert.Equal(["X-Price", "X-Line", "X-Handoff-Id"], result.Steps.Single().SipHeaders.Select(h => h.Name));
        Assert.Equal("$5 for ", result.Steps.Single().SipHeaders[0].Value);
        Assert.Equal([new LookupAnswer("handoff:", "", "support"), new LookupAnswer("handoff:support", "", AnswerOf("support"))], result.Inputs.Lookups);
    }

    [Fact]
    public void What_a_call_gives_of_its_own_wins_and_fallbacks_may_be_destinations_too()
    {
        var steps = Decide("""return conv.CallHandoff("support", route: "other").OrElse(conv.CallHandoff("back")).OrElse(Handoff.Reject(480));""", endpoints: null).Steps;

        Assert.Equal([HandoffMethod.Invite, HandoffMethod.Bye, HandoffMethod.Reject], steps.Select(s => s.Method));
        Assert.Equal("other", steps[0].OutboundEndpoint);
    }

    [Fact]
    public void A_REFER_carries_the_id_in_its_Refer_To_for_the_call_that_comes_of_it()
    {
        var step = Decide("""return conv.CallHandoff("desk");""").Steps.Single();

        string hex = Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(s_handoff.ToString()));
        Assert.Equal($"sip:desk@example.com?User-to-User={hex}%3Bencoding%3Dhex", step.ReferTo);
        Assert.Equal(new SipHeader("User-to-User", $"{hex};encoding=hex"), Assert.Single(step.SipHeaders));
        Assert.Equal(s_handoff.ToString(), UserToUser.Parse(step.SipHeaders[0].Value)!.Text);
    }

    [Fact]
    public void An_unknown_destination_is_an_invalid_decision_that_lists_those_there_are()
    {
        var result = Decide("""return conv.CallHandoff("sales");""");

        Assert.Equal(RoutingFailureCause.InvalidDecision, result.Failure!.Cause);
        Assert.StartsWith("handoff.type: There is no handoff destination 'sales'; configured (EventCalls:Handoffs): back, desk, support. (logic.cs:", result.Failure.Message, StringComparison.Ordinal);
        Assert.NotNull(Assert.Single(result.Inputs.Lookups).Refusal);
    }

    [Fact]
    public void Where_none_is_configured_that_is_said()
    {
        string text = Logics.Start("""return conv.CallHandoff("sales");""");

        Assert.Contains("There is no handoff destination 'sales': none is configured (EventCalls:Handoffs).", Logics.Decide(text).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_destination_without_an_endpoint_cannot_be_given_a_route()
    {
        var failure = Decide("""return conv.CallHandoff("back", route: "pstn");""").Failure!;

        Assert.Equal(RoutingFailureCause.LogicThrew, failure.Cause);
        Assert.Contains("the destination 'back' is reached by bye, which has no outbound endpoint", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decided_again_it_is_what_the_name_stood_for_then_and_what_was_not_asked_is_not_known()
    {
        var was = Decide("""return conv.CallHandoff("support");""");
        var recorded = new DecideOptions { Lookups = new RecordedLookups(was.Inputs.Lookups) };

        var again = Logics.Decide(Logics.Start("""return conv.CallHandoff("support");"""), options: recorded);
        var other = Logics.Decide(Logics.Start("""return conv.CallHandoff("desk");"""), options: recorded);

        Assert.True(HandoffFields.Same(was.Steps.Single(), again.Steps.Single()));
        Assert.Equal("handoff:desk", other.UnansweredLookup!.Name);
    }

    [Fact]
    public async Task A_process_of_its_own_knows_them_too()
    {
        await using var decider = await TestDeciders.StartAsync();
        var logic = await decider.UnguardedAsync(Logics.Start("""return conv.CallHandoff("desk");"""));

        var result = await decider.DecideAsync(logic, options: new DecideOptions { Lookups = s_all.AddTo(LookupTables.None), TimeLimit = TimeSpan.FromSeconds(5) });

        Assert.Null(result.Failure);
        Assert.Equal(AnswerOf("desk"), result.Inputs.Lookups.Single().Value);
        Assert.StartsWith("sip:desk@example.com?", result.Steps.Single().ReferTo, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_of_a_file_of_cases_leave_the_destinations_and_a_builder_takes_them()
    {
        var tables = s_all.AddTo(LookupTables.From(new Dictionary<string, IReadOnlyDictionary<string, string?>> { ["old"] = new Dictionary<string, string?>() }));
        var other = tables.WithTables(LookupTables.From(new Dictionary<string, IReadOnlyDictionary<string, string?>> { ["new"] = new Dictionary<string, string?>() }));

        Assert.Equal(["new"], other.Names);
        Assert.True(other.TryFind("handoff:back", "", out _));
        Assert.Equal(HandoffMethod.Bye, new ConversationBuilder().WithHandoffs(s_all).Build().CallHandoff("back").Steps.Single().Method);
    }

    [Fact]
    public void A_decision_in_JSON_names_one_as_well()
    {
        var resolved = Resolve("""{ "handoff": { "type": "support", "sip_headers": { "X-Line": 7 }, "invite": { "ring_timeout": 5, "sip_headers": { "X-Price": "none" } } }, "fallbacks": [ { "bye": {} } ] }""");

        Assert.Null(resolved.Named);
        Assert.Equal("asked_for_support", resolved.Reason);
        Assert.Equal([HandoffMethod.Invite, HandoffMethod.Bye], resolved.Steps.Select(s => s.Method));
        Assert.Equal((5, "2222"), (resolved.Steps[0].RingTimeoutSeconds, resolved.Steps[0].PhoneNumber));
        Assert.Equal([new("X-Customer-ID", "7"), new("X-Line", "7"), new("X-Price", "none"), new SipHeader("X-Handoff-Id", s_handoff.ToString())], resolved.Steps[0].SipHeaders);
    }

    [Theory]
    [InlineData("""{ "handoff": { "type": "sales" } }""", "handoff.type: There is no handoff destination 'sales'; configured (EventCalls:Handoffs): back, desk, support.")]
    [InlineData("""{ "handoff": { "type": "desk", "invite": { "phone_number": "1" } } }""", "handoff.invite: is given, but the destination 'desk' is reached by refer; leave out the type or the method.")]
    [InlineData("""{ "handoff": { "type": "back", "route": "pstn" } }""", "handoff.route: is given, but the destination 'back' is reached by bye, which has no outbound endpoint.")]
    public void What_a_destination_cannot_be_given_is_refused(string json, string error)
    {
        Assert.False(TryResolve(s_all, json, out _, out string? message));

        Assert.Equal(error, message);
    }

    [Theory]
    [InlineData("""{ "handoff": { "type": "support", "route": "nowhere" } }""", "handoff.route: there is no 'nowhere'; configured are pstn.")]
    [InlineData("""{ "handoff": { "type": "support", "invite": { "outbound_endpoint": "nowhere" } } }""", "handoff.invite.outbound_endpoint: there is no 'nowhere'; configured are pstn.")]
    [InlineData("""{ "handoff": { "route": "nowhere" } }""", "handoff.route: there is no 'nowhere'; configured are pstn.")]
    [InlineData("""{ "handoff": { "type": "support", "sip_headers": { "Via": "a" } } }""", "handoff.sip_headers[Via]: SIP itself needs Via, logic cannot set it.")]
    [InlineData("""{ "handoff": { "type": "support", "sip_headers": { "X A": "a" } } }""", "handoff.sip_headers[X A]: ")]
    [InlineData("""{ "handoff": { "type": "support", "invite": { "sip_headers": { "Via": "a" } } } }""", "handoff.invite.sip_headers[Via]: SIP itself needs Via, logic cannot set it.")]
    public void What_a_call_gives_to_a_destination_is_refused_by_the_name_it_was_given_by(string json, string error)
    {
        Assert.False(DecisionValidation.TryCheck(Resolve(json), new HashSet<string> { "pstn" }, out _, out string? message));

        Assert.StartsWith(error, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""conv.CallHandoff("support", route: "nowhere")""", "handoff.route: there is no 'nowhere'; configured are pstn. (Line.Start (logic.cs:")]
    [InlineData("""conv.CallHandoff("back").OrElse(conv.CallHandoff("support", route: "nowhere"))""", "fallbacks[0].route: there is no 'nowhere'; configured are pstn.")]
    [InlineData("""conv.CallHandoff("support", route: "pstn").With(step => step with { OutboundEndpoint = "nowhere" })""", "handoff.invite.outbound_endpoint: there is no 'nowhere'")]
    public void So_is_what_logic_gives(string handoff, string error)
    {
        var failure = Decide($"return {handoff};").Failure!;

        Assert.Equal(RoutingFailureCause.InvalidDecision, failure.Cause);
        Assert.StartsWith(error, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_destinations_a_handoff_needs_its_method()
    {
        Assert.False(TryResolve(HandoffDestinations.None, """{ "handoff": { "reason": "why" } }""", out _, out string? error));

        Assert.Equal("handoff: must hold exactly one of invite, refer, bye, redirect, reject; it holds nothing.", error);
    }

    [Fact]
    public void Exactly_one_is_the_default()
    {
        var none = Assert.Throws<FormatException>(() => HandoffDestinations.Of([s_back, s_desk]));
        var two = Assert.Throws<FormatException>(() => HandoffDestinations.Of([s_back with { IsDefault = true }, s_desk with { IsDefault = true }]));

        Assert.Equal("Handoffs: none of back, desk is the default; set Default to true at one.", none.Message);
        Assert.Equal("Handoffs: back, desk are each the default; set Default to true at one only.", two.Message);
    }

    [Theory]
    [InlineData("invite", "{}", null, "Handoffs:x:invite.phone_number: is missing")]
    [InlineData("invite", """{ "Number": "1" }""", null, "Handoffs:x:invite.Number: is not known; invite has phone_number")]
    [InlineData("invite", """{ "PhoneNumber": "1", "SipHeaders": { "X-A": "1" } }""", """{ "X-A": "2" }""", "Handoffs:x:Headers: X-A is among the method's headers too")]
    public void A_destination_that_cannot_be_read_is_refused(string method, string parameters, string? headers, string error) =>
        Assert.StartsWith(error, Assert.Throws<FormatException>(() => Read("x", method, parameters, headers)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "PhoneNumber": "1", "OutboundEndpoint": "y" }""", null, "Handoffs:x: invite.outbound_endpoint: there is no 'y'; configured are pstn.")]
    [InlineData("""{ "PhoneNumber": "1" }""", """{ "Via": "1" }""", "Handoffs:x: invite.sip_headers[Via]: SIP itself needs Via, logic cannot set it.")]
    [InlineData("""{ "PhoneNumber": "1" }""", """{ "X-A": "5$" }""", "Handoffs:x: sip_headers[X-A]: has a '$' that no name of the state follows; write $$ for one.")]
    public void A_destination_that_cannot_be_used_is_refused(string parameters, string? headers, string error)
    {
        var destination = Read("x", "invite", parameters, headers) with { IsDefault = true };

        Assert.Equal(error, Assert.Throws<FormatException>(() => HandoffDestinations.Of([destination], new HashSet<string> { "pstn" })).Message);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("$a", "text")]
    [InlineData("<$a>", "<text>")]
    [InlineData("$o.in.n", "1.50")]
    [InlineData("$o.in.n.x", "")]
    [InlineData("$o.in", """{"n":1.50,"t":true}""")]
    [InlineData("$o.in.t", "true")]
    [InlineData("$l", "[1,2]")]
    [InlineData("$none", "")]
    [InlineData("$null", "")]
    [InlineData("$a.", "text.")]
    [InlineData("$a-$a", "text-text")]
    [InlineData("$$a and $$", "$a and $")]
    [InlineData("$$$a", "$text")]
    public void A_header_is_filled_from_the_state(string template, string value)
    {
        using var state = JsonDocument.Parse("""{ "a": "text", "o": { "in": { "n": 1.50, "t": true } }, "l": [1, 2], "null": null }""");

        Assert.Null(HeaderTemplate.Problem(template));
        Assert.Equal(value, HeaderTemplate.Fill(template, name => state.RootElement.TryGetProperty(name, out var found) ? found : null));
    }

    private static HandoffDestination Read(string name, string method, string parameters, string? headers) =>
        DestinationReading.Read(name, method, parameters.Length == 0 ? JsonValue.Create("") : JsonNode.Parse(parameters), headers is null ? null : JsonNode.Parse(headers));

    private static DecisionResult Decide(string body, string? endpoints = "pstn") => Logics.Decide(
        Logics.Start(body), options: new DecideOptions { Lookups = s_all.AddTo(LookupTables.None), KnownEndpoints = endpoints is null ? null : new HashSet<string> { endpoints } });

    private static string AnswerOf(string name) => s_all.AddTo(LookupTables.None).TryFind($"handoff:{name}", "", out string? value) ? value! : "";

    private static DecisionDocument Resolve(string json)
    {
        Assert.True(TryResolve(s_all, json, out var resolved, out string? error), error);
        return resolved!;
    }

    private static bool TryResolve(HandoffDestinations destinations, string json, out DecisionDocument? resolved, out string? error)
    {
        Assert.True(DecisionJson.TryRead(json, out var document, out string? wrong), wrong);
        var state = new Dictionary<string, JsonElement> { ["customer"] = JsonSerializer.SerializeToElement(new { id = 7 }) };
        return destinations.TryResolve(document!, state, s_handoff, out resolved, out _, out error);
    }
}
