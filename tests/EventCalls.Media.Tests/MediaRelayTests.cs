using System.Net;
using System.Text;
using EventCalls.Media.Sessions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EventCalls.Media.Tests;

/// <summary>Two legs' media through real sockets.</summary>
public sealed class MediaRelayTests : IDisposable
{
    private readonly MediaPorts _ports = new(34_000, 34_199);
    private readonly FakeTimeProvider _time = new();
    private readonly MediaRelay _relay;

    public MediaRelayTests()
    {
        _relay = new MediaRelay(0, _ports, 5000, _time, NullLogger.Instance);
    }

    public void Dispose() => _relay.Dispose();

    [Fact]
    [Trait("RFC", "3550 §5.1")]
    public async Task What_one_leg_sends_the_other_gets_as_it_is_both_ways()
    {
        using var call = new TwoLegs(_relay);
        await call.Caller.SendAsync(call.CallerPort, 1);
        Assert.Equal(Packet(1), await call.Target.ReceiveAsync());
        await call.Target.SendAsync(call.TargetPort, 2);
        Assert.Equal(Packet(2), await call.Caller.ReceiveAsync());
        Assert.Equal((1, 1), (call.CallerLeg.Counts!.Received, call.CallerLeg.Counts!.Sent));
    }

    [Fact]
    [Trait("RFC", "3550 §11")]
    public async Task RTCP_goes_by_the_port_above()
    {
        using var call = new TwoLegs(_relay);
        byte[] report = [0x80, 200, 0, 1, 1, 2, 3, 4];
        await call.Caller.Control.SendToAsync(report, new IPEndPoint(IPAddress.Loopback, call.CallerPort + 1));
        Assert.Equal(report, await Peer.ReceiveAsync(call.Target.Control));
        Assert.Equal(0, call.CallerLeg.Counts!.Received);
    }

    [Fact]
    [Trait("RFC", "4961 §3")]
    public async Task A_peer_that_is_not_where_its_description_says_is_sent_to_where_it_sends_from()
    {
        using var call = new TwoLegs(_relay);
        using var behind = new Peer();
        await behind.SendAsync(call.CallerPort, 1);
        Assert.Equal(Packet(1), await call.Target.ReceiveAsync());
        await call.Target.SendAsync(call.TargetPort, 2);
        Assert.Equal(Packet(2), await behind.ReceiveAsync());
    }

    [Fact]
    public async Task A_second_source_is_ignored_and_counted()
    {
        using var call = new TwoLegs(_relay);
        using var stranger = new Peer();
        await call.Caller.SendAsync(call.CallerPort, 1);
        Assert.Equal(Packet(1), await call.Target.ReceiveAsync());
        await stranger.SendAsync(call.CallerPort, 7);
        await stranger.SendAsync(call.CallerPort, 8);
        await call.Caller.SendAsync(call.CallerPort, 2);
        Assert.Equal(Packet(2), await call.Target.ReceiveAsync());
        Assert.Equal(2, call.CallerLeg.Counts!.Ignored);
        await call.Target.SendAsync(call.TargetPort, 3);
        Assert.Equal(Packet(3), await call.Caller.ReceiveAsync());
    }

    [Fact]
    [Trait("RFC", "3264 §8.3.1")]
    public async Task A_peer_that_describes_another_place_is_heard_and_sent_to_there()
    {
        using var call = new TwoLegs(_relay);
        await call.Caller.SendAsync(call.CallerPort, 1);
        await call.Target.ReceiveAsync();
        using var moved = new Peer();
        call.CallerLeg.Heard(Peer.Description(moved.Port));
        await call.Target.SendAsync(call.TargetPort, 2);
        Assert.Equal(Packet(2), await moved.ReceiveAsync());
        await moved.SendAsync(call.CallerPort, 3);
        Assert.Equal(Packet(3), await call.Target.ReceiveAsync());
    }

    [Fact]
    public async Task What_is_no_RTP_is_not_passed_on()
    {
        using var call = new TwoLegs(_relay);
        await call.Caller.Rtp.SendToAsync("hello"u8.ToArray(), new IPEndPoint(IPAddress.Loopback, call.CallerPort));
        await call.Caller.SendAsync(call.CallerPort, 1);
        Assert.Equal(Packet(1), await call.Target.ReceiveAsync());
    }

    [Fact]
    public async Task Legs_of_both_families_hear_each_other()
    {
        using var caller = new Peer(IPAddress.IPv6Loopback);
        using var target = new Peer();
        var one = _relay.Open(IPAddress.IPv6Loopback, IPAddress.IPv6Loopback);
        var other = _relay.Open(IPAddress.Loopback, IPAddress.Loopback);
        one.Heard(Peer.Description(caller.Port, "IP6 ::1"));
        int targetPort = TwoLegs.PortIn(other.Told(Peer.Description(caller.Port, "IP6 ::1")));
        other.Heard(Peer.Description(target.Port));
        int callerPort = TwoLegs.PortIn(one.Told(Peer.Description(target.Port)));
        MediaLeg.Connect(one, other);
        await caller.SendAsync(callerPort, 1);
        Assert.Equal(Packet(1), await target.ReceiveAsync());
        await target.SendAsync(targetPort, 2);
        Assert.Equal(Packet(2), await caller.ReceiveAsync());
        one.Close();
        other.Close();
    }

    [Fact]
    public async Task Another_target_takes_the_place_of_the_first_and_the_caller_need_not_move()
    {
        using var call = new TwoLegs(_relay);
        await call.Caller.SendAsync(call.CallerPort, 1);
        await call.Target.ReceiveAsync();
        using var second = new Peer();
        var leg = _relay.Open(IPAddress.Loopback, IPAddress.Loopback);
        leg.Heard(Peer.Description(second.Port));
        leg.Told(Peer.Description(call.Caller.Port));
        MediaLeg.Connect(call.CallerLeg, leg);
        call.TargetLeg.Close();
        await call.Caller.SendAsync(call.CallerPort, 2);
        Assert.Equal(Packet(2), await second.ReceiveAsync());
        leg.Close();
    }

    [Fact]
    public async Task A_closed_call_gives_its_ports_back()
    {
        var call = new TwoLegs(_relay);
        Assert.Equal(2, _ports.Taken);
        call.Dispose();
        using var later = new TwoLegs(_relay);
        await later.Caller.SendAsync(later.CallerPort, 1);
        await later.Target.ReceiveAsync();
        Assert.Equal(2, _ports.Taken);
        Assert.NotEqual(call.CallerPort, later.CallerPort);
    }

    [Fact]
    public void Without_a_free_port_a_stream_is_refused_and_the_call_hears_of_it_beforehand()
    {
        using var relay = new MediaRelay(0, new MediaPorts(34_201, 34_203), 0, _time, NullLogger.Instance);
        var one = relay.Open(IPAddress.Loopback, IPAddress.Loopback);
        var other = relay.Open(IPAddress.Loopback, IPAddress.Loopback);
        Assert.True(one.TryOpen(Peer.Description(4000)));
        Assert.False(other.TryOpen(Peer.Description(4000)));
        Assert.Contains("m=audio 0 RTP/AVP", Encoding.ASCII.GetString(other.Told(Peer.Description(4000))));
    }

    [Fact]
    public async Task A_leg_that_should_send_is_reported_as_often_as_it_is_silent_for_so_long()
    {
        var silent = new SemaphoreSlim(0);
        var leg = _relay.Open(IPAddress.Loopback, IPAddress.Loopback, () => silent.Release());
        leg.Heard(Peer.Description(4000));
        leg.Told(Peer.Description(4002));
        Assert.False(await silent.WaitAsync(20));
        _time.Advance(TimeSpan.FromSeconds(6));
        leg.Disconnect();
        Assert.True(await silent.WaitAsync(5000));
        _time.Advance(TimeSpan.FromSeconds(2));
        leg.Disconnect();
        Assert.False(await silent.WaitAsync(20));
        _time.Advance(TimeSpan.FromSeconds(4));
        leg.Disconnect();
        Assert.True(await silent.WaitAsync(5000));
        leg.Close();
    }

    private static byte[] Packet(ushort number) => Peer.Packet(number);

    private sealed class TwoLegs : IDisposable
    {
        public TwoLegs(MediaRelay relay)
        {
            CallerLeg = relay.Open(IPAddress.Loopback, IPAddress.Loopback);
            TargetLeg = relay.Open(IPAddress.Loopback, IPAddress.Loopback);
            CallerLeg.Heard(Caller.Describe());
            TargetPort = PortIn(TargetLeg.Told(Caller.Describe()));
            TargetLeg.Heard(Target.Describe());
            CallerPort = PortIn(CallerLeg.Told(Target.Describe()));
            MediaLeg.Connect(CallerLeg, TargetLeg);
        }

        public Peer Caller { get; } = new();

        public Peer Target { get; } = new();

        public MediaLeg CallerLeg { get; }

        public MediaLeg TargetLeg { get; }

        public int CallerPort { get; }

        public int TargetPort { get; }

        public static int PortIn(byte[] description)
        {
            string text = Encoding.ASCII.GetString(description);
            int start = text.IndexOf("m=audio ", StringComparison.Ordinal) + 8;
            return int.Parse(text.AsSpan(start, text.IndexOf(' ', start) - start));
        }

        public void Dispose()
        {
            CallerLeg.Close();
            TargetLeg.Close();
            Caller.Dispose();
            Target.Dispose();
        }
    }
}
