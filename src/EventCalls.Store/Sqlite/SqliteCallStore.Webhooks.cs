using EventCalls.Store.Notifying;

namespace EventCalls.Store.Sqlite;

/// <content>What is owed to webhooks.</content>
internal sealed partial class SqliteCallStore
{
    public async Task<IReadOnlyList<WebhookState>> ListWebhooksAsync(bool counted, CancellationToken cancellationToken) =>
        await ReadAsync(connection => SqliteWebhooks.List(connection, counted), cancellationToken);

    public Task AddWebhookAsync(string name, long position, string lostNodes, CancellationToken cancellationToken) =>
        WriteAsync(create: false, appender => SqliteWebhooks.Add(appender, name, position, lostNodes), cancellationToken);

    public Task<bool> AdvanceAsync(string name, long from, long to, string lostNodes, IReadOnlyList<OwedDelivery> owed, CancellationToken cancellationToken) =>
        WriteAsync(create: false, appender => SqliteWebhooks.Advance(appender, name, from, to, lostNodes, owed), cancellationToken);

    public async Task<IReadOnlyList<OwedDelivery>> ListDueAsync(string name, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        await ReadAsync(connection => SqliteWebhooks.Due(connection, name, now, limit), cancellationToken);

    public async Task<IReadOnlyList<OwedDelivery>> ListDeadAsync(string name, int limit, CancellationToken cancellationToken) =>
        await ReadAsync(connection => SqliteWebhooks.Dead(connection, name, limit), cancellationToken);

    public Task ForgetAsync(string name, Guid id, CancellationToken cancellationToken) =>
        WriteAsync(create: false, appender => SqliteWebhooks.Forget(appender, name, id), cancellationToken);

    public Task SaveAttemptAsync(string name, OwedDelivery delivery, CancellationToken cancellationToken) =>
        WriteAsync(create: false, appender => SqliteWebhooks.Save(appender, name, delivery), cancellationToken);

    public Task StopAsync(string name, string why, string address, DateTimeOffset now, CancellationToken cancellationToken) =>
        WriteAsync(create: false, appender => SqliteWebhooks.Stop(appender, name, why, address, now), cancellationToken);

    public Task ResumeAsync(string name, CancellationToken cancellationToken) =>
        WriteAsync(create: false, appender => SqliteWebhooks.Continue(appender, name), cancellationToken);

    public Task<int> ReplayDeadAsync(string name, Guid? id, DateTimeOffset now, CancellationToken cancellationToken) =>
        WriteAsync(create: false, appender => SqliteWebhooks.Replay(appender, name, id, now), cancellationToken);

    public Task<int> ForgetDeadAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        WriteAsync(create: false, appender => SqliteWebhooks.ForgetDead(appender, before), cancellationToken);
}
