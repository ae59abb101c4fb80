using System.Net;
using System.Text;
using EventCalls.Media.Sessions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EventCalls.Media.Tests;

/// <summary>When silence is a fault, and when it is what both sides have agreed on.</summary>
public sealed class DirectionTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly MediaRelay _relay;

    public DirectionTests()
    {
        _relay = new MediaRelay(0, new MediaPorts(34_400, 34_499), 5000, _time, NullLogger.Instance);
    }

    public void Dispose() => _relay.Dispose();

    [Theory]
    [InlineData("sendrecv", "sendrecv", true)]
    [InlineData("sendonly", "recvonly", false)]
    [InlineData("recvonly", "sendonly", false)]
    [InlineData("inactive", "inactive", false)]
    [InlineData("0.0.0.0", "sendrecv", false)]
    [InlineData("sendrecv", "0.0.0.0", false)]
    [Trait("RFC", "3264 §8.4")]
    public async Task A_peer_must_be_heard_where_both_sides_send_and_nobody_is_on_hold(string peer, string other, bool isExpected)
    {
        var silent = new SemaphoreSlim(0);
        var leg = _relay.Open(IPAddress.Loopback, IPAddress.Loopback, () => silent.Release());
        leg.Heard(Described(peer));
        leg.Told(Described(other));
        leg.Disconnect();
        await _relay.CaughtUpAsync();
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(isExpected, await silent.WaitAsync(isExpected ? 5000 : 250));
        leg.Close();
    }

    [Fact]
    [Trait("RFC", "3264 §8.4")]
    public async Task Who_is_on_hold_the_old_way_gets_nothing_even_while_it_sends()
    {
        using var phone = new Peer();
        using var other = new Peer();
        var one = _relay.Open(IPAddress.Loopback, IPAddress.Loopback);
        var two = _relay.Open(IPAddress.Loopback, IPAddress.Loopback);
        one.Heard(Peer.Description(phone.Port, "IP4 0.0.0.0"));
        int otherPort = PortIn(two.Told(Peer.Description(phone.Port)));
        two.Heard(other.Describe());
        int phonePort = PortIn(one.Told(other.Describe()));
        MediaLeg.Connect(one, two);
        await phone.SendAsync(phonePort, 1);
        Assert.Equal(Peer.Packet(1), await other.ReceiveAsync());
        await other.SendAsync(otherPort, 2);
        await _relay.CaughtUpAsync();
        await Task.Delay(50);
        Assert.Equal(0, phone.Rtp.Available);
        one.Heard(phone.Describe());
        await other.SendAsync(otherPort, 3);
        Assert.Equal(Peer.Packet(3), await phone.ReceiveAsync());
        one.Close();
        two.Close();
    }

    private static byte[] Described(string direction) => Encoding.ASCII.GetBytes(
        $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 {(direction == "0.0.0.0" ? direction : "127.0.0.1")}\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n{(direction == "0.0.0.0" ? "" : $"a={direction}\r\n")}");

    private static int PortIn(byte[] description) => EventCalls.Testing.MediaPhone.PortIn(Encoding.ASCII.GetString(description));
}
