using System.Net;
using System.Text;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Tests.Transactions;

public sealed class FinishedTransactionsTests
{
    private const int WaitMs = 32_000;

    private readonly TimingWheel _wheel = new();
    private readonly FinishedTransactions _finished;
    private readonly Hop _hop = new(TransportProtocol.Udp, new IPEndPoint(IPAddress.Loopback, 5060), new IPEndPoint(IPAddress.Loopback, 5070));

    public FinishedTransactionsTests() => _finished = new FinishedTransactions(_wheel, WaitMs);

    [Fact]
    [Trait("RFC", "3261 §17.2.2")]
    public void A_repetition_finds_the_response_for_64_T1_and_nothing_after()
    {
        _finished.Add("key"u8, "response"u8, _hop);
        _wheel.Advance(WaitMs - 1);
        Assert.True(_finished.TryFind("key"u8, out var response, out var hop));
        Assert.Equal("response", Encoding.ASCII.GetString(response));
        Assert.Same(_hop, hop);
        _wheel.Advance(WaitMs + 1_000);
        Assert.False(_finished.TryFind("key"u8, out _, out _));
        Assert.Equal(0, _finished.Count);
        Assert.Equal(0, _wheel.Count);
    }

    [Fact]
    [Trait("RFC", "6026 §7.1")]
    public void A_transaction_without_response_is_found_and_says_nothing()
    {
        _finished.Add("key"u8, default, _hop);
        Assert.True(_finished.TryFind("key"u8, out var response, out _));
        Assert.True(response.IsEmpty);
    }

    [Fact]
    public void Every_one_of_many_is_found_until_it_is_due_whatever_came_and_went_before()
    {
        var random = new Random(7);
        var open = new Queue<(string Key, string Response, long Due)>();
        long now = 0;
        for (int i = 0; i < 60_000; i++)
        {
            // Bursts and pauses, so that the ring grows, wraps and empties.
            now += random.Next(20_000) == 0 ? 40_000 : random.Next(6);
            _wheel.Advance(now);
            while (open.TryPeek(out var old) && old.Due + 200 < now)
                Assert.False(_finished.TryFind(Encoding.ASCII.GetBytes(open.Dequeue().Key), out _, out _), $"{old.Key} is past {old.Due} at {now}");
            var added = ($"key {i}", new string((char)('a' + (i % 26)), random.Next(1_500)), now + WaitMs);
            _finished.Add(Encoding.ASCII.GetBytes(added.Item1), Encoding.ASCII.GetBytes(added.Item2), _hop);
            open.Enqueue(added);
            if (i % 5_000 == 0)
                AssertFound(open, now);
        }
        AssertFound(open, now);
        _wheel.Advance(now + WaitMs + 1_000);
        Assert.Equal(0, _finished.Count);
        // A few blocks wait for their next turn.
        Assert.InRange(_finished.HeldBytes, 0, 6 * 256 * 1024);
    }

    [Fact]
    public void A_response_larger_than_a_block_is_kept_like_any_other()
    {
        var large = new byte[300 * 1024];
        Array.Fill(large, (byte)'x');
        _finished.Add("small before"u8, "1"u8, _hop);
        _finished.Add("large"u8, large, _hop);
        _finished.Add("small after"u8, "2"u8, _hop);
        Assert.True(_finished.TryFind("large"u8, out var response, out _));
        Assert.True(response.SequenceEqual(large));
        Assert.True(_finished.TryFind("small after"u8, out response, out _));
        Assert.Equal("2"u8, response);
    }

    private void AssertFound(Queue<(string Key, string Response, long Due)> open, long now)
    {
        foreach (var (key, expected, due) in open.Where(o => o.Due > now))
        {
            Assert.True(_finished.TryFind(Encoding.ASCII.GetBytes(key), out var response, out _), $"{key} is due at {due}, it is {now}");
            Assert.Equal(expected, Encoding.ASCII.GetString(response));
        }
    }
}
