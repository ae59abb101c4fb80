namespace EventCalls.Host.Demo;

/// <summary>Says which calls went otherwise than expected, and how.</summary>
internal static class DemoComplaints
{
    private const int MostNamed = 20;

    public static void Write(TextWriter error, DemoResult result)
    {
        foreach (var (call, differences) in result.Unexpected.Take(MostNamed))
        {
            error.WriteLine($"Call {call.Number} ({call.Scenario.Name}), SIP Call-ID {call.SipCallId ?? "none, it was not made"}:");
            foreach (string difference in differences)
                error.WriteLine($"  {difference}");
        }
        if (result.Unexpected.Count > MostNamed)
            error.WriteLine($"… and {result.Unexpected.Count - MostNamed} more.");
        if (result.Unplanned > 0)
            error.WriteLine($"The store has {result.Unplanned} calls that nobody made.");
    }
}
