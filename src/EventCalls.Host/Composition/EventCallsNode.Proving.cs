using EventCalls.Host.Configuration;
using EventCalls.Replay.Canary;
using EventCalls.Routing;
using Microsoft.Extensions.Hosting;

namespace EventCalls.Host.Composition;

/// <content>How versions of the logic prove themselves in live traffic.</content>
internal sealed partial class EventCallsNode
{
    private readonly List<BackgroundService> _proving = [];

    /// <summary>How the version that has a share of the calls stands; null when this process does not look.</summary>
    public CanaryStatus? Canary => _proving.OfType<CanaryService>().FirstOrDefault()?.Status;

    // Who records has what shows it; who serves HTTP is asked how it stands.
    private async Task ProveAsync()
    {
        if (Store is null || !(_roles.Contains(Role.Recorder) || _console is not null))
            return;
        if (_settings.Router.LogicFrom == LogicFrom.Store)
            _proving.Add(new CanaryService(Store, _time, _loggers.CreateLogger<CanaryService>()));
        foreach (var service in _proving)
            await service.StartAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private async Task ProveNoMoreAsync()
    {
        foreach (var service in _proving)
        {
            await service.StopAsync(CancellationToken.None).ConfigureAwait(false);
            service.Dispose();
        }
        _proving.Clear();
    }
}
