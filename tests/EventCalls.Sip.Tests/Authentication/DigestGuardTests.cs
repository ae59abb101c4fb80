using System.Security.Cryptography;
using System.Text;
using EventCalls.Sip.Authentication;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions.DigestServer;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;
using EventCalls.Sip.Tests.Dialogs;

namespace EventCalls.Sip.Tests.Authentication;

/// <summary>Who sends a request proves who they are.</summary>
public sealed class DigestGuardTests
{
    private const string Uri = "sip:bob@10.0.0.2";
    private const long Now = 1_800_000_000_000;

    private static readonly byte[] s_secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly Credentials s_alice = new("alice", "wonderland");

    private readonly DigestGuard _guard = Guard();

    [Fact]
    [Trait("RFC", "8760 §2.4")]
    public void The_strongest_algorithm_is_offered_first() => Assert.Equal(
        ["SHA-256", "MD5"], Challenges(_guard).Select(c => c.AlgorithmName));

    [Theory]
    [InlineData("MD5", false)]
    [InlineData("MD5", true)]
    [InlineData("SHA-256", false)]
    [InlineData("SHA-256", true)]
    [Trait("RFC", "3261 §22.4")]
    [Trait("RFC", "7616 §3.4.1")]
    public void The_right_password_is_right_and_any_other_wrong(string algorithm, bool isIntegrity)
    {
        Assert.Equal(DigestVerdict.Right, _guard.Check(Answer(algorithm: algorithm, isIntegrity: isIntegrity, body: "v=0"), Now));
        Assert.Equal(DigestVerdict.Wrong, _guard.Check(Answer(algorithm: algorithm, isIntegrity: isIntegrity, body: "v=0", password: "Wonderland"), Now));
        Assert.Equal(DigestVerdict.Wrong, _guard.Check(Answer(algorithm: algorithm, isIntegrity: isIntegrity, body: "v=0", user: "mallory"), Now));
    }

    [Fact]
    [Trait("RFC", "7616 §3.4.3")]
    public void A_body_that_was_changed_on_the_way_is_wrong_with_auth_int_and_right_with_auth()
    {
        string Changed(bool isIntegrity) => Text(Answer(isIntegrity: isIntegrity, body: "v=0")).Replace("v=0", "v=1", StringComparison.Ordinal);
        Assert.Equal(DigestVerdict.Wrong, _guard.Check(Parse(Changed(isIntegrity: true)), Now));
        Assert.Equal(DigestVerdict.Right, _guard.Check(Parse(Changed(isIntegrity: false)), Now));
    }

    [Fact]
    [Trait("RFC", "7616 §3.4")]
    public void A_count_is_used_once_in_whatever_order_they_come()
    {
        string nonce = Challenges(_guard)[0].Nonce;
        foreach (uint count in (uint[])[1, 3, 2, 80, 79, 17])
        {
            Assert.Equal(DigestVerdict.Right, _guard.Check(Answer(nonce: nonce, count: count), Now));
            Assert.Equal(DigestVerdict.Stale, _guard.Check(Answer(nonce: nonce, count: count), Now));
        }
        // Too far back to be remembered.
        Assert.Equal(DigestVerdict.Stale, _guard.Check(Answer(nonce: nonce, count: 16), Now));
    }

    [Fact]
    [Trait("RFC", "3261 §22.4")]
    [Trait("RFC", "2069 §2.4")]
    public void Without_qop_a_nonce_serves_once()
    {
        string nonce = Challenges(_guard)[0].Nonce;
        Assert.Equal(DigestVerdict.Right, _guard.Check(Answer(nonce: nonce, hasQop: false), Now));
        Assert.Equal(DigestVerdict.Stale, _guard.Check(Answer(nonce: nonce, hasQop: false), Now));
    }

    [Theory]
    [InlineData(299, DigestVerdict.Right)]
    [InlineData(301, DigestVerdict.Stale)]
    [InlineData(-61, DigestVerdict.Stale)]
    [Trait("RFC", "7616 §3.3")]
    public void A_nonce_that_is_too_old_is_stale_when_the_password_is_right(int seconds, DigestVerdict verdict)
    {
        var answer = Answer();
        Assert.Equal(verdict, _guard.Check(answer, Now + (seconds * 1000)));
        Assert.Equal(DigestVerdict.Wrong, _guard.Check(Answer(password: "none"), Now + (seconds * 1000)));
        Assert.All(Challenges(_guard, isStale: true), c => Assert.True(c.IsStale));
    }

    [Fact]
    public void A_nonce_that_somebody_else_made_is_stale()
    {
        var other = new DigestGuard("edge", [DigestUser.Of("alice", "edge", "wonderland")!], [], RandomNumberGenerator.GetBytes(32));
        Assert.Equal(DigestVerdict.Stale, _guard.Check(Answer(nonce: Challenges(other)[0].Nonce), Now));
        Assert.Equal(DigestVerdict.Stale, _guard.Check(Answer(nonce: "abc"), Now));
    }

    [Fact]
    [Trait("RFC", "3261 §8.2.7")]
    public void A_repetition_is_challenged_with_the_same_nonce_and_another_request_with_another()
    {
        Assert.Equal(Challenges(_guard)[0].Nonce, Challenges(_guard)[0].Nonce);
        Assert.NotEqual(Challenges(_guard)[0].Nonce, Challenges(_guard, callId: "other")[0].Nonce);
    }

    [Fact]
    public void More_nonces_than_are_kept_cost_their_owners_a_challenge_and_let_no_replay_through()
    {
        var guard = new DigestGuard("edge", [DigestUser.Of("alice", "edge", "wonderland")!], [], s_secret, mostNonces: 10);
        var answers = Enumerable.Range(0, 30).Select(i => (At: Now + (i * 1000), Answer: Answer(nonce: Challenges(guard, callId: $"c{i}", at: Now + (i * 1000))[0].Nonce))).ToList();
        foreach (var (at, answer) in answers)
            Assert.Equal(DigestVerdict.Right, guard.Check(answer, at));
        foreach (var (at, answer) in answers)
            Assert.Equal(DigestVerdict.Stale, guard.Check(answer, at));
    }

    [Fact]
    [Trait("RFC", "7616 §3.4.2")]
    public void A_hash_is_as_good_as_the_password_and_only_what_all_have_is_offered()
    {
        string ha1 = Convert.ToHexStringLower(SHA256.HashData("alice:edge:wonderland"u8));
        var guard = new DigestGuard("edge", [DigestUser.Of("alice", "edge", $"{{SHA-256}}{ha1}")!], [], s_secret);
        Assert.Equal(["SHA-256"], Challenges(guard).Select(c => c.AlgorithmName));
        Assert.Equal(DigestVerdict.Right, guard.Check(Answer(), Now));
        Assert.Null(DigestUser.Of("alice", "edge", "{MD5}short"));
        Assert.Throws<ArgumentException>(() => new DigestGuard("edge", [DigestUser.Of("alice", "edge", $"{{SHA-256}}{ha1}")!], ["MD5"], s_secret));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Authorization: Basic YTpi\r\n")]
    [InlineData("Authorization: Digest\r\n")]
    [InlineData("Authorization: Digest username=\"alice\", realm=\"elsewhere\", nonce=\"n\", uri=\"u\", response=\"r\"\r\n")]
    [InlineData("Authorization: Digest username=\"alice\", realm=\"edge\", nonce=\"n\", uri=\"u\", response=\"r\", qop=auth\r\n")]
    [InlineData("Authorization: Digest username=\"alice, realm=\"edge\r\n")]
    public void What_answers_no_challenge_of_the_realm_is_challenged(string line) =>
        Assert.Equal(DigestVerdict.Missing, _guard.Check(Parse(Request(line, "")), Now));

    [Theory]
    [InlineData("qop=auth", "qop=auth-conf")]
    [InlineData("nc=00000001", "nc=1")]
    [InlineData("nc=00000001", "nc=00000000")]
    [InlineData("algorithm=SHA-256", "algorithm=SHA-256-sess")]
    [InlineData("algorithm=SHA-256", "algorithm=SHA-512")]
    public void What_we_did_not_offer_is_wrong(string was, string now)
    {
        string text = Text(Answer());
        Assert.Contains(was, text);
        Assert.Equal(DigestVerdict.Wrong, _guard.Check(Parse(text.Replace(was, now, StringComparison.Ordinal)), Now));
    }

    [Fact]
    [Trait("RFC", "3261 §22.2")]
    public void A_user_agent_of_ours_answers_it_and_what_it_is_asked_in_the_dialog()
    {
        var pair = new SipPair();
        pair.B.Examining = (request, _, _) => _guard.Check(request, Now) is var verdict && verdict == DigestVerdict.Right
            ? Admission.Taken
            : Admission.Answered(401, _guard.Challenge(request, Now, verdict == DigestVerdict.Stale));
        var caller = pair.Call(credentials: s_alice);
        pair.Network.Run(50);
        pair.B.Incoming[^1].Answer(SipPair.Offer);
        pair.Network.Run(50);
        Assert.Equal(LegState.Confirmed, caller.State);
        Assert.Equal(1, pair.Count("401"));
        caller.Bye();
        pair.Network.Run(50);
        Assert.Equal(1, pair.Count("401"));
        Assert.Contains("bye", pair.B.Log);
        pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §22.1")]
    public void What_is_challenged_leaves_nothing_behind()
    {
        var pair = new SipPair();
        pair.B.Examining = (request, _, _) => Admission.Answered(401, _guard.Challenge(request, Now, isStale: false));
        pair.Call();
        pair.Network.Run(1);
        Assert.Equal(0, pair.Bob.Agent!.OpenTransactions);
        Assert.Equal(0, pair.Bob.Agent.FinishedTransactions);
        pair.Network.Run(50);
        Assert.Empty(pair.B.Log);
        Assert.Equal(0, pair.Bob.Agent.OpenTransactions);
    }

    private static DigestGuard Guard() => new("edge", [DigestUser.Of("alice", "edge", "wonderland")!], [], s_secret);

    private static List<DigestChallenge> Challenges(DigestGuard guard, bool isStale = false, string callId = "call", long at = Now) =>
        [.. Encoding.UTF8.GetString(guard.Challenge(Parse(Request("", "", callId)), at, isStale)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(line => DigestChallenge.Read(Encoding.UTF8.GetBytes(line["WWW-Authenticate: ".Length..]))!)];

    /// <summary>A request with credentials, made here from the text of RFC 7616 §3.4.1.</summary>
    private SipMessage Answer(
        string algorithm = "SHA-256", bool isIntegrity = false, string body = "", string password = "wonderland", string user = "alice", string? nonce = null, uint count = 1, bool hasQop = true)
    {
        nonce ??= Challenges(_guard)[0].Nonce;
        string Hash(string text) => Convert.ToHexStringLower(algorithm == "MD5" ? MD5.HashData(Encoding.UTF8.GetBytes(text)) : SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        string qop = isIntegrity ? "auth-int" : "auth";
        string what = Hash(isIntegrity ? $"INVITE:{Uri}:{Hash(body)}" : $"INVITE:{Uri}");
        string proof = Hash(hasQop ? $"{Hash($"{user}:edge:{password}")}:{nonce}:{count:x8}:c0:{qop}:{what}" : $"{Hash($"{user}:edge:{password}")}:{nonce}:{what}");
        string more = hasQop ? $", qop={qop}, nc={count:x8}, cnonce=\"c0\"" : "";
        return Parse(Request($"Authorization: Digest username=\"{user}\", realm=\"edge\", nonce=\"{nonce}\", uri=\"{Uri}\", response=\"{proof}\", algorithm={algorithm}{more}\r\n", body));
    }

    private static string Request(string line, string body, string callId = "call") =>
        $"INVITE {Uri} SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:alice@10.0.0.1>;tag=1\r\nTo: <{Uri}>\r\nCall-ID: {callId}\r\nCSeq: 1 INVITE\r\n{line}Content-Length: {body.Length}\r\n\r\n{body}";

    private static string Text(SipMessage message) => SipText.Get(message.Raw);

    private static SipMessage Parse(string text)
    {
        var message = new SipMessage();
        Assert.Equal(SipParseError.None, SipParser.Parse(Encoding.UTF8.GetBytes(text), message));
        return message;
    }
}
