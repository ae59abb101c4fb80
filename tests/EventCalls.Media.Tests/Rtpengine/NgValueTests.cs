using System.Text;
using EventCalls.Media.Rtpengine;

namespace EventCalls.Media.Tests.Rtpengine;

/// <summary>Bencode, as the NG protocol has it.</summary>
public sealed class NgValueTests
{
    [Fact]
    public void A_dictionary_is_written_in_the_order_of_its_keys_and_read_as_it_was()
    {
        var value = NgValue.Of(new Dictionary<string, NgValue> { ["sdp"] = NgValue.Of("v=0\r\n"), ["command"] = NgValue.Of("offer"), ["flags"] = NgValue.ListOf("a", "bc"), ["number"] = NgValue.Of(-7) });
        using var written = new MemoryStream();
        value.WriteTo(written);
        Assert.Equal("d7:command5:offer5:flagsl1:a2:bce6:numberi-7e3:sdp5:v=0\r\ne", Encoding.ASCII.GetString(written.ToArray()));
        var read = NgValue.Read(written.ToArray())!;
        Assert.Equal(("offer", -7L, "bc"), (read["command"]!.Text, read["number"]!.Number, read["flags"]!.List![1].Text));
        Assert.Null(read["nothing"]);
        Assert.Null(read["command"]!["nothing"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("d1:a")]
    [InlineData("d1:ai1e")]
    [InlineData("di1e1:ae")]
    [InlineData("l1:a")]
    [InlineData("i1")]
    [InlineData("ie")]
    [InlineData("i1e1:a")]
    [InlineData("5:abc")]
    [InlineData("-1:a")]
    [InlineData("99999999999999999999:a")]
    [InlineData(":a")]
    [InlineData("x")]
    [InlineData("llllllllllllllllllllleeeeeeeeeeeeeeeeeeeee")]
    public void What_is_no_value_is_none(string text) => Assert.Null(NgValue.Read(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Any_bytes_are_a_value_or_none()
    {
        var random = new Random(3);
        byte[] good = Encoding.ASCII.GetBytes("d4:tagsd1:1d6:mediasld5:indexi1e7:streamsld5:statsd7:packetsi12eeeeeeee6:result2:oke");
        Assert.NotNull(NgValue.Read(good));
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = [.. good];
            for (int change = random.Next(1, 6); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            NgValue.Read(bytes.AsMemory(0, random.Next(bytes.Length + 1)));
        }
    }
}
