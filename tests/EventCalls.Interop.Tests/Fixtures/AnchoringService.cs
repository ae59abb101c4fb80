using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>A service through which all media goes.</summary>
public sealed class AnchoringService : EmbeddedService
{
    internal override EventCallsSettings Configure(EventCallsSettings settings)
    {
        int ports = FreePorts.Range(40);
        return settings with { More = new Dictionary<string, string> { ["Media__Mode"] = "anchor", ["Media__Ports"] = $"{ports}-{ports + 39}" } };
    }
}
