/// key=value;key=value, without an allocation per part.
public sealed class SpanParsing : RoutingLogic
{
    private static bool TryGet(ReadOnlySpan<char> text, ReadOnlySpan<char> key, out ReadOnlySpan<char> value)
    {
        foreach (Range part in text.Split(';'))
        {
            var pair = text[part].Trim();
            int equals = pair.IndexOf('=');
            if (equals > 0 && pair[..equals].Equals(key, StringComparison.OrdinalIgnoreCase))
            {
                value = pair[(equals + 1)..];
                return true;
            }
        }

        value = default;
        return false;
    }

    public override Decision Start(Conversation conv) =>
        TryGet(conv.SipHeaders["User-to-User"], "queue", out var queue) && int.TryParse(queue, out int number) && number is > 0 and < 100
            ? Handoff.Invite($"47{number:00}", outboundEndpoint: "pstn")
            : Handoff.Invite("4100", outboundEndpoint: "pstn");
}
