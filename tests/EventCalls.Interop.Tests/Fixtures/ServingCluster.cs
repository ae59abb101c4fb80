namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>A service whose HTTP is served by a node that has no calls, over RabbitMQ and PostgreSQL.</summary>
public abstract class ServingCluster : ServingService
{
    private readonly List<EventCallsProcess> _others = [];

    /// <inheritdoc/>
    public override async Task DisposeAsync()
    {
        foreach (var process in _others)
            await process.DisposeAsync();
        await base.DisposeAsync();
    }

    internal override EventCallsProcess Server => _others[0];

    /// <inheritdoc/>
    internal override EventCallsSettings Configure(EventCallsSettings settings) => WithEndpoints(settings) with { Roles = RolesOfCalls };

    private protected override (bool Broker, bool Database) Servers => (true, true);

    /// <summary>What the node does that has the calls.</summary>
    private protected abstract string RolesOfCalls { get; }

    /// <inheritdoc/>
    private protected override async Task StartOthersAsync()
    {
        var desk = Settings.As("console", "desk-1");
        await StartAnotherAsync(desk with { More = desk.More.Concat(HttpKeys).ToDictionary() });
    }

    /// <summary>Starts one more node, which ends with the fixture.</summary>
    private protected async Task StartAnotherAsync(EventCallsSettings settings) => _others.Add(await EventCallsProcess.StartAsync(settings));
}
