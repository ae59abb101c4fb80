using EventCalls.Contracts;
using EventCalls.Contracts.Findings;
using EventCalls.Host.Configuration;
using EventCalls.Replay.Canary;
using EventCalls.Replay.Nightly;
using EventCalls.Replay.Shadow;
using EventCalls.Routing;
using EventCalls.Routing.Deciders;
using EventCalls.Routing.Loading;

namespace EventCalls.Host.Composition;

/// <content>How versions of the logic prove themselves.</content>
internal sealed partial class EventCallsNode
{
    private volatile BackgroundService[] _proving = [];

    /// <summary>How the version that has a share of the calls stands; null when this process does not look.</summary>
    public CanaryStatus? Canary => _proving.OfType<CanaryService>().FirstOrDefault()?.Status;

    /// <summary>What decides live calls again; null when this process does not.</summary>
    public ShadowService? Shadow => _proving.OfType<ShadowService>().FirstOrDefault();

    private NightlyResult? Nightly => _proving.OfType<NightlyService>().FirstOrDefault()?.Last;

    // Who records looks what calls come to; who serves HTTP is asked how it stands.
    private async Task ProveAsync()
    {
        bool records = _roles.Contains(Role.Recorder);
        if (Store is null || !(records || _console is not null))
            return;
        var services = new List<BackgroundService>();
        if (_settings.Router.LogicFrom == LogicFrom.Store)
            services.Add(new CanaryService(Store, _time, _loggers.CreateLogger<CanaryService>()));
        if (records)
        {
            var deciders = DeciderChoice.Of(_settings.Router, _settings.Lookups);
            var options = _settings.Replay(deciders) with { Threads = 1 };
            Task<LogicCheck> Compile(IReadOnlyList<LogicSource> files, CancellationToken ct) => DeciderChoice.CompileAsync(deciders, files, _time, ct);
            services.Add(new ShadowService(Store, Compile, options, _time, _loggers.CreateLogger<ShadowService>()));
            if (_settings.Nightly.Nightly is not null)
                services.Add(new NightlyService(_settings.Nightly, Store, new SelfReplay(Store, Compile, options, _time), _time, _loggers.CreateLogger<NightlyService>()));
        }
        foreach (var service in services)
            await service.StartAsync(CancellationToken.None).ConfigureAwait(false);
        _proving = [.. services];
    }

    private async Task ProveNoMoreAsync()
    {
        var services = _proving;
        _proving = [];
        foreach (var service in services)
        {
            await service.StopAsync(CancellationToken.None).ConfigureAwait(false);
            service.Dispose();
        }
    }

    // What is wrong with the logic is no reason to restart the process.
    private HealthCheck? NightlyCheck => Nightly is { } nightly ? new("nightly", true, nightly.ToString()) : null;

    private IEnumerable<Figure> ProvingFigures()
    {
        if (Router is { } router)
            yield return new("eventcalls_canary_share_percent", "Which share of the calls another version decides here; 0 when none does.", router.Canary?.Share ?? 0);
        if (_roles.Contains(Role.Recorder))
            yield return new("eventcalls_nightly_not_same", "Calls of the day before that the version that had decided them decides otherwise now.", Nightly?.NotSame ?? 0);
    }
}
