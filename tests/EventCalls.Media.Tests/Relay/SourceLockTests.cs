using System.Net;
using System.Net.Sockets;
using EventCalls.Media.Relay;

namespace EventCalls.Media.Tests.Relay;

/// <summary>Who may send to a port, among others that do.</summary>
public sealed class SourceLockTests
{
    private const long Second = 1_000_000;
    private SourceLock _lock;

    [Fact]
    public void Who_sends_from_where_the_description_says_takes_the_place_of_a_stranger_at_the_same_address()
    {
        _lock.Describe(At("192.0.2.1", 4000));
        Assert.True(Admits("192.0.2.1", 5000, 0));
        Assert.True(Admits("192.0.2.1", 4000, Second));
        Assert.False(Admits("192.0.2.1", 5000, Second + 1));
        Assert.Equal("192.0.2.1:4000", _lock.Destination!.ToString());
        Assert.Equal(1, _lock.Ignored);
    }

    [Fact]
    public void Another_port_of_the_described_address_takes_the_place_of_a_stranger_elsewhere()
    {
        _lock.Describe(At("192.0.2.1", 4000));
        Assert.True(Admits("198.51.100.9", 5000, 0));
        Assert.True(Admits("192.0.2.1", 4001, Second));
        Assert.False(Admits("198.51.100.9", 5000, Second));
        Assert.Equal("192.0.2.1:4001", _lock.Destination!.ToString());
    }

    [Fact]
    public void Nobody_takes_the_place_of_who_was_heard_for_three_seconds()
    {
        _lock.Describe(At("192.0.2.1", 4000));
        Assert.True(Admits("198.51.100.9", 5000, 0));
        Assert.False(Admits("192.0.2.1", 4000, 4 * Second));
    }

    [Fact]
    [Trait("RFC", "3264 §8.3.1")]
    public void What_is_still_on_its_way_from_where_the_peer_was_does_not_hold_it_there()
    {
        _lock.Describe(At("192.0.2.1", 4000));
        Assert.True(Admits("192.0.2.1", 4000, 0));
        _lock.Describe(At("192.0.2.1", 4002));
        Assert.True(Admits("192.0.2.1", 4000, 10 * Second));
        Assert.True(Admits("192.0.2.1", 4002, 10 * Second + 1));
        Assert.Equal("192.0.2.1:4002", _lock.Destination!.ToString());
        Assert.False(Admits("192.0.2.1", 4000, 10 * Second + 2));
    }

    [Fact]
    [Trait("RFC", "4961 §3")]
    public void What_is_still_on_its_way_does_not_hold_a_peer_behind_a_translator_where_it_was_either()
    {
        _lock.Describe(At("10.0.0.1", 4000));
        Assert.True(Admits("203.0.113.1", 61_000, 0));
        _lock.Describe(At("10.0.0.1", 4002));
        Assert.True(Admits("203.0.113.1", 61_000, 10 * Second));
        Assert.True(Admits("203.0.113.1", 61_002, 10 * Second + 1));
        Assert.Equal("203.0.113.1:61002", _lock.Destination!.ToString());
        Assert.False(Admits("203.0.113.1", 61_000, 10 * Second + 2));
    }

    private bool Admits(string address, int port, long now)
    {
        var from = At(address, port);
        bool isAdmitted = _lock.Admits(from.Span, now);
        if (isAdmitted)
            _lock.Take(from.Span, now);
        return isAdmitted;
    }

    private static PeerAddress At(string address, int port) => PeerAddress.Of(IPAddress.Parse(address), port, AddressFamily.InterNetwork)!;
}
