using EventCalls.Contracts;
using EventCalls.Store;
using EventCalls.Store.Notifying;
using EventCalls.Store.Steering;

namespace EventCalls.Console.Webhooks;

/// <summary>Follows the event store by position and owes each webhook what it is to be told; one reading for all of them.</summary>
/// <param name="store">The events.</param>
/// <param name="queue">What is owed.</param>
/// <param name="webhooks">Who is told.</param>
/// <param name="time">The clock.</param>
/// <param name="owes">Called when something new is owed.</param>
internal sealed class WebhookFollower(ICallStore store, IWebhookQueue queue, IReadOnlyList<WebhookOptions> webhooks, TimeProvider time, Action<WebhookOptions> owes)
{
    private const int EventsAtOnce = 1000;
    private const int MostNights = 3;

    /// <summary>Begins with those that are new: they are told of what comes from now on.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        var known = await queue.ListWebhooksAsync(counted: false, cancellationToken).ConfigureAwait(false);
        foreach (var webhook in webhooks.Where(webhook => !known.Any(state => state.Name == webhook.Name)))
        {
            long position = await store.LastPositionAsync(cancellationToken).ConfigureAwait(false);
            await queue.AddWebhookAsync(webhook.Name, position, TextOf(await NoticesAsync(cancellationToken).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);
        }
        // Another address is another receiver: that the one before is gone says nothing of it.
        foreach (var webhook in webhooks.Where(webhook => known.Any(state => state.Name == webhook.Name && state.StoppedAt is not null && state.StoppedAddress != webhook.AddressHash)))
            await queue.ResumeAsync(webhook.Name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks once for what is new.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var states = (await queue.ListWebhooksAsync(counted: false, cancellationToken).ConfigureAwait(false)).ToDictionary(state => state.Name, StringComparer.Ordinal);
        var cursors = webhooks.Where(webhook => states.ContainsKey(webhook.Name)).ToDictionary(webhook => webhook, webhook => states[webhook.Name]);
        if (cursors.Count == 0)
            return;
        var notices = await NoticesAsync(cancellationToken).ConfigureAwait(false);
        var tail = new EventTail(store, cursors.Values.Min(state => state.Position));
        var found = new List<StoredEvent>();
        int read = 0;
        await foreach (var e in tail.ReadNewAsync(cancellationToken).ConfigureAwait(false))
        {
            if (cursors.Keys.Any(webhook => webhook.Events.Contains(e.Type)))
                found.Add(e);
            if (++read % EventsAtOnce != 0)
                continue;
            await GoOnAsync(cursors, tail.Position, found, notices, cancellationToken).ConfigureAwait(false);
            found.Clear();
        }
        await GoOnAsync(cursors, tail.Position, found, notices, cancellationToken).ConfigureAwait(false);
    }

    private async Task GoOnAsync(Dictionary<WebhookOptions, WebhookState> cursors, long position, List<StoredEvent> found, IReadOnlyList<WebhookNews> notices, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        string noticed = TextOf(notices);
        foreach (var (webhook, state) in cursors.ToList())
        {
            long to = Math.Max(position, state.Position);
            if (to == state.Position && state.LostNodes == noticed)
                continue;
            List<OwedDelivery> owed = state.StoppedAt is null ? [.. Owed(webhook, state, found, notices, now)] : [];
            if (!await queue.AdvanceAsync(webhook.Name, state.Position, to, noticed, owed, cancellationToken).ConfigureAwait(false))
            {
                // Another process went on; the next look reads where it is.
                cursors.Remove(webhook);
                continue;
            }
            cursors[webhook] = state with { Position = to, LostNodes = noticed };
            if (owed.Count > 0)
                owes(webhook);
        }
    }

    private static IEnumerable<OwedDelivery> Owed(WebhookOptions webhook, WebhookState state, List<StoredEvent> found, IReadOnlyList<WebhookNews> notices, DateTimeOffset now)
    {
        foreach (var e in found)
        {
            if (e.Position > state.Position && webhook.Events.Contains(e.Type) && IsNews(webhook, e, now))
                yield return new OwedDelivery { Id = e.EventId, Type = e.Type, CallId = e.CallId, Version = e.Version, OwedSince = now, NextAt = now };
        }
        var known = state.LostNodes.Split(' ').ToHashSet(StringComparer.Ordinal);
        foreach (var news in notices)
        {
            if (webhook.Events.Contains(news.Type) && now - news.At <= webhook.GiveUpAfter && !known.Contains(news.Id.ToString("N")))
                yield return new OwedDelivery { Id = news.Id, Type = news.Type, Data = news.Data, OwedSince = now, NextAt = now };
        }
    }

    // Who was away for longer than anything is tried is not told what became of it long ago.
    private static bool IsNews(WebhookOptions webhook, StoredEvent e, DateTimeOffset now)
    {
        try
        {
            return now - e.OccurredAt <= webhook.GiveUpAfter;
        }
        catch (DamagedEventException)
        {
            // It is owed, and becomes a dead letter that says so.
            return true;
        }
    }

    private async Task<IReadOnlyList<WebhookNews>> NoticesAsync(CancellationToken cancellationToken)
    {
        if (!webhooks.Any(webhook => webhook.Events.Any(WebhookNews.Types.Contains)))
            return [];
        // What the recorders kept, and no silence of its own reckoning: that nobody is heard of may be a recorder's fault, which it alone knows.
        // A run that was silent and one that is back have one id, so a node that was told of as silent is not told of again when it is back.
        var nodes = await store.ListNodesAsync(cancellationToken).ConfigureAwait(false);
        // Of more nights than these nobody is told any more.
        var nights = await ((ILogicSteering)store).ListProofsAsync(ProofKind.Nightly, MostNights, cancellationToken).ConfigureAwait(false);
        return [.. nodes.SelectMany(WebhookNews.Of), .. nights.Select(WebhookNews.Of)];
    }

    private static string TextOf(IReadOnlyList<WebhookNews> notices) => string.Join(' ', notices.Select(news => news.Id.ToString("N")));
}
