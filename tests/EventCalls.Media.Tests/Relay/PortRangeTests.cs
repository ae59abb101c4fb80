using System.Net;
using EventCalls.Media.Relay;

namespace EventCalls.Media.Tests.Relay;

/// <summary>Ports that cannot be had.</summary>
public sealed class PortRangeTests
{
    [Fact]
    public void An_address_that_is_not_this_machines_has_no_ports_and_takes_none()
    {
        var range = new PortRange(34_300, 34_399);
        Assert.False(range.TryTake(IPAddress.Parse("192.0.2.1"), out _, out _));
        Assert.Equal(0, range.Taken);
        Assert.True(range.TryTake(IPAddress.Loopback, out var rtp, out var rtcp));
        rtp.Dispose();
        rtcp.Dispose();
    }
}
