/// A hash of one's own over the digits, to spread callers over sites.
public sealed class FnvHash : RoutingLogic
{
    private static readonly string[] Sites = ["sip:east@example.com", "sip:west@example.com", "sip:north@example.com"];

    private static ulong Fnv1a(ReadOnlySpan<char> text)
    {
        ulong hash = 14695981039346656037UL;
        foreach (char c in text)
        {
            hash ^= c;
            hash = unchecked(hash * 1099511628211UL);
        }

        return hash;
    }

    public override Decision Start(Conversation conv) =>
        Handoff.Refer(Sites[(int)(Fnv1a(conv.CallerNumber.AsSpan().TrimStart('+')) % (ulong)Sites.Length)]);
}
