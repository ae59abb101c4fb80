using System.Globalization;
using System.Text;

/// A greeting in the header, by a format that is parsed once.
public sealed class Greeting : RoutingLogic
{
    private static readonly CompositeFormat s_text = CompositeFormat.Parse("Caller {0} on {1:yyyy-MM-dd HH:mm}, call no. {2:D3}");

    public override Decision Start(Conversation conv)
    {
        int count = conv.State.Get<int>("count") + 1;
        conv.State.Set("count", count);
        string text = string.Format(CultureInfo.InvariantCulture, s_text, conv.CallerNumber, conv.Now, count);
        return Handoff.Invite("4100", outboundEndpoint: "pstn").WithHeader("X-Text", text);
    }
}
