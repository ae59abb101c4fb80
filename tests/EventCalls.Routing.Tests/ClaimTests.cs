using System.Text;
using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Tests;

/// <summary>What logic reads of User-to-User and Identity.</summary>
public sealed class ClaimTests
{
    // RFC 8588 §9, its header and claims; the signature is of no account here.
    private const string Shaken = """{"alg":"ES256","typ":"passport","ppt":"shaken","x5u":"https://biloxi.example.org/biloxi.cer"}""";
    private const string Claims = """{"attest":"A","dest":{"tn":["12155550131","12155550132"]},"iat":1443208345,"orig":{"tn":"12155550121"},"origid":"123e4567-e89b-12d3-a456-426655440000"}""";

    [Fact]
    [Trait("RFC", "8224 §4, 8225 §5, 8588 §9")]
    public void The_claims_of_an_Identity_header_are_read()
    {
        var conv = Conversation(("Identity", $"{Token(Shaken, Claims)};info=<https://biloxi.example.org/biloxi.cer>;alg=ES256;ppt=\"shaken\""));
        var passport = Assert.Single(conv.Passports);
        Assert.Equal("A", conv.Attestation);
        Assert.Equal(("12155550121", "shaken", "https://biloxi.example.org/biloxi.cer", "123e4567-e89b-12d3-a456-426655440000"), (passport.Originating, passport.Kind, passport.Certificate, passport.OriginationId));
        Assert.Equal(["12155550131", "12155550132"], passport.Destinations);
        Assert.Equal(new DateTimeOffset(2015, 9, 25, 19, 12, 25, TimeSpan.Zero), passport.IssuedAt);
    }

    [Fact]
    [Trait("RFC", "8946 §4")]
    public void A_diverted_call_says_whom_it_was_for_and_the_compact_name_means_the_same()
    {
        var conv = Conversation(
            ("y", Token("""{"alg":"ES256","ppt":"div","typ":"passport"}""", """{"dest":{"uri":["sip:new@example.com"]},"div":{"tn":"12155550131"},"iat":1443208345,"orig":{"tn":"12155550121"}}""")),
            ("Identity", Token(Shaken, Claims.Replace("\"A\"", "\"C\"", StringComparison.Ordinal))));
        Assert.Equal(["div", "shaken"], conv.Passports.Select(p => p.Kind));
        Assert.Equal(("12155550131", "sip:new@example.com"), (conv.Passports[0].Diverted, conv.Passports[0].Destinations[0]));
        Assert.Equal("C", conv.Attestation);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..sig;info=<https://a>;alg=ES256")]
    [InlineData("a.b.c")]
    [InlineData("e30.W10.x")]
    [InlineData("e30.bnVsbA.x")]
    [InlineData("e30.e30.x;")]
    [InlineData("e30.eyJhdHRlc3QiOiJcdWQ4MDAifQ.x")]
    [InlineData("e30.eyJvcmlnIjp7InRuIjoiXHVkODAwIn19.x")]
    [InlineData("no token")]
    public void What_cannot_be_read_claims_nothing(string value)
    {
        var conv = Conversation(("Identity", value));
        Assert.Null(conv.Attestation);
        Assert.All(conv.Passports, p => Assert.Equal((null, null, null), (p.Attestation, p.Originating, p.Diverted)));
    }

    [Theory]
    [InlineData("{\"attest\":1,\"orig\":[],\"dest\":\"x\",\"iat\":\"soon\",\"div\":null}")]
    [InlineData("{\"iat\":99999999999999999999,\"dest\":{\"tn\":[1,null]},\"orig\":{\"tn\":{}}}")]
    public void Claims_of_another_shape_are_left_out(string claims)
    {
        var passport = Assert.Single(Conversation(("Identity", Token(Shaken, claims))).Passports);
        Assert.Equal((null, null, null, null), (passport.Attestation, passport.Originating, passport.Diverted, passport.IssuedAt));
        Assert.Empty(passport.Destinations);
    }

    [Fact]
    [Trait("RFC", "8224 §6.2")]
    public void What_the_check_came_to_stands_beside_each_claim_and_is_recorded_as_read()
    {
        var reads = new List<ConversationRead>();
        var conv = Conversation(
            [new IdentityCheck { Verdict = IdentityVerdict.Invalid, Problem = IdentityProblem.Malformed }, new IdentityCheck { Kind = "shaken", Verdict = IdentityVerdict.Invalid, Problem = IdentityProblem.Stale }, new IdentityCheck { Kind = "shaken", Verdict = IdentityVerdict.Valid }],
            reads, ("Identity", "nothing"), ("Identity", Token(Shaken, Claims)), ("Identity", Token(Shaken, Claims.Replace("\"A\"", "\"B\"", StringComparison.Ordinal))));
        Assert.Equal([(IdentityVerdict.Invalid, IdentityProblem.Stale, "A"), (IdentityVerdict.Valid, null, "B")], conv.Passports.Select(p => (p.Verdict, p.Problem, p.Attestation)));
        Assert.Equal((IdentityVerdict.Valid, null, "A", "B"), (conv.IdentityVerdict, conv.IdentityProblem, conv.Attestation, conv.VerifiedAttestation));
        Assert.Contains(new ConversationRead("identity", "invalid (malformed), shaken invalid (stale), shaken valid"), reads);
    }

    [Fact]
    public void Who_is_vouched_for_by_a_diversion_alone_is_vouched_for_by_nobody()
    {
        var conv = Conversation([new IdentityCheck { Kind = "div", Verdict = IdentityVerdict.Valid }, new IdentityCheck { Kind = "shaken", Verdict = IdentityVerdict.Invalid, Problem = IdentityProblem.WrongSignature }], null);
        Assert.Equal((IdentityVerdict.Invalid, IdentityProblem.WrongSignature, null), (conv.IdentityVerdict, conv.IdentityProblem, conv.VerifiedAttestation));
        Assert.Equal((IdentityVerdict.Unchecked, null), (Conversation().IdentityVerdict, Conversation().IdentityProblem));
    }

    [Theory]
    [InlineData("68656c6c6f", "68656c6c6f", "hello", null, null)]
    [InlineData("0468656c6c6f;encoding=hex;purpose=isdn-uui;content=isdn-uui", "0468656c6c6f", "hello", "isdn-uui", "isdn-uui")]
    [InlineData("\"a;b \\\"c\\\"\" ; Encoding = ascii", "a;b \"c\"", "a;b \"c\"", null, null)]
    [InlineData("6;encoding=hex", "6", null, null, null)]
    [InlineData("xyz", "xyz", null, null, null)]
    [Trait("RFC", "7433 §4.1")]
    public void User_to_User_is_read(string value, string data, string? text, string? purpose, string? content)
    {
        var read = Conversation(("User-to-User", value)).UserToUser!;
        Assert.Equal((data, text, purpose, content), (read.Data, read.Text, read.Purpose, read.Content));
    }

    [Fact]
    public void Without_the_header_there_is_none()
    {
        Assert.Null(Conversation().UserToUser);
        Assert.Null(Conversation(("User-to-User", ";encoding=hex")).UserToUser);
    }

    [Fact]
    [Trait("RFC", "7433 §4.1")]
    public void A_text_is_written_so_that_it_can_be_read_again()
    {
        var step = Handoff.Invite("+12222222").WithUserToUser("Grüße; \"4711\"", "order").WithUserToUser(null);
        var header = Assert.Single(step.Steps[0].SipHeaders);
        Assert.Equal("User-to-User", header.Name);
        var read = UserToUser.Parse(header.Value)!;
        Assert.Equal(("Grüße; \"4711\"", "hex", "order"), (read.Text, read.Encoding, read.Purpose));
    }

    private static string Token(string header, string claims) => $"{Encoded(header)}.{Encoded(claims)}.c2ln";

    private static string Encoded(string json) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private static Conversation Conversation(params (string Name, string Value)[] headers) => Conversation(null, null, headers);

    private static Conversation Conversation(IReadOnlyList<IdentityCheck>? identity, List<ConversationRead>? reads, params (string Name, string Value)[] headers) => new(
        new DecisionRequest { Started = Calls.Started() with { Identity = identity, Headers = [.. headers.Select(h => new SipHeader(h.Name, h.Value))] }, Now = DateTimeOffset.UnixEpoch, Seed = 1 },
        LookupTables.None,
        new System.Text.Json.JsonSerializerOptions(),
        reads);
}
