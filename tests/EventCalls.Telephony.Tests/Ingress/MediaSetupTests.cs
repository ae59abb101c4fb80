using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Ingress;

namespace EventCalls.Telephony.Tests.Ingress;

/// <summary>What of the media's configuration is refused before a node starts.</summary>
public sealed class MediaSetupTests
{
    [Theory]
    [InlineData("libnothing.so.0", "Media:OpusLibrary is 'libnothing.so.0'; there is no such library for this machine; install libopus")]
    [InlineData("libc.so.6", "Media:OpusLibrary is 'libc.so.6'; it is no libopus: ")]
    public void A_library_that_is_no_libopus_is_refused(string name, string why)
    {
        var refused = Assert.Throws<TelephonyOptionsException>(() => MediaSetup.Check(Coding(name)));
        Assert.StartsWith(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_libopus_is_taken()
    {
        MediaSetup.Check(Coding("libopus.so.0"));
        // What other tests code is coded by the program again.
        MediaSetup.Check(Coding(null));
    }

    private static TelephonyOptions Coding(string? library) => new() { Node = "node", Listen = ["udp:127.0.0.1:5060"], Trunks = [], Media = new MediaOptions { OpusLibrary = library } };
}
