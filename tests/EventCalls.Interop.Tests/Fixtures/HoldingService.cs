namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>A service that answers at once, and lets callers hear what rings in Germany.</summary>
public class HoldingService : EmbeddedService
{
    /// <summary>What rings in Germany (ITU-T E.180).</summary>
    internal const int GermanHertz = 425;

    internal override EventCallsSettings Configure(EventCallsSettings settings) => settings with
    {
        More = new Dictionary<string, string> { ["Media__Mode"] = "anchor", ["Media__Country"] = "de", ["Calls__Answer"] = "immediately" },
    };
}
