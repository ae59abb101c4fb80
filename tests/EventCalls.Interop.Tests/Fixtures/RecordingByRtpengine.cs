using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>A service that records where its handoffs say so, and whose calls' media goes through an rtpengine.</summary>
public sealed class RecordingByRtpengine : RecordingService
{
    private RtpengineServer? _engine;

    /// <inheritdoc />
    public override async Task InitializeAsync()
    {
        _engine = await RtpengineServer.StartAsync(60);
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
