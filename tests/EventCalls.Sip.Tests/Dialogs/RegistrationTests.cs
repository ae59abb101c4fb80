using System.Text.RegularExpressions;
using EventCalls.Sip.Authentication;
using EventCalls.Sip.Dialogs;
using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Dialogs;

/// <summary>Our Contact at a registrar, in virtual time; the registrar is scripted.</summary>
public sealed partial class RegistrationTests : IRegistrationUser
{
    private readonly VirtualNetwork _network = new();
    private readonly VirtualHost _us;
    private readonly VirtualHost _registrar;
    private readonly List<string> _heard = [];
    private readonly List<VirtualHost> _others = [];
    private Registration _registration = null!;
    private readonly List<long> _failedAt = [];
    private long? _patience;
    private bool _findsNothing;

    public RegistrationTests()
    {
        _us = _network.AddHost("10.0.0.1:5060");
        _us.Start(new RecordingHandler());
        _registrar = _network.AddHost("10.0.0.9:5060");
        _registrar.OnReceived = s => Answer(s, "200 OK", $"Contact: {s.Header("Contact")};expires=60");
    }

    private IReadOnlyList<Sent> Asked => [.. _network.Log.Where(s => s.Kind == "REGISTER")];

    [Fact]
    [Trait("RFC", "3261 §10.2")]
    public void A_REGISTER_names_the_registrar_the_address_of_record_and_the_Contact_of_the_hop_that_it_leaves_by()
    {
        Begin();
        var sent = Assert.Single(Asked);
        Assert.Equal("REGISTER sip:reg.example.com SIP/2.0", sent.StartLine);
        Assert.Equal("<sip:alice@example.com>", sent.Header("To"));
        Assert.StartsWith("<sip:alice@example.com>;tag=", sent.Header("From"), StringComparison.Ordinal);
        Assert.Equal("<sip:alice@10.0.0.1:5060>", sent.Header("Contact"));
        Assert.Equal("3600", sent.Header("Expires"));
        Assert.Equal(["registered 60"], _heard);
        Assert.True(_registration.IsRegistered);
    }

    [Fact]
    [Trait("RFC", "3261 §10.2.4")]
    public void It_is_refreshed_at_about_four_fifths_of_its_time_with_the_same_Call_ID_and_the_next_CSeq()
    {
        Begin();
        _network.Run(600_000);
        Assert.InRange(Asked.Count, 11, 14);
        Assert.Single(Asked.Select(s => s.Header("Call-ID")).Distinct());
        Assert.Single(Asked.Select(s => s.Header("From")).Distinct());
        Assert.Equal(Enumerable.Range(1, Asked.Count).Select(n => $"{n} REGISTER"), Asked.Select(s => s.Header("CSeq")!));
        var pauses = Asked.Zip(Asked.Skip(1), (a, b) => b.At - a.At).ToList();
        Assert.All(pauses, p => Assert.InRange(p, 45_000, 51_100));
        // Whoever registers at the same time does not refresh at the same time.
        Assert.True(pauses.Distinct().Count() > 3, string.Join(' ', pauses));
    }

    [Theory]
    [Trait("RFC", "3261 §10.2.4")]
    [InlineData("Contact: <sip:bob@10.0.0.7>;expires=900, \"us\" <sip:alice@10.0.0.1:5060>;q=0.5;expires=120", 120)]
    [InlineData("Contact: <sip:alice@10.0.0.1:5060>\nExpires: 240 (of all)", 240)]
    [InlineData("Contact: <sip:alice@203.0.113.7:61234>;expires=180", 180)]
    [InlineData("Contact: <sip:bob@10.0.0.7>;expires=900, <sip:carol@10.0.0.8>;expires=800\nExpires: 300", 300)]
    [InlineData("X-None: 1", 3600)]
    [InlineData("Expires: soon", 3600)]
    [InlineData("Expires: 99999999999", 3600)]
    [InlineData("Expires: 4294967295", 2592000)]
    public void How_long_it_lasts_is_what_the_registrar_says_of_our_Contact_else_of_all_else_what_we_asked_for(string lines, int seconds)
    {
        _registrar.OnReceived = s => Answer(s, "200 OK", lines);
        Begin();
        Assert.Equal([$"registered {seconds}"], _heard);
    }

    [Fact]
    [Trait("RFC", "3261 §22.2")]
    public void A_challenge_is_answered_and_the_next_refresh_brings_its_credentials_along()
    {
        string nonce = "n1";
        _registrar.OnReceived = s =>
        {
            if (s.Header("Authorization")?.Contains($"nonce=\"{nonce}\"", StringComparison.Ordinal) == true)
                Answer(s, "200 OK", "Expires: 60");
            else
                Answer(s, "401 Unauthorized", $"WWW-Authenticate: Digest realm=\"reg\", nonce=\"{nonce}\", qop=\"auth\", algorithm=MD5{(s.Header("Authorization") is null ? "" : ", stale=true")}");
        };
        Begin(new Credentials("alice", "secret"));
        _network.Run(60_000);
        Assert.Equal(["registered 60", "registered 60"], _heard);
        Assert.Equal([null, "00000001", "00000002"], Asked.Select(s => s.Header("Authorization") is { } a ? CountOf().Match(a).Groups[1].Value : null));
        Assert.Contains("uri=\"sip:reg.example.com\"", Asked[^1].Header("Authorization"), StringComparison.Ordinal);
        nonce = "n2";
        _network.Run(50_000);
        Assert.Equal(3, _heard.Count(h => h == "registered 60"));
        Assert.Equal(Asked.Count, Asked.Select(s => s.Header("CSeq")).Distinct().Count());
    }

    [Fact]
    [Trait("RFC", "3261 §22.2")]
    public void A_wrong_password_is_tried_again_with_growing_pauses_and_once_in_each_of_them()
    {
        _registrar.OnReceived = s => Answer(s, "407 Proxy Authentication Required", "Proxy-Authenticate: Digest realm=\"reg\", nonce=\"n\"");
        Begin(new Credentials("alice", "wrong"));
        _network.Run(7_200_000);
        Assert.All(_heard, h => Assert.Equal("failed 407: it answered 407 Proxy Authentication Required", h));
        Assert.Equal(2 * _failedAt.Count, Asked.Count);
        AssertPausesGrow();
    }

    [Fact]
    [Trait("RFC", "3261 §10.2.8")]
    public void A_registrar_to_which_the_time_is_too_brief_is_asked_for_the_one_it_names_and_from_then_on()
    {
        _registrar.OnReceived = s =>
        {
            if (int.Parse(s.Header("Expires")!) < 7_200)
                Answer(s, "423 Interval Too Brief", "Min-Expires: 7200");
            else
                Answer(s, "200 OK", $"Contact: {s.Header("Contact")};expires=7200");
        };
        Begin();
        _network.Run(7_000_000);
        Assert.Equal(["3600", "7200", "7200"], Asked.Select(s => s.Header("Expires")!));
        Assert.Equal(["registered 7200", "registered 7200"], _heard);
    }

    [Theory]
    [Trait("RFC", "3261 §10.2.8")]
    [InlineData("Min-Expires: 60")]
    [InlineData("Min-Expires: 4000000000")]
    [InlineData("X-None: 1")]
    public void A_423_that_names_nothing_to_ask_for_is_a_failure(string lines)
    {
        _registrar.OnReceived = s => Answer(s, "423 Interval Too Brief", lines);
        Begin();
        Assert.Equal(["failed 423: it answered 423 Interval Too Brief"], _heard);
        Assert.Single(Asked);
    }

    [Fact]
    [Trait("RFC", "5626 §4.5")]
    public void Failures_are_tried_again_with_pauses_that_grow_to_half_an_hour_and_begin_anew_after_a_success()
    {
        _registrar.OnReceived = s => Answer(s, "403 Forbidden");
        Begin();
        _network.Run(14_400_000);
        AssertPausesGrow();
        Assert.Equal(_failedAt.Count, Asked.Count);
        _registrar.OnReceived = s => Answer(s, "200 OK", "Expires: 3600");
        _network.Run(1_800_000);
        Assert.Equal("registered 3600", _heard[^1]);
        _registrar.OnReceived = s => Answer(s, "403 Forbidden");
        _heard.Clear();
        int before = Asked.Count;
        while (_heard.Count < 2)
            _network.Run(1_000);
        Assert.InRange(Asked[before + 1].At - Asked[before].At, 30_000, 61_000);
    }

    [Fact]
    [Trait("RFC", "5626 §4.5")]
    public void While_the_registration_still_lasts_a_failed_refresh_is_tried_again_before_it_is_over()
    {
        Begin();
        _registrar.OnReceived = s => Answer(s, "500 Server Internal Error");
        _network.Run(56_000);
        Assert.True(_registration.IsRegistered);
        Assert.True(Asked.Count >= 3, $"{Asked.Count}");
        _registrar.OnReceived = s => Answer(s, "200 OK", "Expires: 60");
        _network.Run(10_000);
        Assert.Equal("registered 60", _heard[^1]);
    }

    [Theory]
    [Trait("RFC", "3261 §20.33")]
    [InlineData("Retry-After: 120 (maintenance)", 120, 132)]
    [InlineData("Retry-After: 0", 5, 6)]
    [InlineData("Retry-After: 999999", 3600, 3960)]
    public void A_503_is_not_asked_again_before_its_Retry_After(string line, int least, int most)
    {
        _registrar.OnReceived = s => Answer(s, "503 Service Unavailable", line);
        Begin();
        _network.Run(4_000_000);
        Assert.InRange(Asked[1].At - Asked[0].At, least * 1_000, most * 1_000);
    }

    [Fact]
    [Trait("RFC", "3261 §10.2")]
    [Trait("RFC", "3263 §4.3")]
    public void A_silent_server_is_waited_for_as_long_as_its_user_has_patience_and_then_the_next_one_is_tried_at_once()
    {
        var second = _network.AddHost("10.0.0.8:5060");
        second.OnReceived = s => second.Send(_us, Response(s, "200 OK", "Expires: 60"));
        _registrar.OnReceived = null;
        _others.Add(second);
        _patience = 4_000;
        Begin();
        _network.Run(5_000);
        Assert.Equal(["failed: it does not answer", "registered 60"], _heard);
        Assert.Equal(4_000, Asked.First(s => s.To.Equals(second.EndPoint)).At);
        Assert.Equal("2 REGISTER", Asked[^1].Header("CSeq"));
    }

    [Fact]
    [Trait("RFC", "3261 §10.2")]
    public void Without_an_end_of_patience_the_transaction_ends_it()
    {
        _registrar.OnReceived = null;
        Begin();
        _network.Run(31_800);
        Assert.Empty(_heard);
        _network.Run(200);
        Assert.Equal(["failed: it does not answer"], _heard);
    }

    [Fact]
    public void A_closed_hop_is_said_with_its_reason_and_tried_again()
    {
        _registrar.OnReceived = null;
        Begin();
        var hop = _us.HopTo(_registrar);
        hop.WhyClosed = "the certificate is for another host";
        _us.Agent!.HopFailed(hop);
        Assert.Equal(["failed: the certificate is for another host"], _heard);
    }

    [Fact]
    [Trait("RFC", "3261 §10.2.4")]
    public void A_200_that_keeps_our_Contact_for_no_time_is_a_failure()
    {
        _registrar.OnReceived = s => Answer(s, "200 OK", $"Contact: {s.Header("Contact")};expires=0");
        Begin();
        Assert.Equal(["failed 200: it answered 200, and keeps no Contact of ours"], _heard);
        Assert.False(_registration.IsRegistered);
    }

    [Fact]
    [Trait("RFC", "3261 §10.2.2")]
    public void Removing_it_says_Expires_0_for_our_Contact_alone_and_leaves_nothing_behind()
    {
        Begin();
        _registration.Remove();
        _network.Run(100);
        Assert.Equal("0", Asked[^1].Header("Expires"));
        Assert.Equal("<sip:alice@10.0.0.1:5060>", Asked[^1].Header("Contact"));
        Assert.Equal(["registered 60", "removed"], _heard);
        AssertNothingLeft();
        Assert.Equal(2, Asked.Count);
    }

    [Fact]
    [Trait("RFC", "3261 §22.2")]
    public void A_challenge_of_the_removal_is_answered()
    {
        bool isFirst = true;
        Begin(new Credentials("alice", "secret"));
        _registrar.OnReceived = s =>
        {
            Answer(s, isFirst ? "401 Unauthorized" : "200 OK", "WWW-Authenticate: Digest realm=\"reg\", nonce=\"n\"");
            isFirst = false;
        };
        _registration.Remove();
        _network.Run(100);
        Assert.Equal(["3600", "0", "0"], Asked.Select(s => s.Header("Expires")!));
        Assert.NotNull(Asked[^1].Header("Authorization"));
        Assert.Equal("removed", _heard[^1]);
        AssertNothingLeft();
    }

    [Fact]
    [Trait("RFC", "3261 §10.2")]
    public void A_removal_waits_for_the_answer_to_what_was_asked_before()
    {
        _registrar.OnReceived = null;
        Begin();
        _registration.Remove();
        _network.Run(100);
        Assert.Equal(["3600"], Asked.Select(s => s.Header("Expires")!));
        _registrar.OnReceived = s => Answer(s, "200 OK", "Expires: 60");
        _network.Run(1_000);
        Assert.Equal("0", Asked[^1].Header("Expires"));
        Assert.Equal("2 REGISTER", Asked[^1].Header("CSeq"));
        Assert.Equal(["removed"], _heard);
        AssertNothingLeft();
    }

    [Theory]
    [InlineData("404 Not Found")]
    [InlineData(null)]
    public void What_was_never_registered_is_over_at_once_when_it_is_removed(string? status)
    {
        _registrar.OnReceived = status is null ? null : s => Answer(s, status);
        Begin();
        _registration.Remove();
        _network.Run(40_000);
        Assert.Equal("removed", _heard[^1]);
        Assert.DoesNotContain(Asked, s => s.Header("Expires") == "0");
        AssertNothingLeft();
    }

    [Fact]
    public void Nobody_can_be_asked_until_a_server_is_found()
    {
        _registration = new Registration(_us.Agent!, Options(null), this);
        _registrar.OnReceived = s => Answer(s, "200 OK", "Expires: 60");
        _findsNothing = true;
        _registration.Start();
        Assert.Equal(["failed: no server was found"], _heard);
        _findsNothing = false;
        _network.Run(61_000);
        Assert.Equal("registered 60", _heard[^1]);
    }

    void IRegistrationUser.OnDue()
    {
        if (_findsNothing)
            _registration.Fail(new RegistrationFailure(null, "no server was found"));
        else
            _registration.Try(_us.HopTo(_registrar), _patience);
    }

    void IRegistrationUser.OnRegistered(int seconds) => _heard.Add($"registered {seconds}");

    void IRegistrationUser.OnFailed(RegistrationFailure failure)
    {
        _failedAt.Add(_network.Now);
        _heard.Add($"failed{(failure.Status is { } status ? $" {status}" : "")}: {failure.Why}");
        if (failure.IsOfServer && _others.Count > 0)
        {
            var next = _others[0];
            _others.RemoveAt(0);
            _registration.Try(_us.HopTo(next));
        }
    }

    void IRegistrationUser.OnRemoved() => _heard.Add("removed");

    private static RegistrationOptions Options(Credentials? credentials) => new() { RegistrarUri = "sip:reg.example.com", AddressOfRecord = "sip:alice@example.com", Credentials = credentials };

    private void Begin(Credentials? credentials = null)
    {
        _registration = new Registration(_us.Agent!, Options(credentials), this);
        _registration.Start();
        _network.Run(100);
    }

    private void Answer(Sent request, string status, string lines = "X-None: 1") => _registrar.Send(_us, Response(request, status, lines));

    private static string Response(Sent request, string status, string lines) => $"""
        SIP/2.0 {status}
        Via: {request.Header("Via")}
        From: {request.Header("From")}
        To: {request.Header("To")};tag=reg
        Call-ID: {request.Header("Call-ID")}
        CSeq: {request.Header("CSeq")}
        {lines}
        """;

    private void AssertPausesGrow()
    {
        var pauses = _failedAt.Zip(_failedAt.Skip(1), (a, b) => b - a).ToList();
        Assert.True(pauses.Count > 6, $"{pauses.Count}");
        for (int i = 0; i < pauses.Count; i++)
            Assert.InRange(pauses[i], Math.Min(30_000L << i, 900_000), Math.Min(60_000L << i, 1_800_000) + 100);
    }

    private void AssertNothingLeft()
    {
        _network.Run(200_000);
        Assert.False(_registration.IsRegistered);
        Assert.Equal(0, _us.Agent!.OpenTransactions);
        Assert.Equal(0, _us.Agent.Wheel.Count);
    }

    [GeneratedRegex("nc=(\\w+)")]
    private static partial Regex CountOf();
}
