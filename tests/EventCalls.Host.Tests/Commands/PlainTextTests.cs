using EventCalls.Host.Commands;

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
        Assert.Equal(lines.Split('|'), PlainText.Wrap(text, 11, 2));

    [Theory]
    [InlineData("\u001b[31mred", "\uFFFD[31mred")]
    [InlineData("two\r\nlines", "two\uFFFD\uFFFDlines")]
    [InlineData("\u202Eturned", "\uFFFDturned")]
    [InlineData("\u009B1A", "\uFFFD1A")]
    [InlineData("Grüße, 東京", "Grüße, 東京")]
    public void What_a_terminal_would_act_on_is_replaced(string text, string shown) => Assert.Equal(shown, PlainText.Of(text));

    [Theory]
    [InlineData("12345", "12345")]
    [InlineData("123456", "1234…")]
    [InlineData("123\U0001F600456", "123…")]
    public void A_text_that_is_too_long_is_cut_between_characters(string text, string shown) => Assert.Equal(shown, PlainText.Cut(text, 5));
}
