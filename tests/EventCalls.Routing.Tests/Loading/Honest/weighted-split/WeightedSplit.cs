/// Sites by weight, drawn from the call's own random numbers.
public sealed class WeightedSplit : RoutingLogic
{
    private readonly record struct Site(string Uri, int Weight);

    private static readonly Site[] s_sites = [new("sip:a@example.com", 70), new("sip:b@example.com", 20), new("sip:c@example.com", 10)];
    private static readonly int s_total = s_sites.Sum(s => s.Weight);

    public override Decision Start(Conversation conv)
    {
        int drawn = conv.Random.Next(s_total);
        foreach (var (uri, weight) in s_sites)
        {
            if ((drawn -= weight) < 0)
                return Handoff.Refer(uri);
        }

        throw new System.Diagnostics.UnreachableException();
    }
}
