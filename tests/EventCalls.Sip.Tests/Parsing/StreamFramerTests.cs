using System.Text;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;

namespace EventCalls.Sip.Tests.Parsing;

public sealed class StreamFramerTests
{
    private const string First = "INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\nContent-Length   :\r\n  0005\r\nX: y\r\n\r\nhello";
    private const string Second = "SIP/2.0 200 OK\r\nl: 0\r\n\r\n";
    private const string Third = "BYE sip:a@b SIP/2.0\nContent-Length: 2\nContent-Length: 2\n\n\r\n";

    [Fact]
    [Trait("RFC", "3261 §18.3")]
    public void A_stream_gives_the_same_messages_wherever_it_is_cut_in_two()
    {
        var stream = Encoding.UTF8.GetBytes(First + Second + Third + First);
        for (var cut = 0; cut <= stream.Length; cut++)
        {
            var framer = new StreamFramer();
            var read = new List<string>();
            Feed(framer, stream.AsSpan(0, cut), read);
            Feed(framer, stream.AsSpan(cut), read);

            Assert.Equal([First, Second, Third, First], read);
            Assert.Equal(0, framer.Pings);
        }
    }

    [Fact]
    public void A_stream_may_come_byte_by_byte()
    {
        var framer = new StreamFramer();
        var read = new List<string>();
        foreach (var b in Encoding.UTF8.GetBytes(First + Second + Third))
            Feed(framer, [b], read);

        Assert.Equal([First, Second, Third], read);
    }

    [Fact]
    [Trait("RFC", "5626 §4.4.1")]
    public void Keep_alives_between_messages_are_taken_out_and_pings_are_counted()
    {
        foreach (var cut in Enumerable.Range(0, 30))
        {
            var stream = Encoding.UTF8.GetBytes("\r\n\r\n" + Second + "\r\n\r\n\r\n\r\n" + Second + "\r\n");
            var framer = new StreamFramer();
            var read = new List<string>();
            Feed(framer, stream.AsSpan(0, cut), read);
            Feed(framer, stream.AsSpan(cut), read);

            Assert.Equal([Second, Second], read);
            Assert.Equal(3, framer.Pings);
            Assert.True(framer.TakePing());
            Assert.Equal(2, framer.Pings);
        }
    }

    [Fact]
    [Trait("RFC", "5626 §3.5.1")]
    public void A_single_line_end_is_no_ping()
    {
        var framer = new StreamFramer();
        framer.Append("\r\n"u8);

        Assert.False(framer.TryRead(out _));
        Assert.False(framer.TakePing());
    }

    [Theory]
    [InlineData("INVITE sip:a@b SIP/2.0\r\nX: y\r\n\r\n", StreamError.NoContentLength)]
    [InlineData("INVITE sip:a@b SIP/2.0\r\nContent-Length: -1\r\n\r\n", StreamError.BadContentLength)]
    [InlineData("INVITE sip:a@b SIP/2.0\r\nContent-Length:\r\n\r\n", StreamError.BadContentLength)]
    [InlineData("INVITE sip:a@b SIP/2.0\r\nContent-Length: 99999999999999999999\r\n\r\n", StreamError.BadContentLength)]
    [InlineData("INVITE sip:a@b SIP/2.0\r\nContent-Length: 1\r\nl: 2\r\n\r\n", StreamError.BadContentLength)]
    [InlineData("INVITE sip:a@b SIP/2.0\r\nContent-Length: 65536\r\n\r\n", StreamError.TooLarge)]
    [InlineData("GET / HTTP/1.1\r\n", StreamError.NotSip)]
    [InlineData(" x", StreamError.NotSip)]
    [InlineData("\u0016\u0003\u0001", StreamError.NotSip)]
    public void What_cannot_be_framed_is_a_failure(string stream, StreamError expected)
    {
        var framer = new StreamFramer();
        framer.Append(Encoding.UTF8.GetBytes(stream));

        Assert.False(framer.TryRead(out _));
        Assert.Equal(expected, framer.Failure);

        framer.Append(Encoding.UTF8.GetBytes(Second));
        Assert.False(framer.TryRead(out _));
    }

    [Theory]
    [InlineData("INVITE sip:a@b SIP/2.0\r\nX: ")]
    [InlineData("INVITEINVITE")]
    [InlineData("INVITE sip:a@b SIP/2.0\r\nX: y\r\n")]
    public void A_header_without_end_is_given_up_after_64_KiB(string start)
    {
        var framer = new StreamFramer();
        framer.Append(Encoding.UTF8.GetBytes(start));
        var filling = Encoding.UTF8.GetBytes(start.EndsWith('\n') ? "X: y\r\n" : "x");
        for (var i = 0; i < 70_000 && framer.Failure == StreamError.None; i++)
        {
            framer.Append(filling);
            Assert.False(framer.TryRead(out _));
        }

        Assert.Equal(StreamError.TooLarge, framer.Failure);
    }

    [Fact]
    public void A_message_of_just_64_KiB_is_read()
    {
        const string head = "INVITE sip:a@b SIP/2.0\r\nContent-Length: 65487\r\n\r\n";
        var message = Encoding.UTF8.GetBytes(head + new string('x', 65487));
        Assert.Equal(SipParser.MostBytes, message.Length);
        var framer = new StreamFramer();
        for (var sent = 0; sent < message.Length; sent += 1460)
        {
            Assert.False(framer.TryRead(out _));
            framer.Append(message.AsSpan(sent, Math.Min(1460, message.Length - sent)));
        }

        Assert.True(framer.TryRead(out var read));
        Assert.True(read.Span.SequenceEqual(message));
    }

    [Fact]
    public void A_long_stream_of_messages_needs_no_growing_buffer()
    {
        var framer = new StreamFramer();
        var bytes = Encoding.UTF8.GetBytes(First + Second);
        for (var i = 0; i < 1_000; i++)
            ReadAll(framer, bytes);

        // What compiles the code anew may take something for itself; what the framer takes it takes each time.
        long least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10_000; i++)
                ReadAll(framer, bytes);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static void ReadAll(StreamFramer framer, byte[] bytes)
    {
        framer.Append(bytes.AsSpan(0, 50));
        framer.TryRead(out _);
        framer.Append(bytes.AsSpan(50));
        while (framer.TryRead(out _))
        {
        }
    }

    private static void Feed(StreamFramer framer, ReadOnlySpan<byte> bytes, List<string> read)
    {
        framer.Append(bytes);
        while (framer.TryRead(out var message))
            read.Add(SipText.Get(message.Span));
    }
}
