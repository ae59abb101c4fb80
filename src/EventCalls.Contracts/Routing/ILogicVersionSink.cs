namespace EventCalls.Contracts;

/// <summary>Where the sources of a version go before the first decision with it, so that any decision can be repeated later.</summary>
public interface ILogicVersionSink
{
    /// <summary>Completes when the sources are on their way to the recorder for certain; throws when they are not.</summary>
    Task SendAsync(LogicVersionLoaded version, CancellationToken cancellationToken);
}
