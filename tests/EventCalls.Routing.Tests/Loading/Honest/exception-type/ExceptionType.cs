/// What goes wrong with a header is kept, not thrown.
public sealed class ExceptionType : RoutingLogic
{
    public override Decision Start(Conversation conv)
    {
        int priority;
        try
        {
            priority = int.Parse(conv.SipHeaders["X-Priority"] ?? "0");
        }
        catch (Exception ex) when (ex is FormatException or OverflowException)
        {
            conv.State["error"] = $"{ex.GetType().Name}: {ex.Message}";
            priority = 0;
        }
        catch (Exception ex)
        {
            conv.State["unexpected"] = ex.GetType().Name;
            throw;
        }

        return priority > 5 ? Handoff.Invite("4900", outboundEndpoint: "pstn") : Handoff.Invite("4100", outboundEndpoint: "pstn");
    }
}
