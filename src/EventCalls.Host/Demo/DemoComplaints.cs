using EventCalls.Simulation.Live;

namespace EventCalls.Host.Demo;

/// <summary>Says which calls went otherwise than expected, and how.</summary>
internal static class DemoComplaints
{
    private const int MostNamed = 20;

    public static void Write(TextWriter error, DemoResult result)
    {
        var made = result.Unexpected.Where(u => u.Call.SipCallId is not null).ToList();
        foreach (var (call, differences) in made.Take(MostNamed))
        {
            error.WriteLine($"Call {call.Number}, {call.Scenario.Name}:");
            error.WriteLine($"  SIP Call-ID {call.SipCallId}");
            foreach (string difference in differences)
                error.WriteLine($"  {difference}");
        }
        if (made.Count > MostNamed)
            error.WriteLine($"… and {made.Count - MostNamed} more.");
        // Calls are made in order, so what was not made is the rest.
        if (result.Unexpected.FirstOrDefault(u => u.Call.SipCallId is null).Call is { } first)
            error.WriteLine($"Calls {first.Number} to {result.Calls} were not made: the demo was stopped, or took too long.");
        if (result.Unplanned > 0)
            error.WriteLine($"The store has {result.Unplanned} calls that nobody made.");
    }
}
