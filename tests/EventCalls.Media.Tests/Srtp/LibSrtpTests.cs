using EventCalls.Media.Srtp;
using static EventCalls.Media.Tests.Srtp.SrtpPackets;

namespace EventCalls.Media.Tests.Srtp;

/// <summary>Both ways with the reference implementation.</summary>
public class LibSrtpTests
{
    public static TheoryData<string> Suites => SrtpPackets.Suites;

    [Theory]
    [MemberData(nameof(Suites))]
    public void The_reference_implementation_understands_us_and_we_it(string suite)
    {
        using var ours = new SrtpContext(Key(suite, 3));
        using var theirs = new LibSrtp(Key(suite, 4), outbound: true);
        using var us = new SrtpContext(Key(suite, 4));
        using var them = new LibSrtp(Key(suite, 3), outbound: false);
        for (int number = 64_000; number < 3 * 65_536; number += 251)
        {
            byte[] packet = Packet(number, payload: number % 700);
            if (number % 2 == 0)
                packet = [(byte)(packet[0] | 0x11), .. packet[1..12], 1, 2, 3, 4, 0xBE, 0xDE, 0, 1, 9, 9, 9, 9, .. packet[12..]];
            Assert.Equal(packet, them.Unprotected(ours.Protected(packet)));
            us.Receives(theirs.Protected(packet), packet);
            Assert.Equal(Report(), them.UnprotectedRtcp(ours.ProtectedRtcp(Report())));
            byte[] report = theirs.ProtectedRtcp(Report());
            Assert.Equal(Report().Length, us.UnprotectRtcp(report, report.Length));
            Assert.Equal(Report(), report[..Report().Length]);
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void The_same_packets_are_protected_to_the_same_bytes(string suite)
    {
        using var ours = new SrtpContext(Key(suite, 9));
        using var theirs = new LibSrtp(Key(suite, 9), outbound: true);
        for (int number = 1; number < 50; number++)
        {
            Assert.Equal(theirs.Protected(Packet(number)), ours.Protected(Packet(number)));
            Assert.Equal(theirs.ProtectedRtcp(Report()), ours.ProtectedRtcp(Report()));
        }
    }
}
