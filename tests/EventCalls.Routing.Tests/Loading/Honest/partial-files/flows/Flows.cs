using Acme.Routing;

public sealed partial class Line
{
    private static partial string? Menu(Conversation conv) => conv.SipHeaders["X-Menu"] switch
    {
        Digits.Sales => "sales",
        Digits.Service => "service",
        _ => null,
    };

    [Flow("sales")]
    public Decision Sales(Conversation conv) => Handoff.Invite("4200", outboundEndpoint: "pstn");

    [Flow("service")]
    public Decision Service(Conversation conv) => Handoff.Invite("4300", outboundEndpoint: "pstn");

    [Flow("operator")]
    public Decision Operator(Conversation conv) => Handoff.Invite("0", outboundEndpoint: "pstn");
}
