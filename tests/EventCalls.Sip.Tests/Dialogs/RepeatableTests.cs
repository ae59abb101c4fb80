using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Tracing;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Tests.Dialogs;

/// <summary>In virtual time nothing is left to chance, and everything can be watched.</summary>
public sealed class RepeatableTests
{
    [Fact]
    public void A_call_with_crossing_offers_is_the_same_byte_for_byte_when_it_is_played_again()
    {
        var first = Play(new SipPair());

        Assert.NotEmpty(first);
        Assert.Equal(first, Play(new SipPair()));
    }

    [Fact]
    public void Two_agents_of_one_network_share_no_ids()
    {
        var pair = new SipPair();
        Play(pair);
        Assert.NotEqual(pair.Network.Log.First(s => s.Kind == "INVITE").Header("From"), pair.Network.Log.First(s => s.Kind == "200").Header("To"));
    }

    [Fact]
    public void Ids_of_an_agent_that_strangers_reach_are_never_the_same()
    {
        var (one, two) = (RandomSource.Unguessable(), RandomSource.Unguessable());
        byte[] a = new byte[16], b = new byte[16];
        one.Fill(a);
        two.Fill(b);
        Assert.NotEqual(a, b);
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.InRange(one.Next(11), 0, 10));
    }

    [Fact]
    public void A_seed_gives_the_same_numbers_and_another_seed_others()
    {
        Assert.Equal(Numbers(7), Numbers(7));
        Assert.NotEqual(Numbers(7), Numbers(8));
        Assert.True(Numbers(0).Distinct().Count() > 40);

        static int[] Numbers(ulong seed)
        {
            var random = RandomSource.FromSeed(seed);
            return [.. Enumerable.Range(0, 50).Select(_ => random.Next(1_000_000))];
        }
    }

    [Fact]
    public void Whoever_watches_sees_every_message_that_comes_and_goes_as_it_is_on_the_wire()
    {
        var pair = new SipPair();
        var watch = new Watch();
        var watched = pair.Network.AddHost("10.0.0.7:5060");
        watched.Start(pair.B, new UserAgentOptions { Trace = watch });

        var leg = pair.Call(to: watched);
        pair.Network.Run(50);
        pair.B.Incoming[^1].Answer(SipPair.Offer);
        pair.Network.Run(50);
        leg.Bye();
        pair.Network.Run(50);

        var passed = pair.Network.Log.Where(s => s.To.Equals(watched.EndPoint) || s.From.Equals(watched.EndPoint)).ToList();
        Assert.Equal(["< INVITE", "> 100", "> 200", "< ACK", "< BYE", "> 200"], watch.Seen.Select(t => $"{t[0]} {(t[2] == 'S' ? t.Split(' ')[2] : t.Split(' ')[1])}"));
        Assert.Equal(passed.Select(s => s.Text).Order(), watch.Seen.Select(t => t[2..]).Order());
    }

    private static List<string> Play(SipPair pair)
    {
        var (caller, callee) = pair.Established();
        // Both ask at once: each is refused, and comes again after a time of its own (RFC 3261 §14.1).
        caller.ReInvite(SipPair.Offer, null, pair.A);
        callee.ReInvite(SipPair.Offer, null, pair.B);
        pair.Network.Run(10_000);
        caller.Bye();
        pair.Network.Run(1_000);
        return [.. pair.Network.Log.Select(s => $"{s.At} {s.From} {s.To}\n{s.Text}")];
    }

    private sealed class Watch : ISipTrace
    {
        public List<string> Seen { get; } = [];

        public void Received(Hop hop, ReadOnlySpan<byte> message) => Seen.Add("< " + System.Text.Encoding.UTF8.GetString(message));

        public void Sent(Hop hop, ReadOnlySpan<byte> message) => Seen.Add("> " + System.Text.Encoding.UTF8.GetString(message));
    }
}
