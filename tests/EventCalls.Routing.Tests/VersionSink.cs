using EventCalls.Contracts;

namespace EventCalls.Routing.Tests;

/// <summary>Keeps the versions that were sent.</summary>
internal sealed class VersionSink : ILogicVersionSink
{
    private readonly List<LogicVersionLoaded> _sent = [];

    public int Refusals { get; set; }

    public IReadOnlyList<LogicVersionLoaded> Sent => _sent;

    public Task SendAsync(LogicVersionLoaded version, CancellationToken cancellationToken)
    {
        if (Refusals-- > 0)
            return Task.FromException(new InvalidOperationException("The bus is down."));
        _sent.Add(version);
        return Task.CompletedTask;
    }
}
