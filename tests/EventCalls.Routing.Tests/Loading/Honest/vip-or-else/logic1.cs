public sealed partial class Line12
{
    private partial string Queue { get => field ??= "4100"; }
    private static partial Decision? Vip(Conversation conv) => conv.Lookup("customers.tier", conv.CallerNumber) is "gold" ? Handoff.Invite("4900", outboundEndpoint: "pstn") : null;
}
