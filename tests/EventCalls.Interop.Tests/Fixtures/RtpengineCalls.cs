using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>A service whose calls' media goes through one of two rtpengines.</summary>
public sealed class RtpengineCalls : AnchoredCalls
{
    private RtpengineServer? _first;
    private RtpengineServer? _second;

    /// <inheritdoc />
    internal override bool IsHeard => false;

    /// <summary>The engine that is asked for the first call.</summary>
    internal RtpengineServer First => _first!;

    /// <summary>The other one.</summary>
    internal RtpengineServer Second => _second!;

    /// <inheritdoc />
    public override async Task InitializeAsync()
    {
        int middle = FirstPort + (LastPort - FirstPort + 1) / 2;
        _first = await RtpengineServer.StartAsync(FirstPort, middle - 1);
        _second = await RtpengineServer.StartAsync(middle, LastPort);
        await base.InitializeAsync();
    }

    /// <inheritdoc />
    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var engine in new[] { _first, _second })
        {
            if (engine is not null)
                await engine.DisposeAsync();
        }
    }

    internal override EventCallsSettings Configure(EventCallsSettings settings) => settings with
    {
        More = new Dictionary<string, string>
        {
            ["Media__Mode"] = "rtpengine",
            ["Media__Rtpengine__0"] = First.Address,
            ["Media__Rtpengine__1"] = Second.Address,
            ["Media__SilenceSeconds"] = "2",
        },
    };
}
