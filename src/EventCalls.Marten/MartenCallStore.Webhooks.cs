using EventCalls.Store.Notifying;

namespace EventCalls.Marten;

/// <content>What is owed to webhooks.</content>
internal sealed partial class MartenCallStore
{
    public Task<IReadOnlyList<WebhookState>> ListWebhooksAsync(bool counted, CancellationToken cancellationToken) =>
        GuardAsync(() => _webhooks.ListAsync(counted, cancellationToken));

    public Task AddWebhookAsync(string name, long position, string lostNodes, CancellationToken cancellationToken) =>
        GuardAsync(() => _webhooks.AddAsync(name, position, lostNodes, cancellationToken));

    public Task<bool> AdvanceAsync(string name, long from, long to, string lostNodes, IReadOnlyList<OwedDelivery> owed, CancellationToken cancellationToken) =>
        GuardAsync(() => _webhooks.AdvanceAsync(name, from, to, lostNodes, owed, cancellationToken));

    public Task<IReadOnlyList<OwedDelivery>> ListDueAsync(string name, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        GuardAsync(() => _webhooks.DueAsync(name, now, limit, cancellationToken));

    public Task<IReadOnlyList<OwedDelivery>> ListDeadAsync(string name, int limit, CancellationToken cancellationToken) =>
        GuardAsync(() => _webhooks.DeadAsync(name, limit, cancellationToken));

    public Task ForgetAsync(string name, Guid id, CancellationToken cancellationToken) => GuardAsync(() => _webhooks.ForgetAsync(name, id, cancellationToken));

    public Task SaveAttemptAsync(string name, OwedDelivery delivery, CancellationToken cancellationToken) => GuardAsync(() => _webhooks.SaveAsync(name, delivery, cancellationToken));

    public Task StopAsync(string name, string why, string address, DateTimeOffset now, CancellationToken cancellationToken) =>
        GuardAsync(() => _webhooks.StopAsync(name, why, address, now, cancellationToken));

    public Task ResumeAsync(string name, CancellationToken cancellationToken) => GuardAsync(() => _webhooks.ResumeAsync(name, cancellationToken));

    public Task<int> ReplayDeadAsync(string name, Guid? id, DateTimeOffset now, CancellationToken cancellationToken) =>
        GuardAsync(() => _webhooks.ReplayAsync(name, id, now, cancellationToken));

    public Task<int> ForgetDeadAsync(DateTimeOffset before, CancellationToken cancellationToken) => GuardAsync(() => _webhooks.ForgetDeadAsync(before, cancellationToken));
}
