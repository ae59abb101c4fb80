using System.Runtime.CompilerServices;

/// Says in the state which check decided.
public sealed class CallerInfo : RoutingLogic
{
    private static bool Note(Conversation conv, bool value, [CallerMemberName] string member = "", [CallerLineNumber] int line = 0, [CallerArgumentExpression(nameof(value))] string what = "")
    {
        if (value)
            conv.State["because"] = $"{member}:{line > 0}:{what}";
        return value;
    }

    public override Decision Start(Conversation conv) =>
        Note(conv, conv.CallerNumber.Length == 0) ? Handoff.Reject(433) : Handoff.Invite("4100", outboundEndpoint: "pstn");
}
