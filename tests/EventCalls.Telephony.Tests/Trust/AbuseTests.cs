using System.Net;
using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Trust;
using EventCalls.Testing.Logging;
using EventCalls.Testing.Sip;

namespace EventCalls.Telephony.Tests.Trust;

/// <summary>Too many calls, and those who only try what is open.</summary>
public sealed class AbuseTests : EdgeTest
{
    private static readonly DigestOptions s_digest = new() { Realm = "edge", Users = new Dictionary<string, string> { ["alice"] = "wonderland" } };

    private readonly VirtualHost _stranger;
    private int _sent;

    public AbuseTests() => _stranger = Network.AddHost("10.0.0.66:5060");

    private void Limit(Func<TrunkOptions, TrunkOptions> change) =>
        Options = Options with { Trunks = [.. Options.Trunks.Select(t => t.Name == "carrier" ? change(t) : t)] };

    private int Answers() => _stranger.Received.Count;

    private void Ask(string agent = "phone", string method = "INVITE", string more = "X-More: none")
    {
        _ = Shard;
        _stranger.Send(NodeHost, $"""
            {method} sip:100@10.0.0.1 SIP/2.0
            Via: SIP/2.0/UDP 10.0.0.66:5060;branch=z9hG4bKa{++_sent}
            Max-Forwards: 70
            From: <sip:100@10.0.0.1>;tag=1
            To: <sip:100@10.0.0.1>
            Call-ID: a{_sent}
            CSeq: 1 {method}
            User-Agent: {agent}
            {more}
            """);
        Run(10);
    }

    [Fact]
    [Trait("RFC", "3261 §21.5.4")]
    public void A_trunk_that_begins_too_many_calls_a_second_gets_503_with_Retry_After_and_leaves_nothing_behind()
    {
        Limit(t => t with { MaxCallsPerSecond = 3 });
        for (int i = 0; i < 5; i++)
            CallIn();
        Assert.Equal(3, Journal.Events.OfType<CallStarted>().Count());
        var refusals = Network.Log.Where(s => s.Kind == "503").ToList();
        Assert.Equal(2, refusals.Count);
        Assert.All(refusals, r => Assert.InRange(int.Parse(r.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture), 5, 10));
        Run(1_000);
        CallIn();
        Assert.Equal(4, Journal.Events.OfType<CallStarted>().Count());
    }

    [Fact]
    [Trait("RFC", "3261 §21.5.4")]
    public void A_trunk_with_as_many_open_calls_as_it_may_have_gets_503_until_one_ends_and_others_are_not_touched()
    {
        Limit(t => t with { MaxCalls = 1 });
        Options = Options with { Trunks = [.. Options.Trunks, new TrunkOptions { Name = "other", From = ["10.0.0.4"] }] };
        var first = CallIn();
        CallIn();
        Assert.Equal("503", Caller.Log[^1]);
        Second.Call(NodeHost, Second.Session());
        Run(20);
        Assert.Equal("other", Started.Trunk);
        first.Cancel();
        Run(50);
        CallIn();
        Assert.Equal(3, Journal.Events.OfType<CallStarted>().Count());
    }

    [Theory]
    [InlineData("friendly-scanner", 0)]
    [InlineData("SIPVicious 0.3", 0)]
    [InlineData("a friendly-scanner", 1)]
    public void A_scanner_hears_nothing(string agent, int answers)
    {
        Ask(agent);
        Ask(agent, "OPTIONS");
        Assert.Equal(answers * 2, Answers());
    }

    [Fact]
    public void A_scanner_hears_nothing_where_strangers_are_challenged_and_a_trunks_phone_may_have_any_name()
    {
        Options = Options with { Trunks = [.. Options.Trunks, new TrunkOptions { Name = "roaming", Digest = s_digest }] };
        Ask("friendly-scanner");
        Assert.Equal(0, Answers());
        Ask();
        Assert.Equal("401", _stranger.Received.Single().Kind);
        CallIn(headers: new HeaderLine("User-Agent", "friendly-scanner"));
        Assert.Equal("carrier", Started.Trunk);
    }

    [Theory]
    [InlineData(false, "403")]
    [InlineData(true, "401")]
    public void So_many_requests_of_a_stranger_are_answered_a_second(bool isChallenged, string status)
    {
        Options = Options with { Abuse = new AbuseOptions { StrangersPerSecond = 5 } };
        if (isChallenged)
            Options = Options with { Trunks = [.. Options.Trunks, new TrunkOptions { Name = "roaming", Digest = s_digest }] };
        for (int i = 0; i < 20; i++)
            Ask();
        Assert.Equal(Enumerable.Repeat(status, 5), _stranger.Received.Select(r => r.Kind));
        Run(1_000);
        Ask();
        Assert.Equal(6, Answers());
    }

    [Fact]
    public void Who_is_refused_too_often_is_not_read_for_a_while()
    {
        var log = new RecordingLogger();
        Logger = log;
        Options = Options with { Abuse = new AbuseOptions { BanAfter = 3, BanWithinSeconds = 10, BanSeconds = 60 } };
        Ask();
        Ask();
        Run(10_000);
        // Those are too long ago.
        for (int i = 0; i < 5; i++)
            Ask();
        Assert.Equal(5, Answers());
        Assert.Contains("Refused source=10.0.0.66 cause=banned seconds=60", log.Warnings);
        Run(60_000);
        Ask();
        Assert.Equal(6, Answers());
    }

    [Fact]
    public void A_method_that_nobody_knows_is_in_the_line_of_a_refusal_by_a_word_of_ours()
    {
        var log = new RecordingLogger();
        Logger = log;
        Ask(method: "KDMQ");
        Assert.Contains("Refused source=10.0.0.66 cause=stranger request=OTHER transport=udp", log.Lines.Select(l => l.Text));
    }

    [Fact]
    public void The_calls_of_an_address_go_on_when_it_is_banned_and_no_new_one_begins()
    {
        Options = Options with
        {
            Abuse = new AbuseOptions { BanAfter = 3, BanSeconds = 60 },
            Trunks = [.. Options.Trunks.Where(t => t.Name != "carrier"), new TrunkOptions { Name = "roaming", Digest = s_digest }],
        };
        Caller.Credentials = new Sip.Authentication.Credentials("alice", "wonderland");
        TargetAnswers();
        CallIn();
        Decide(Invite());
        Run(100);
        var up = Caller.Leg!;
        Target.OnCall = static (_, leg) => leg.Ring(180);
        var ringing = CallIn();
        Decide(Invite());
        Run(100);
        Caller.Credentials = new Sip.Authentication.Credentials("alice", "looking-glass");
        for (int i = 0; i < 6; i++)
            CallIn();
        int calls = Journal.Events.OfType<CallStarted>().Count();
        Assert.Equal(2, calls);
        // Banned: what begins is not even challenged.
        Caller.Credentials = new Sip.Authentication.Credentials("alice", "wonderland");
        int answered = Caller.Log.Count;
        CallIn();
        Assert.Equal(answered, Caller.Log.Count);
        Assert.Equal(calls, Journal.Events.OfType<CallStarted>().Count());
        // The target's change is answered by the caller, and the caller's by the target; the ringing call is cancelled, the other one ended.
        Target.Legs[0].ReInvite(Target.Session("sendonly"), null, Target);
        Run(100);
        Assert.Contains("INVITE 200", Target.Log);
        up.ReInvite(Caller.Session("sendonly"), null, Caller);
        Run(100);
        Assert.Contains("INVITE 200", Caller.Log);
        ringing.Cancel();
        Run(100);
        Assert.Equal("cancel", Target.Log[^1]);
        up.Bye();
        Run(100);
        Assert.Equal("bye", Target.Log[^1]);
        Run(40_000);
        AssertOver();
    }

    [Fact]
    public void Wrong_passwords_are_counted_and_a_challenge_is_not()
    {
        Options = Options with
        {
            Abuse = new AbuseOptions { BanAfter = 3 },
            Trunks = [.. Options.Trunks, new TrunkOptions { Name = "roaming", Digest = s_digest }],
        };
        for (int i = 0; i < 10; i++)
            Ask();
        Assert.Equal(10, Answers());
        for (int i = 0; i < 10; i++)
            Ask(more: "Authorization: Digest username=\"alice\", realm=\"edge\", nonce=\"n\", uri=\"u\", response=\"r\"");
        Assert.Equal(13, Answers());
    }

    [Fact]
    public void An_address_of_a_trunk_is_never_banned_as_datagrams_can_be_forged()
    {
        Options = Options with { Abuse = new AbuseOptions { BanAfter = 1 } };
        Limit(t => t with { Digest = s_digest });
        Caller.Credentials = new Sip.Authentication.Credentials("alice", "guessed");
        for (int i = 0; i < 5; i++)
            CallIn();
        Caller.Credentials = new Sip.Authentication.Credentials("alice", "wonderland");
        CallIn();
        Assert.Equal("carrier", Started.Trunk);
    }

    [Fact]
    public void A_flood_of_forged_sources_is_remembered_up_to_a_limit_and_forgotten_in_time()
    {
        var watch = new SourceWatch(new AbuseOptions { BanAfter = 2, StrangersPerSecond = 1 }, Time);
        for (uint i = 0; i < 30_000; i++)
            watch.Failed(new IPAddress(0x0B000000 + i));
        Assert.Equal(10_000, watch.Count);
        Run(60_000);
        Assert.False(watch.Failed(IPAddress.Parse("192.0.2.1")));
        Assert.True(watch.Failed(IPAddress.Parse("192.0.2.1")));
        Assert.Equal(1, watch.Count);
        Assert.True(watch.IsBanned(IPAddress.Parse("192.0.2.1")));
    }

    [Fact]
    public void Each_refusal_is_a_line_of_a_fixed_shape_and_a_flood_a_hundred_a_second()
    {
        var log = new RecordingLogger();
        Logger = log;
        Ask();
        Ask("friendly-scanner", "REGISTER");
        string[] Lines() => [.. log.Lines.Select(l => l.Text).Where(t => t.StartsWith("Refused ", StringComparison.Ordinal))];
        Assert.Equal(["Refused source=10.0.0.66 cause=stranger request=INVITE transport=udp", "Refused source=10.0.0.66 cause=scanner request=REGISTER transport=udp"], Lines());
        Run(2_001 - Time.GetUtcNow().Millisecond);
        for (int i = 0; i < 150; i++)
            _stranger.Send(NodeHost, $"OPTIONS sip:10.0.0.1 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.66;branch=z9hG4bKf{i}\nFrom: <sip:a@b>;tag=1\nTo: <sip:b@b>\nCall-ID: f{i}\nCSeq: 1 OPTIONS");
        Run(20);
        Assert.Equal(102, Lines().Length);
    }
}
