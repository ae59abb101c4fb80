using System.Text;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;

namespace EventCalls.Sip.Tests.Messages;

public sealed class HeaderValuesTests
{
    [Theory]
    [InlineData("a, b,c", "a|b|c")]
    [InlineData(" , a ,, b , ", "a|b")]
    [InlineData("\"x, y\" <sip:a,b@c>;p=\"1,2\", <sip:d@e>", "\"x, y\" <sip:a,b@c>;p=\"1,2\"|<sip:d@e>")]
    [InlineData("\"open, a", "\"open, a")]
    [InlineData("<open, a", "<open, a")]
    [InlineData("\"q\\\",\" <sip:a>, b", "\"q\\\",\" <sip:a>|b")]
    [InlineData("", "")]
    public void Commas_separate_outside_of_quotes_and_brackets(string value, string expected) =>
        Assert.Equal(expected.Split('|', StringSplitOptions.RemoveEmptyEntries), Read(HeaderId.Contact, $"Contact: {value}\r\n"));

    [Theory]
    [InlineData(HeaderId.Date, "Date: Sat, 13 Nov 2010 23:29:00 GMT", "Sat, 13 Nov 2010 23:29:00 GMT")]
    [InlineData(HeaderId.Subject, "s: one, two", "one, two")]
    [InlineData(HeaderId.Authorization, "Authorization: Digest realm=\"x\", nonce=\"y\"", "Digest realm=\"x\", nonce=\"y\"")]
    public void Fields_that_are_no_lists_are_not_separated(HeaderId id, string field, string expected) =>
        Assert.Equal([expected], Read(id, field + "\r\n"));

    [Fact]
    public void Repeated_fields_come_in_order_in_whatever_spelling() =>
        Assert.Equal(["1", "2", "3", "4"], Read(HeaderId.Supported, "k: 1,2\r\nX: y\r\nSUPPORTED: 3\r\nk:\r\nsupported: 4\r\n"));

    [Fact]
    public void A_field_that_is_not_there_has_no_values() => Assert.Empty(Read(HeaderId.Route, ""));

    private static List<string> Read(HeaderId id, string fields)
    {
        var message = new SipMessage();
        SipParser.Parse(Encoding.UTF8.GetBytes($"OPTIONS sip:h SIP/2.0\r\n{fields}\r\n"), message);
        var values = new List<string>();
        foreach (var value in message.Values(id))
            values.Add(SipText.Get(value));
        return values;
    }
}
