using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Tests.Messages;

public sealed class SipTextTests
{
    [Fact]
    public void Invalid_UTF8_becomes_the_replacement_character() => Assert.Equal("a\uFFFDb", SipText.Get([(byte)'a', 0xFF, (byte)'b']));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("one\r\n two", "one two")]
    [InlineData("one \t\r\n\t  two\n three", "one two three")]
    [InlineData("one\r\n \r\n two", "one two")]
    [Trait("RFC", "3261 §7.3.1")]
    public void A_fold_becomes_one_space(string folded, string expected) =>
        Assert.Equal(expected, SipText.Unfold(System.Text.Encoding.UTF8.GetBytes(folded)));

    [Theory]
    [InlineData("good, \"value\" <x>;y=é", true)]
    [InlineData("", true)]
    [InlineData("a\rb", false)]
    [InlineData("a\nb", false)]
    [InlineData("a\0b", false)]
    public void A_value_is_safe_without_line_ends_and_NUL(string value, bool expected) => Assert.Equal(expected, SipText.IsSafeHeaderValue(value));

    [Theory]
    [InlineData("X-Customer-ID", true)]
    [InlineData("!#", false)]
    [InlineData("a b", false)]
    [InlineData("", false)]
    [InlineData("a:", false)]
    [InlineData("é", false)]
    [Trait("RFC", "3261 §25.1")]
    public void A_token_has_the_characters_of_the_grammar(string text, bool expected)
    {
        Assert.Equal(expected, SipText.IsToken(text));
        Assert.Equal(expected, SipText.IsToken(System.Text.Encoding.UTF8.GetBytes(text)));
    }
}
