using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions;
using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Dialogs;

/// <summary>What an extension adds shows in what the agent says of itself, and in what it takes.</summary>
public sealed class ExtensionTests
{
    private readonly SipPair _pair = new();

    [Fact]
    [Trait("RFC", "3261 §20.37")]
    public void What_an_agent_says_of_itself_is_made_of_its_extensions()
    {
        var bare = Options(new UserAgentOptions { Extensions = [] });
        Assert.Equal(("INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, INFO", "application/sdp", ""), (bare.Header("Allow"), bare.Header("Accept"), bare.Header("Supported")));

        var sends = Options(new UserAgentOptions());
        Assert.Equal(("INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, INFO, NOTIFY", "application/sdp, message/sipfrag", "norefersub"), (sends.Header("Allow"), sends.Header("Accept"), sends.Header("Supported")));

        var all = Options(new UserAgentOptions { Extensions = [ReferExtension.Taken, new Sample()] });
        Assert.Equal("norefersub, sample", all.Header("Supported"));
        Assert.EndsWith("NOTIFY, REFER", all.Header("Allow"), StringComparison.Ordinal);
        Assert.Equal("application/sdp, message/sipfrag, text/sample", all.Header("Accept"));
    }

    [Fact]
    [Trait("RFC", "3261 §8.2.2.3")]
    public void What_an_extension_understands_may_be_required_and_nothing_else()
    {
        Assert.Equal("200", Options(new UserAgentOptions { Extensions = [new Sample()] }, "Require: sample\r\n").Kind);
        var refused = Options(new UserAgentOptions { Extensions = [new Sample()] }, "Require: sample, other\r\n");
        Assert.Equal(("420", "other"), (refused.Kind, refused.Header("Unsupported")));
        // That means something where REFERs are taken only.
        Assert.Equal("420", Options(new UserAgentOptions(), "Require: norefersub\r\n").Kind);
        Assert.Equal("200", Options(new UserAgentOptions { Extensions = [ReferExtension.Taken] }, "Require: norefersub\r\n").Kind);
    }

    private Sent Options(UserAgentOptions options, string more = "")
    {
        int n = _pair.Network.Log.Count;
        var host = _pair.Network.AddHost($"10.0.1.{n}:5060");
        host.Start(_pair.B, options);
        var asker = _pair.Network.AddHost($"10.0.2.{n}:5060");
        asker.Send(host, $"OPTIONS sip:x@{host.EndPoint} SIP/2.0\r\nVia: SIP/2.0/UDP {asker.EndPoint};branch=z9hG4bK{n}\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:x@y>\r\nCall-ID: {n}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n{more}Content-Length: 0\r\n\r\n");
        _pair.Network.Run(50);
        return asker.Received[^1];
    }

    private sealed class Sample : SipExtension
    {
        public override IReadOnlyList<string> OptionTags => ["sample"];

        public override IReadOnlyList<string> ContentTypes => ["text/sample"];
    }
}
