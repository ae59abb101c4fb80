using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>A service whose calls' media goes through an rtpengine, plain or encrypted.</summary>
public sealed class RtpengineService : AnchoringService
{
    private RtpengineServer? _engine;

    /// <inheritdoc />
    internal override bool IsMeasured => false;

    /// <inheritdoc />
    public override async Task InitializeAsync()
    {
        int ports = FreePorts.Range(100);
        _engine = await RtpengineServer.StartAsync(ports, ports + 99);
        await base.InitializeAsync();
    }

    /// <inheritdoc />
    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_engine is not null)
            await _engine.DisposeAsync();
    }

    internal override EventCallsSettings Configure(EventCallsSettings settings)
    {
        var anchoring = base.Configure(settings);
        return anchoring with { More = new Dictionary<string, string>(anchoring.More) { ["Media__Mode"] = "rtpengine", ["Media__Rtpengine__0"] = _engine!.Address } };
    }
}
