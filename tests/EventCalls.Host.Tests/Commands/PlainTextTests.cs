using System.Text;
using EventCalls.Contracts;

namespace EventCalls.Host.Tests.Commands;

public class PlainTextTests
{
    [Theory]
    [InlineData("short", "short")]
    [InlineData("", "")]
    [InlineData("a line that is too long", "a line that|  is too|  long")]
    [InlineData("by sip:x@192.0.2.7", "by sip:x@|  192.0.2.7")]
    [InlineData("wwwwwwwwwwwwwwwwwwww", "wwwwwwwwwww|  wwwwwwwww")]
    public void A_long_text_goes_on_below_itself(string text, string lines) =>
        Assert.Equal(lines.Split('|'), TextLayout.Wrap(text, 11, 2));

    [Theory]
    [InlineData("\u001b[31mred", "\uFFFD[31mred")]
    [InlineData("two\r\nlines", "two\uFFFD\uFFFDlines")]
    [InlineData("\u202Eturned", "\uFFFDturned")]
    [InlineData("\u009B1A", "\uFFFD1A")]
    [InlineData("Grüße, 東京", "Grüße, 東京")]
    public void What_a_terminal_would_act_on_is_replaced(string text, string shown) => Assert.Equal(shown, PlainText.Of(text));

    [Fact]
    public void Lines_and_tabs_of_a_text_of_several_lines_stay() => Assert.Equal("a\tb\r\nc\uFFFD\uFFFD", PlainText.OfLines("a\tb\r\nc\u0007\u200F"));

    [Theory]
    [InlineData("{\"a\": \"b\"}\n", "{\"a\": \"b\"}\n")]
    [InlineData("{\"a\":\"\u202Eb\u007F\u009B\u061C\"}", "{\"a\":\"\\u202Eb\\u007F\\u009B\\u061C\"}")]
    public void In_JSON_it_is_escaped_and_means_the_same(string json, string escaped) => Assert.Equal(escaped, PlainText.OfJson(json));

    [Fact]
    public void JSON_that_comes_byte_by_byte_is_escaped_too()
    {
        var written = new MemoryStream();
        using (var plain = new PlainJsonStream(written))
        {
            foreach (byte b in Encoding.UTF8.GetBytes("\"é\u202E\U0001F600\u0085\""))
                plain.Write([b]);
        }
        Assert.Equal("\"é\\u202E\U0001F600\\u0085\"", Encoding.UTF8.GetString(written.ToArray()));
    }

    [Theory]
    [InlineData("12345", "12345")]
    [InlineData("123456", "1234…")]
    [InlineData("123\U0001F600456", "123…")]
    public void A_text_that_is_too_long_is_cut_between_characters(string text, string shown) => Assert.Equal(shown, TextLayout.Cut(text, 5));
}
