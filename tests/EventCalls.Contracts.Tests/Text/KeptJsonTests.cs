using System.Text;
using System.Text.Json;

namespace EventCalls.Contracts.Tests.Text;

public class KeptJsonTests
{
    [Theory]
    [InlineData("""{"a": "plain"}""")]
    [InlineData("""{"a": "\ud83d\ude00 and \u00e9 and \\ud800 and \u0000"}""")]
    [InlineData("""{"\ud83d\ude00": 1}""")]
    [InlineData("""{"a": [1, -0, 0.0e999999, 1e308, -1.5e-300, 123456789012345678901234567890.5]}""")]
    public void What_every_reader_takes_can_be_kept(string json) => Assert.Null(KeptJson.Problem(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("""{"a": "\ud800"}""", "a: the text has half a surrogate pair")]
    [InlineData("""{"a": {"b": ["x", "\udc00"]}}""", "b: the text has half a surrogate pair")]
    [InlineData("""{"a": "\ud800\ud800\udc00"}""", "a: the text has half a surrogate pair")]
    [InlineData("""{"a": "\ud800x\udc00"}""", "a: the text has half a surrogate pair")]
    [InlineData("""{"a": "\ud800\n"}""", "a: the text has half a surrogate pair")]
    [InlineData("""{"\uDBFF": 1}""", "body: the name of a member has half a surrogate pair")]
    [InlineData("""{"a": 1e999}""", "a: the number cannot be kept")]
    [InlineData("""{"a": -1e200000}""", "a: the number cannot be kept")]
    [InlineData("""{"a": 1e-200000}""", "a: the number cannot be kept")]
    public void What_some_reader_does_not_take_is_said_by_name(string json, string problem) =>
        Assert.StartsWith(problem, KeptJson.Problem(Encoding.UTF8.GetBytes(json)), StringComparison.Ordinal);

    [Fact]
    public void A_number_of_very_many_digits_cannot_be_kept() =>
        Assert.StartsWith("a: the number cannot be kept", KeptJson.Problem(Encoding.UTF8.GetBytes($$"""{"a": 1.{{new string('3', KeptJson.MaxNumber)}}}""")), StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_no_UTF8_cannot_be_kept() =>
        Assert.StartsWith("body: it has bytes that are no UTF-8", KeptJson.Problem([.. "{\"a\": \""u8, 0xFF, .. "\"}"u8]), StringComparison.Ordinal);

    [Fact]
    public void What_is_no_JSON_or_too_deep_is_the_parsers_to_say()
    {
        Assert.ThrowsAny<JsonException>(() => KeptJson.Problem("{"u8));
        Assert.ThrowsAny<JsonException>(() => KeptJson.Problem("[[[1]]]"u8, 2));
    }
}
