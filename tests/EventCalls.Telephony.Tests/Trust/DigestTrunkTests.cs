using EventCalls.Contracts;
using EventCalls.Sip.Authentication;
using EventCalls.Telephony.Checks;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Trunks;
using EventCalls.Testing.Logging;

namespace EventCalls.Telephony.Tests.Trust;

/// <summary>Trunks that prove who they are by user and password.</summary>
public sealed class DigestTrunkTests : EdgeTest
{
    private static readonly DigestOptions s_digest = new() { Realm = "edge", Users = new Dictionary<string, string> { ["alice"] = "wonderland" } };

    private void Use(params TrunkOptions[] trunks) => Options = Options with { Trunks = [.. trunks, .. Options.Trunks.Where(t => t.From.Count == 0)] };

    [Fact]
    [Trait("RFC", "3261 §22.2")]
    public void A_trunk_of_known_networks_proves_its_password_besides()
    {
        Use(new TrunkOptions { Name = "carrier", From = ["10.0.0.2"], Digest = s_digest });
        CallIn();
        Assert.Equal("401", Caller.Log[^1]);
        Assert.Empty(Journal.Events);
        Assert.Equal(0, Shard.Agent.OpenTransactions);

        Caller.Credentials = new Credentials("alice", "guessed");
        CallIn();
        Assert.Equal("401", Caller.Log[^1]);
        Assert.Empty(Journal.Events);

        Caller.Credentials = new Credentials("alice", "wonderland");
        CallIn();
        Assert.Equal("carrier", Started.Trunk);
    }

    [Fact]
    [Trait("RFC", "3261 §22.2")]
    public void A_trunk_without_networks_is_known_by_its_user_wherever_it_calls_from()
    {
        Use(new TrunkOptions { Name = "roaming", Digest = s_digest }, new TrunkOptions { Name = "other", Digest = s_digest with { Users = new Dictionary<string, string> { ["bob"] = "builder1" } } });
        Caller.Credentials = new Credentials("bob", "builder1");
        CallIn();
        Assert.Equal("other", Started.Trunk);
        Caller.Credentials = new Credentials("alice", "wonderland");
        CallIn();
        Assert.Equal("roaming", Started.Trunk);
        Caller.Credentials = new Credentials("bob", "wonderland");
        CallIn();
        Assert.Equal("401", Caller.Log[^1]);
        Assert.Equal(2, Journal.Events.OfType<CallStarted>().Count());
    }

    [Fact]
    public void What_is_asked_within_the_call_proves_it_too_and_an_ACK_and_a_CANCEL_need_not()
    {
        Use(new TrunkOptions { Name = "carrier", From = ["10.0.0.2"], Digest = s_digest });
        Caller.Credentials = new Credentials("alice", "wonderland");
        Bridge();
        var invite = Network.Log.Last(s => s.Kind == "INVITE" && s.From.Equals(Caller.Host.EndPoint));
        var answer = Network.Log.Last(s => s.Kind == "200" && s.CSeqMethod == "INVITE" && s.To.Equals(Caller.Host.EndPoint));
        // Somebody at the trunk's address who has seen the call, and has no password.
        void Ask(string method) => Caller.Host.Send(NodeHost, $"""
            {method} sip:10.0.0.1 SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKseen{method}
            From: {invite.Header("From")}
            To: {answer.Header("To")}
            Call-ID: {invite.Header("Call-ID")}
            CSeq: 77 {method}
            Refer-To: <sip:premium@example.com>
            Contact: <sip:10.0.0.2>
            """);
        foreach (string method in (string[])["BYE", "REFER", "INVITE", "UPDATE", "INFO"])
        {
            Ask(method);
            Run(50);
            var refusal = Network.Log.Last(s => s.CSeqMethod == method && s.From.Equals(NodeHost.EndPoint));
            Assert.Equal("401", refusal.Kind);
            Assert.StartsWith("Digest realm=\"edge\"", refusal.Header("WWW-Authenticate"));
        }
        Assert.Equal(1, Shard.Calls.Count);
        Caller.Leg!.Bye();
        Run(100);
        AssertOver();

        var early = CallIn();
        early.Cancel();
        Run(100);
        Assert.EndsWith("call_ended caller cancelled 487", StoryOf(typeof(CallEnded)));
        AssertOver();
    }

    [Fact]
    public void The_target_of_a_call_that_we_began_is_asked_for_nothing()
    {
        Use(new TrunkOptions { Name = "carrier", From = ["10.0.0.2"] }, new TrunkOptions { Name = "pstn", From = ["10.0.0.3"], To = ["sip:10.0.0.3:5060"], Digest = s_digest });
        Options = Options with { Trunks = [.. Options.Trunks.DistinctBy(t => t.Name)] };
        Bridge();
        Target.Leg!.Bye();
        Run(100);
        AssertOver();
        Assert.DoesNotContain(Network.Log, s => s.Kind == "401");
    }

    [Fact]
    public void No_event_and_no_line_of_the_log_has_what_proves_something()
    {
        var log = new RecordingLogger();
        Logger = log;
        Use(new TrunkOptions { Name = "roaming", Digest = s_digest });
        Caller.Credentials = new Credentials("alice", "guessed");
        CallIn();
        Caller.Credentials = new Credentials("alice", "wonderland");
        CallIn();
        var authorization = Started.Headers.Single(h => h.Name == "Authorization").Value;
        Assert.Contains("username=\"alice\"", authorization);
        Assert.Contains("response=\"redacted\"", authorization);
        Assert.Contains("nonce=\"redacted\"", authorization);
        string sent = Network.Log.Last(s => s.Kind == "INVITE").Header("Authorization")!;
        string response = sent[(sent.IndexOf("response=\"", StringComparison.Ordinal) + 10)..][..64];
        Assert.All(log.Warnings, line => Assert.DoesNotContain(response, line));
        Assert.Equal(["INVITE over udp from 10.0.0.2 is refused: its password is not the one of Trunks:roaming:Digest"], log.Warnings);
    }

    [Fact]
    public void An_OPTIONS_of_a_known_address_is_answered_without_a_password()
    {
        Use(new TrunkOptions { Name = "carrier", From = ["10.0.0.2"], Digest = s_digest }, new TrunkOptions { Name = "roaming", Digest = s_digest });
        _ = Shard;
        var stranger = Network.AddHost("10.0.0.66:5060");
        foreach (var (host, status) in new[] { (Caller.Host, "200"), (stranger, "401") })
        {
            host.Send(NodeHost, $"""
                OPTIONS sip:10.0.0.1 SIP/2.0
                Via: SIP/2.0/UDP {host.EndPoint};branch=z9hG4bKo{status}
                Max-Forwards: 70
                From: <sip:ping@10.0.0.2>;tag=1
                To: <sip:10.0.0.1>
                Call-ID: {status}
                CSeq: 1 OPTIONS
                """);
            Run(50);
            Assert.Equal(status, Network.Log.Last(s => s.CSeqMethod == "OPTIONS" && s.From.Equals(NodeHost.EndPoint)).Kind);
        }
    }

    [Theory]
    [InlineData("Trunks:x:Digest:Users:alice", "edge", "alice", "{MD5}12")]
    [InlineData("Trunks:x:Digest:Users:alice", "edge", "alice", "")]
    [InlineData("Trunks:x:Digest:Users:a:b", "edge", "a:b", "secret")]
    [InlineData("Trunks:x:Digest:Realm", "e\"dge", "alice", "secret")]
    public void What_cannot_be_used_is_said_by_its_key_and_without_the_secret(string key, string realm, string user, string secret)
    {
        var e = Assert.Throws<TelephonyOptionsException>(() => new TrunkTable(
            [new TrunkOptions { Name = "x", Digest = new DigestOptions { Realm = realm, Users = new Dictionary<string, string> { [user] = secret } } }]));
        Assert.Equal(key, e.Key);
        Assert.DoesNotContain("{MD5}12", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_check_of_trunks_says_by_what_one_without_networks_is_known()
    {
        var findings = await TrunkCheck.RunAsync(
            new TelephonyOptions { Node = "edge-1", Listen = ["udp:127.0.0.1:5060"], Trunks = [new TrunkOptions { Name = "a", Digest = s_digest }, new TrunkOptions { Name = "b", TlsNames = ["sbc.example.net"] }] },
            areSamples: false, TimeProvider.System, CancellationToken.None);
        string said = string.Join(" ", findings.Select(f => f.ToString()));
        Assert.Contains("a: takes calls from anywhere, by its user and password.", said);
        Assert.Contains("b: takes calls from anywhere, by its certificate.", said);
        Assert.DoesNotContain("no call is taken", said);
    }

    [Fact]
    public void Trunks_without_networks_share_a_realm_and_no_user()
    {
        TrunkOptions Trunk(string name, string realm, string user) => new() { Name = name, Digest = new DigestOptions { Realm = realm, Users = new Dictionary<string, string> { [user] = "secret" } } };
        Assert.Equal("Trunks:b:Digest:Realm", Assert.Throws<TelephonyOptionsException>(() => new TrunkTable([Trunk("a", "one", "x"), Trunk("b", "two", "y")])).Key);
        Assert.Equal("Trunks:b:Digest:Users:x", Assert.Throws<TelephonyOptionsException>(() => new TrunkTable([Trunk("a", "one", "x"), Trunk("b", "one", "x")])).Key);
    }
}
