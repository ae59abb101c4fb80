using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>What is heard that an rtpengine plays.</summary>
public class HoldSoundByRtpengine(HoldSoundByRtpengine.EngineService service) : HoldSound(service), IClassFixture<HoldSoundByRtpengine.EngineService>
{
    /// <summary>A service that answers at once, by an rtpengine.</summary>
    public sealed class EngineService : HoldingService
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

        internal override EventCallsSettings Configure(EventCallsSettings settings)
        {
            var through = base.Configure(settings).Through(_engine!);
            return through with { More = new Dictionary<string, string>(through.More) { ["Media__RtpengineDigits"] = "true" } };
        }
    }
}
