using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>A page's call, through rtpengine.</summary>
public class BrowserCallsByRtpengine(BrowserCallsByRtpengine.EngineService service) : BrowserCalls(service), IClassFixture<BrowserCallsByRtpengine.EngineService>
{
    /// <summary>A service that pages reach by WebSocket, and whose calls' media goes through an rtpengine.</summary>
    public sealed class EngineService : PageService
    {
        private RtpengineServer? _engine;

        /// <inheritdoc />
        public override async Task InitializeAsync()
        {
            _engine = await RtpengineServer.StartAsync(40);
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
}
