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
        _engine = await RtpengineServer.StartAsync(100);
        await base.InitializeAsync();
    }

    /// <inheritdoc />
    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_engine is not null)
            await _engine.DisposeAsync();
    }

    internal override EventCallsSettings Configure(EventCallsSettings settings) => base.Configure(settings).Through(_engine!);
}
