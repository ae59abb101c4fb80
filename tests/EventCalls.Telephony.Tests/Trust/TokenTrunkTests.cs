using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Trunks;
using EventCalls.Testing.Logging;

namespace EventCalls.Telephony.Tests.Trust;

/// <summary>Trunks that are told apart by a token in a header.</summary>
public sealed class TokenTrunkTests : EdgeTest
{
    private static TrunkOptions Trunk(string name, string? token, params string[] from) =>
        new() { Name = name, From = from, TokenHeader = token is null ? null : "X-Trunk-Token", Token = token };

    private void Use(params TrunkOptions[] trunks) => Options = Options with { Trunks = [.. trunks, .. Options.Trunks.Where(t => t.From.Count == 0)] };

    [Theory]
    [InlineData("token-of-one", "one")]
    [InlineData("token-of-two", "two")]
    [InlineData("token-of-three", "plain")]
    [InlineData(null, "plain")]
    public void Trunks_of_one_address_are_told_apart_by_it(string? token, string trunk)
    {
        Use(Trunk("plain", null, "10.0.0.2"), Trunk("one", "token-of-one", "10.0.0.2"), Trunk("two", "token-of-two", "10.0.0.2"));
        CallIn(headers: token is null ? [] : [new HeaderLine("x-trunk-token", token)]);
        Assert.Equal(trunk, Started.Trunk);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("token-of-tw")]
    [InlineData("token-of-two2")]
    public void A_trunk_with_a_token_is_refused_without_it_and_a_wider_network_does_not_take_its_place(string? token)
    {
        var log = new RecordingLogger();
        Logger = log;
        Use(Trunk("two", "token-of-two", "10.0.0.2"), Trunk("all", null, "10.0.0.0/24"));
        CallIn(headers: token is null ? [] : [new HeaderLine("X-Trunk-Token", token)]);
        Assert.Equal("403", Caller.Log[^1]);
        Assert.Empty(Journal.Events);
        Assert.Equal(["INVITE over udp from 10.0.0.2 is refused: it carries no token of the trunks that call from there; look at Trunks:NAME:TokenHeader and Token"], log.Warnings);
    }

    [Fact]
    public void A_trunk_without_networks_is_known_by_its_token_alone()
    {
        Use(Trunk("roaming", "token-of-one"));
        CallIn();
        Assert.Equal("403", Caller.Log[^1]);
        CallIn(headers: new HeaderLine("X-Trunk-Token", "token-of-one"));
        Assert.Equal("roaming", Started.Trunk);
    }

    [Fact]
    public void The_token_is_in_no_event_and_not_passed_on()
    {
        Use(Trunk("roaming", "token-of-one"));
        TargetAnswers();
        CallIn(headers: [new HeaderLine("X-Trunk-Token", "token-of-one"), new HeaderLine("X-Other", "stays")]);
        Decide(Invite());
        Run(100);
        Assert.DoesNotContain(Started.Headers, h => h.Name.Equals("X-Trunk-Token", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("stays", Started.Headers.Single(h => h.Name == "X-Other").Value);
        Assert.DoesNotContain("token-of-one", Target.Invite, StringComparison.Ordinal);
        Assert.All(Journal.Events, e => Assert.DoesNotContain("token-of-one", System.Text.Json.JsonSerializer.Serialize<object>(e), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(SipMethod.Invite, "sip:second@10.0.0.4:5060?x-trunk-token=token-of-one&X-Order=77", "sip:second@10.0.0.4:5060?X-Order=77")]
    [InlineData(SipMethod.Refer, "sip:second@10.0.0.4:5060?X-Trunk-Token=token-of-one", "sip:second@10.0.0.4:5060")]
    [InlineData(SipMethod.Invite, "sip:second@10.0.0.4:5060?Authorization=Digest%20username%3D%22a%22%2Cresponse%3D%22token-of-one%22", "sip:second@10.0.0.4:5060?Authorization=Digest%20username%3D%22a%22%2Cresponse%3D%22redacted%22")]
    public void A_token_behind_a_Refer_To_is_in_no_event_and_goes_no_further(SipMethod becomes, string referTo, string recorded)
    {
        Use([.. Options.Trunks.Where(t => t.Name == "carrier"), Trunk("roaming", "token-of-one")]);
        Options = Options with { Trunks = [.. Options.Trunks.Select(t => t with { Refer = becomes == SipMethod.Refer ? ReferPolicy.Pass : ReferPolicy.CarryOut })] };
        Second.OnCall = static (phone, leg) => leg.Answer(phone.Session());
        Bridge();
        Target.Refer(referTo);
        Run(200);
        Assert.Equal(recorded, Single<ReferReceived>().ReferTo);
        Assert.Equal("refer_received target 202", StoryOf(typeof(ReferReceived)));
        Assert.All(Journal.Events, e => Assert.DoesNotContain("token-of-one", System.Text.Json.JsonSerializer.Serialize<object>(e), StringComparison.Ordinal));
        Assert.DoesNotContain(Network.Log, s => s.From.Equals(NodeHost.EndPoint) && s.Text.Contains("token-of-one", StringComparison.Ordinal));
        if (becomes == SipMethod.Invite)
            Assert.Equal(recorded.Contains("Order", StringComparison.Ordinal), Second.Invite!.Contains("X-Order: 77", StringComparison.Ordinal));
    }

    [Fact]
    public void A_token_is_in_no_event_of_a_caller_who_is_known_by_something_else_either()
    {
        Use(Trunk("roaming", "token-of-one"), Trunk("plain", null, "10.0.0.2"));
        CallIn(headers: new HeaderLine("X-Trunk-Token", "token-of-one"));
        Assert.Equal("plain", Started.Trunk);
        Assert.All(Journal.Events, e => Assert.DoesNotContain("token-of-one", System.Text.Json.JsonSerializer.Serialize<object>(e), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Trunks:x:Token", "X-Token", null)]
    [InlineData("Trunks:x:TokenHeader", null, "long-enough")]
    [InlineData("Trunks:x:TokenHeader", "Subject", "long-enough")]
    [InlineData("Trunks:x:TokenHeader", "X Token", "long-enough")]
    [InlineData("Trunks:x:Token", "X-Token", "short")]
    public void What_cannot_be_used_is_said_by_its_key(string key, string? header, string? token)
    {
        var e = Assert.Throws<TelephonyOptionsException>(() => new TrunkTable([new TrunkOptions { Name = "x", From = ["10.0.0.1"], TokenHeader = header, Token = token }]));
        Assert.Equal(key, e.Key);
        Assert.DoesNotContain("short", e.Message, StringComparison.Ordinal);
    }
}
