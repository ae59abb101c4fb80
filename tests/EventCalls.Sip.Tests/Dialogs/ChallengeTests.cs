using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using EventCalls.Sip.Authentication;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions.Refer;
using EventCalls.Sip.Messages;
using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Dialogs;

/// <summary>A peer that challenges: whatever it challenges, it is answered as often as that can help.</summary>
public sealed class ChallengeTests
{
    private static readonly Credentials s_alice = new("alice", "secret");

    private readonly SipPair _pair = new();
    private readonly VirtualHost _trunk;
    private string _realm = "carrier";
    private string _qop = "auth";
    private string? _nonce;
    private int _nonces;

    public ChallengeTests()
    {
        _trunk = _pair.Network.AddHost("10.0.0.9:5060");
        _trunk.OnReceived = s =>
        {
            if (s.StartLine.StartsWith("SIP/", StringComparison.Ordinal) || s.Kind == "ACK")
                return;
            if (IsAuthorized(s, "Authorization"))
                Answer(s, "200 OK");
            else
                Challenge(s);
        };
    }

    [Theory]
    [InlineData("INFO")]
    [InlineData("MESSAGE")]
    [InlineData("UPDATE")]
    [InlineData("OPTIONS")]
    [InlineData("REFER")]
    [InlineData("INVITE")]
    [InlineData("BYE")]
    [Trait("RFC", "3261 §22.2")]
    public void Every_request_of_a_call_is_repeated_with_credentials(string method)
    {
        var leg = Called();
        _nonce = null;
        int before = Requests(method).Count;
        Ask(leg, method, _pair.A);
        _pair.Network.Run(100);
        var sent = Requests(method)[before..];
        Assert.Equal(2, sent.Count);
        Assert.Equal(1 + int.Parse(sent[0].Header("CSeq")!.Split(' ')[0]), int.Parse(sent[1].Header("CSeq")!.Split(' ')[0]));
        Assert.True(IsAuthorized(sent[1], "Authorization"));
        Assert.Contains(_trunk.Received, s => s.Kind == method);
        Assert.Equal("200", _pair.Network.Log.Last(s => s.CSeqMethod == method && s.Kind.StartsWith('2')).Kind);
        if (method == "INVITE")
            Assert.Equal(sent[1].Header("Authorization"), Requests("ACK")[^1].Header("Authorization"));
    }

    [Theory]
    [InlineData("INFO")]
    [InlineData("UPDATE")]
    [InlineData("INVITE")]
    [InlineData("BYE")]
    [InlineData("REFER")]
    [Trait("RFC", "7616 §3.4.3")]
    public void A_peer_that_wants_the_body_protected_gets_every_request_so(string method)
    {
        _qop = "auth-int";
        var leg = Called();
        Ask(leg, method, _pair.A);
        _pair.Network.Run(100);
        var sent = Requests(method)[^1];
        Assert.True(IsAuthorized(sent, "Authorization"));
        Assert.Equal("200", _pair.Network.Log.Last(s => s.CSeqMethod == method && s.Kind.StartsWith('2')).Kind);
    }

    [Theory]
    [InlineData("INFO")]
    [InlineData("INVITE")]
    [InlineData("BYE")]
    [Trait("RFC", "3261 §22.2")]
    public void What_is_asked_of_a_caller_is_repeated_with_its_trunks_credentials(string method)
    {
        var leg = CallsIn();
        leg.Credentials = s_alice;
        Ask(leg, method, _pair.B);
        _pair.Network.Run(100);
        Assert.Equal(2, Requests(method).Count);
        Assert.True(IsAuthorized(Requests(method)[1], "Authorization"));
        _pair.AssertNothingLeftAt(_pair.Bob, method == "BYE");
    }

    [Fact]
    [Trait("RFC", "3261 §22.1")]
    public void The_ACK_of_a_2xx_carries_the_credentials_of_its_INVITE()
    {
        Called();
        var invite = Requests("INVITE")[^1];
        Assert.NotNull(invite.Header("Authorization"));
        Assert.Equal(invite.Header("Authorization"), Requests("ACK")[^1].Header("Authorization"));
    }

    [Fact]
    [Trait("RFC", "7616 §3.4")]
    public void A_nonce_that_is_good_is_used_on_with_a_growing_count_and_no_further_challenge()
    {
        var leg = Called();
        leg.Request(SipMethod.Info, null, null, _pair.A);
        _pair.Network.Run(100);
        leg.Bye();
        _pair.Network.Run(100);
        Assert.Equal(1, _nonces);
        Assert.Equal(["00000001", "00000002", "00000003"], Authorized().Select(s => Value(s.Header("Authorization")!, "nc")));
        Assert.All(Authorized(), s => Assert.True(IsAuthorized(s, "Authorization")));
    }

    [Theory]
    [InlineData(1, 3, "answered 200")]
    [InlineData(2, 3, "failed 401")]
    [Trait("RFC", "7616 §3.3")]
    public void A_stale_nonce_is_replaced_once_more(int stale, int sent, string told)
    {
        int left = stale;
        _trunk.OnReceived = s =>
        {
            if (s.Kind != "INVITE")
                return;
            if (IsAuthorized(s, "Authorization") && left-- <= 0)
                Answer(s, "200 OK");
            else
                Challenge(s, stale: s.Header("Authorization") is not null);
        };
        _pair.Call(to: _trunk, credentials: s_alice);
        _pair.Network.Run(200);
        Assert.Equal(sent, Requests("INVITE").Count);
        Assert.Equal([told], _pair.A.Log);
    }

    [Fact]
    [Trait("RFC", "3261 §22.2")]
    public void Wrong_credentials_are_tried_once()
    {
        _pair.Call(to: _trunk, credentials: new Credentials("alice", "guess"));
        _pair.Network.Run(200);
        Assert.Equal(2, Requests("INVITE").Count);
        Assert.Equal(["failed 401"], _pair.A.Log);
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §22.3")]
    public void A_proxy_and_the_server_behind_it_are_both_answered()
    {
        string? proxyNonce = null, serverNonce = null;
        _trunk.OnReceived = s =>
        {
            if (s.Kind is not ("INVITE" or "BYE"))
                return;
            _realm = "proxy";
            _nonce = proxyNonce;
            if (!IsAuthorized(s, "Proxy-Authorization"))
            {
                Challenge(s, isProxy: true);
                proxyNonce = _nonce;
                return;
            }
            _realm = "server";
            _nonce = serverNonce;
            if (!IsAuthorized(s, "Authorization"))
            {
                Challenge(s);
                serverNonce = _nonce;
                return;
            }
            Answer(s, "200 OK");
        };
        var leg = _pair.Call(to: _trunk, credentials: s_alice);
        _pair.Network.Run(200);
        Assert.Equal(3, Requests("INVITE").Count);
        Assert.Equal("answered 200", _pair.A.Log[^1]);
        var ack = Requests("ACK")[^1];
        Assert.NotNull(ack.Header("Authorization"));
        Assert.NotNull(ack.Header("Proxy-Authorization"));
        leg.Bye();
        _pair.Network.Run(200);
        var bye = Assert.Single(Requests("BYE"));
        Assert.Equal("00000002", Value(bye.Header("Authorization")!, "nc"));
        Assert.Equal("00000003", Value(bye.Header("Proxy-Authorization")!, "nc"));
    }

    [Fact]
    public void A_peer_that_invents_realm_after_realm_is_given_up_on()
    {
        _trunk.OnReceived = s =>
        {
            _realm = $"realm {_nonces}";
            if (s.Kind == "INVITE")
                Challenge(s, stale: true);
        };
        _pair.Call(to: _trunk, credentials: s_alice);
        _pair.Network.Run(5_000);
        Assert.InRange(Requests("INVITE").Count, 2, 8);
        Assert.Equal(["failed 401"], _pair.A.Log);
        _pair.AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §13.2.2.4")]
    public void The_BYE_of_a_fork_that_answered_too_late_is_repeated_with_credentials()
    {
        _trunk.OnReceived = s =>
        {
            if (s.StartLine.StartsWith("SIP/", StringComparison.Ordinal) || s.Kind == "ACK")
                return;
            if (!IsAuthorized(s, "Authorization"))
            {
                Challenge(s);
                return;
            }
            Answer(s, "200 OK", "one");
            if (s.Kind == "INVITE")
            {
                Answer(s, "200 OK", "two");
                _nonce = null;
            }
        };
        _pair.Call(to: _trunk, credentials: s_alice);
        _pair.Network.Run(300);
        Assert.Equal(2, Requests("BYE").Count);
        Assert.True(IsAuthorized(Requests("BYE")[1], "Authorization"));
    }

    private static void Ask(Leg leg, string method, RecordingHandler handler)
    {
        switch (method)
        {
            case "BYE":
                leg.Bye();
                break;
            case "INVITE":
                leg.ReInvite(SipPair.Offer, null, handler);
                break;
            case "REFER":
                leg.Refer(new OutgoingRefer { ReferTo = "sip:support@example.com" }, handler);
                break;
            default:
                leg.Request(SipMethods.Of(Encoding.ASCII.GetBytes(method)), null, null, handler);
                break;
        }
    }

    private OutgoingLeg Called()
    {
        var leg = _pair.Call(to: _trunk, credentials: s_alice);
        _pair.Network.Run(100);
        Assert.Equal(["answered 200"], _pair.A.Log);
        return leg;
    }

    private IncomingLeg CallsIn()
    {
        const string Head = "Max-Forwards: 70\r\nFrom: <sip:carol@10.0.0.9>;tag=c\r\nCall-ID: in\r\nContact: <sip:carol@10.0.0.9>\r\nCSeq: 1";
        _trunk.Send(_pair.Bob, $"INVITE sip:bob@10.0.0.2 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKi\r\nTo: <sip:bob@10.0.0.2>\r\n{Head} INVITE");
        _pair.Network.Run(20);
        var leg = _pair.B.Incoming.Single();
        leg.Answer(SipPair.Offer);
        _pair.Network.Run(20);
        _trunk.Send(_pair.Bob, $"ACK sip:bob@10.0.0.2 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKa\r\nTo: {_trunk.Received[^1].Header("To")}\r\n{Head} ACK");
        _pair.Network.Run(20);
        Assert.Equal(LegState.Confirmed, leg.State);
        return leg;
    }

    private List<Sent> Requests(string method) => [.. _trunk.Received.Where(s => s.Kind == method)];

    private IEnumerable<Sent> Authorized() => _trunk.Received.Where(s => s.Kind != "ACK" && s.Header("Authorization") is not null);

    private void Challenge(Sent s, bool isProxy = false, bool stale = false)
    {
        _nonce = $"nonce-{++_nonces}";
        string challenge = $"Digest realm=\"{_realm}\", nonce=\"{_nonce}\", qop=\"{_qop}\", algorithm=MD5{(stale ? ", stale=TRUE" : "")}";
        Answer(s, isProxy ? $"407 Proxy Authentication Required\r\nProxy-Authenticate: {challenge}" : $"401 Unauthorized\r\nWWW-Authenticate: {challenge}");
    }

    private void Answer(Sent s, string status, string tag = "t")
    {
        string to = s.Header("To")!;
        var peer = s.From.Equals(_pair.Alice.EndPoint) ? _pair.Alice : _pair.Bob;
        _trunk.Send(peer, $"""
            SIP/2.0 {status}
            Via: {s.Header("Via")}
            From: {s.Header("From")}
            To: {(to.Contains(";tag=", StringComparison.Ordinal) ? to : $"{to};tag={tag}")}
            Call-ID: {s.Header("Call-ID")}
            CSeq: {s.Header("CSeq")}
            Contact: <sip:{tag}@10.0.0.9>
            """);
    }

    /// <summary>Works the answer out anew (RFC 7616 §3.4.1), for the nonce that was given out last.</summary>
    private bool IsAuthorized(Sent s, string header)
    {
        if (_nonce is null || s.Header(header) is not { } value || Value(value, "nonce") != _nonce)
            return false;
        string[] line = s.StartLine.Split(' ');
        string secret = Md5($"alice:{_realm}:secret");
        string expected = Md5($"{secret}:{_nonce}:{Value(value, "nc")}:{Value(value, "cnonce")}:{_qop}:{Md5($"{line[0]}:{line[1]}{(_qop == "auth-int" ? ":" + Md5(s.Body) : "")}")}");
        return Value(value, "uri") == line[1] && Value(value, "response") == expected;
    }

    private static string Value(string header, string name) => Regex.Match(header, $"[ ,]{name}=\"?([^\",]*)").Groups[1].Value;

    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
}
