/// A step that may decide, and what is done when it does not; a class over two files.
public sealed partial class Line12 : RoutingLogic
{
    private partial string Queue { get; }
    private static partial Decision? Vip(Conversation conv);
    public override Decision Start(Conversation conv) => Vip(conv) ?? Handoff.Invite(Queue, outboundEndpoint: "pstn");
}
