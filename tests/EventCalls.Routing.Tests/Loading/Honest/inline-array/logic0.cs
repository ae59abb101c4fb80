using System.Runtime.CompilerServices;
/// Which digit comes most often, counted in an inline array.
public sealed class Inline : RoutingLogic
{
    [InlineArray(10)] private struct Digits { private int _first; }
    public override Decision Start(Conversation conv)
    {
        Digits counts = default;
        foreach (char c in conv.CallerNumber) if (char.IsAsciiDigit(c)) counts[c - '0']++;
        int most = 0;
        for (int i = 1; i < 10; i++) if (counts[i] > counts[most]) most = i;
        return Handoff.Invite($"410{most}", outboundEndpoint: "pstn");
    }
}
