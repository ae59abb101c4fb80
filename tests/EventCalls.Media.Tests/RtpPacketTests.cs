using EventCalls.Media.Rtp;

namespace EventCalls.Media.Tests;

[Trait("RFC", "3550 §5.1")]
public class RtpPacketTests
{
    [Fact]
    public void The_header_that_was_written_is_read()
    {
        Span<byte> bytes = stackalloc byte[15];
        RtpPacket.WriteHeader(bytes, 8, true, 65_535, 0x89ABCDEF, 0x01020304);
        bytes[12] = 1;
        Assert.True(RtpPacket.TryParse(bytes, out var packet));
        Assert.Equal((8, true, (ushort)65_535, 0x89ABCDEFu, 0x01020304u), (packet.PayloadType, packet.Marker, packet.Sequence, packet.Timestamp, packet.Ssrc));
        Assert.Equal([1, 0, 0], packet.Payload.ToArray());
    }

    [Fact]
    public void The_payload_lies_between_sources_and_extension_and_the_padding()
    {
        byte[] bytes = [0xB1, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 9, 9, 9, 9, 0xBE, 0xDE, 0, 1, 7, 7, 7, 7, 42, 43, 0, 2];
        Assert.True(RtpPacket.TryParse(bytes, out var packet));
        Assert.Equal([42, 43], packet.Payload.ToArray());
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0 })]
    [InlineData(new byte[] { 0x40, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3 })]
    [InlineData(new byte[] { 0x81, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3 })]
    [InlineData(new byte[] { 0x90, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3 })]
    [InlineData(new byte[] { 0x90, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 1 })]
    [InlineData(new byte[] { 0xA0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0 })]
    [InlineData(new byte[] { 0xA0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 2 })]
    public void What_is_too_short_for_what_it_says_is_none(byte[] bytes) => Assert.False(RtpPacket.TryParse(bytes, out _));
}
