using System.Text;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;

namespace EventCalls.Sip.Tests.Parsing;

/// <summary>Turns the messages as the RFCs print them into bytes and parses them.</summary>
internal static class Torture
{
    /// <summary>The bytes of a message written with plain line ends; <c>{sdp:ADDRESS}</c> is the body most RFC 4475 messages share.</summary>
    internal static byte[] Bytes(string printed)
    {
        var start = printed.IndexOf("{sdp:", StringComparison.Ordinal);
        if (start >= 0)
        {
            var address = printed[(start + 5)..printed.IndexOf('}', start)];
            printed = printed.Replace(
                $"{{sdp:{address}}}",
                $"v=0\no=mhandley 29739 7272939 IN IP4 {address}\ns=-\nc=IN IP4 {address}\nt=0 0\nm=audio 49217 RTP/AVP 0 12\nm=video 3227 RTP/AVP 31\na=rtpmap:31 LPC\n",
                StringComparison.Ordinal);
        }
        return Encoding.UTF8.GetBytes(printed.ReplaceLineEndings("\r\n"));
    }

    internal static SipMessage Accept(string printed)
    {
        var message = new SipMessage();
        Assert.Equal(SipParseError.None, SipParser.Parse(Bytes(printed), message));
        return message;
    }

    internal static SipMessage Refuse(string printed, SipParseError expected, bool canRespond)
    {
        var message = new SipMessage();
        Assert.Equal(expected, SipParser.Parse(Bytes(printed), message));
        Assert.Equal(canRespond, message.CanRespond);
        return message;
    }

    internal static List<string> Values(SipMessage message, HeaderId id)
    {
        var values = new List<string>();
        foreach (var value in message.Values(id))
            values.Add(SipText.Unfold(value));
        return values;
    }

    internal static NameAddr Address(ReadOnlySpan<byte> text)
    {
        Assert.True(NameAddr.TryParse(text, out var address));
        return address;
    }

    internal static SipUri Uri(ReadOnlySpan<byte> text)
    {
        Assert.True(SipUri.TryParse(text, out var uri));
        return uri;
    }

    internal static string Parameter(NameAddr address, string name)
    {
        Assert.True(address.TryGetParameter(Encoding.UTF8.GetBytes(name), out var value));
        return SipText.Get(value);
    }
}
