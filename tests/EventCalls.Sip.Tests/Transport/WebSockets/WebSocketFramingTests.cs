using System.Text;
using EventCalls.Sip.Transport.WebSockets;

namespace EventCalls.Sip.Tests.Transport.WebSockets;

public sealed class WebSocketFramingTests
{
    private const string Options = "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/WS x.invalid\r\n\r\n";

    // RFC 6455 §5.7: "Hello", masked, whole and in two parts.
    private static readonly byte[] s_hello = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];

    private readonly WebSocketFraming _server = new(isServer: true);

    [Fact]
    [Trait("RFC", "6455 §5.7")]
    public void The_examples_of_the_RFC_are_read()
    {
        _server.Append(s_hello);
        Assert.Equal("Hello", Read());
        var client = new WebSocketFraming(isServer: false);
        client.Append([0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f]);
        Assert.True(client.TryRead(out var message));
        Assert.Equal("Hello", Encoding.ASCII.GetString(message.Span));
    }

    [Fact]
    [Trait("RFC", "7118 §5")]
    public void Every_message_is_one_frame_whatever_its_length_and_wherever_its_bytes_are_cut()
    {
        var client = new WebSocketFraming(isServer: false);
        foreach (int length in new[] { 60, 125, 126, 127, 4_000, 65_000 })
        {
            string text = Options + new string('x', length - Options.Length);
            using var sent = new MemoryStream();
            client.Write(sent, Encoding.ASCII.GetBytes(text));
            var bytes = sent.ToArray();
            Assert.Equal(0x81, bytes[0]);
            Assert.NotEqual(0, bytes[1] & 0x80);
            for (int i = 0; i < bytes.Length; i += 7)
            {
                Assert.False(_server.TryRead(out _));
                _server.Append(bytes.AsSpan(i, Math.Min(7, bytes.Length - i)));
            }
            Assert.True(_server.IsWithinMessage);
            Assert.Equal(text, Read());
            Assert.False(_server.IsWithinMessage);
        }
    }

    [Fact]
    [Trait("RFC", "7118 §5.1")]
    public void What_is_no_UTF8_goes_in_a_binary_frame()
    {
        using var sent = new MemoryStream();
        _server.Write(sent, [.. "INVITE"u8, 0xff]);
        Assert.Equal([0x82, 7, .. "INVITE"u8, 0xff], sent.ToArray());
    }

    [Fact]
    [Trait("RFC", "6455 §5.5.2")]
    public void A_ping_between_the_parts_of_a_message_is_answered_with_what_it_carried()
    {
        _server.Append(Masked(0x01, "OPTIONS "));
        _server.Append(Masked(0x89, "now"));
        _server.Append(Masked(0x80, "sip:a@b"));
        Assert.Equal("OPTIONS sip:a@b", Read());
        Assert.True(_server.TryTakeAnswer(out var pong));
        Assert.Equal([0x8a, 3, .. "now"u8], pong.ToArray());
        Assert.False(_server.TryTakeAnswer(out _));
    }

    [Fact]
    [Trait("RFC", "5626 §3.5.1")]
    public void A_double_line_end_in_a_message_of_its_own_is_answered_with_one()
    {
        _server.Append([.. Masked(0x81, "\r\n\r\n"), .. Masked(0x81, "\r\n"), .. Masked(0x81, "OPTIONS")]);
        Assert.Equal("OPTIONS", Read());
        Assert.True(_server.TryTakeAnswer(out var pong));
        Assert.Equal([0x81, 2, .. "\r\n"u8], pong.ToArray());
        Assert.False(_server.TryTakeAnswer(out _));
    }

    [Fact]
    [Trait("RFC", "6455 §5.5.1")]
    public void A_close_is_answered_with_its_code()
    {
        _server.Append(Masked(0x88, "\u0003\u0068bye"));
        Assert.False(_server.TryRead(out _));
        Assert.True(_server.IsClosedByPeer);
        Assert.True(_server.TryTakeAnswer(out var close));
        Assert.Equal([0x88, 2, 3, 0x68], close.ToArray());
    }

    [Theory]
    [InlineData(new byte[] { 0x81, 0x02, 0x48, 0x49 }, 1002, "a WebSocket frame of a client is not masked")]
    [InlineData(new byte[] { 0xc1, 0x80, 0, 0, 0, 0 }, 1002, "a WebSocket frame uses an extension that was not agreed on")]
    [InlineData(new byte[] { 0x80, 0x80, 0, 0, 0, 0 }, 1002, "a WebSocket frame with the opcode 0 does not belong there")]
    [InlineData(new byte[] { 0x83, 0x80, 0, 0, 0, 0 }, 1002, "a WebSocket frame with the opcode 3 does not belong there")]
    [InlineData(new byte[] { 0x09, 0x80, 0, 0, 0, 0 }, 1002, "a WebSocket control frame is too long or in parts")]
    [InlineData(new byte[] { 0x89, 0xfe, 0, 200 }, 1002, "a WebSocket control frame is too long or in parts")]
    [InlineData(new byte[] { 0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, 1009, "a WebSocket message is longer than 65536 bytes")]
    [InlineData(new byte[] { 0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 1 }, 1009, "a WebSocket message is longer than 65536 bytes")]
    [Trait("RFC", "6455 §7.4.1")]
    public void What_is_no_frame_closes_with_the_code_that_says_why(byte[] bytes, int code, string why)
    {
        _server.Append(bytes);
        Assert.False(_server.TryRead(out _));
        Assert.Equal(why, _server.Failure);
        Assert.True(_server.TryTakeAnswer(out var close));
        Assert.Equal([0x88, 2, (byte)(code >> 8), (byte)code], close.ToArray());
        _server.Append(s_hello);
        Assert.False(_server.TryRead(out _));
    }

    [Fact]
    public void Parts_of_a_message_that_is_too_long_together_are_refused()
    {
        _server.Append(Masked(0x01, new string('x', 40_000)));
        _server.Append(Masked(0x80, new string('x', 40_000)));
        Assert.False(_server.TryRead(out _));
        Assert.Equal("a WebSocket message is longer than 65536 bytes", _server.Failure);
    }

    private string Read()
    {
        Assert.True(_server.TryRead(out var message), _server.Failure);
        return Encoding.ASCII.GetString(message.Span);
    }

    private static byte[] Masked(byte first, string text)
    {
        byte[] key = [1, 2, 3, 4];
        byte[] length = text.Length < 126 ? [(byte)(0x80 | text.Length)] : [0xfe, (byte)(text.Length >> 8), (byte)text.Length];
        return [first, .. length, .. key, .. text.Select((c, i) => (byte)(c ^ key[i & 3]))];
    }
}
