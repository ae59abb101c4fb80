using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>A service whose calls' media goes through one of two rtpengines.</summary>
public sealed class RtpengineCalls : AnchoredCalls
{
    private RtpengineServer? _first;
    private RtpengineServer? _second;

    /// <summary>The engine that is asked for the first call.</summary>
    internal RtpengineServer First => _first!;

    /// <summary>The other one.</summary>
    internal RtpengineServer Second => _second!;

    private int SecondsPort => FirstPort + (LastPort - FirstPort + 1) / 3;

    /// <summary>The first of the ports to which engines send copies.</summary>
    private int OwnPort => FirstPort + (LastPort - FirstPort + 1) / 3 * 2;

    /// <inheritdoc />
    public override async Task InitializeAsync()
    {
        _first = await RtpengineServer.StartAsync(FirstPort, SecondsPort - 1);
        _second = await RtpengineServer.StartAsync(SecondsPort, OwnPort - 1);
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

    internal override EventCallsSettings Configure(EventCallsSettings settings)
    {
        var anchored = base.Configure(settings);
        return anchored with
        {
            More = new Dictionary<string, string>(anchored.More)
            {
                ["Media__Mode"] = "rtpengine",
                ["Media__Rtpengine__0"] = First.Address,
                ["Media__Rtpengine__1"] = Second.Address,
                ["Media__Ports"] = $"{OwnPort}-{LastPort}",
            },
        };
    }
}
