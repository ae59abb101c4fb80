using EventCalls.Store.Notifying;

namespace EventCalls.Store.Tests.Conformance;

/// <summary>What webhooks are owed, and how far each was told.</summary>
public abstract class WebhookConformance(ICallStoreFixture fixture) : ConformanceBase(fixture)
{
    private static readonly DateTimeOffset s_noon = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private IWebhookQueue Queue => (IWebhookQueue)Store;

    [Fact]
    public async Task A_cursor_begins_where_it_was_first_put_and_moves_only_from_where_it_is()
    {
        await Queue.AddWebhookAsync("crm", 7, "a b", None);
        await Queue.AddWebhookAsync("crm", 9, "", None);
        await Queue.AddWebhookAsync("billing", 1, "", None);
        Assert.Equal([new WebhookState("billing", 1, ""), new WebhookState("crm", 7, "a b")], await Queue.ListWebhooksAsync(counted: false, None));

        Assert.False(await Queue.AdvanceAsync("crm", 6, 8, "", [Delivery(1)], None));
        Assert.True(await Queue.AdvanceAsync("crm", 7, 8, "c", [Delivery(1), Delivery(2)], None));
        Assert.False(await Queue.AdvanceAsync("crm", 7, 8, "", [Delivery(3)], None));
        Assert.False(await Queue.AdvanceAsync("nobody", 0, 8, "", [Delivery(3)], None));

        await using var another = OpenAnother();
        Assert.Equal(new WebhookState("crm", 8, "c", Owed: 2), (await ((IWebhookQueue)another).ListWebhooksAsync(counted: true, None))[1]);
    }

    [Fact]
    public async Task What_is_owed_is_due_at_its_time_and_once()
    {
        await Queue.AddWebhookAsync("crm", 0, "", None);
        var ofACall = Delivery(1) with { CallId = Guid.NewGuid(), Version = 12 };
        var ofANode = Delivery(2) with { Type = "node_lost", Data = """{"node":"ä"}""", NextAt = s_noon.AddSeconds(1) };
        await Queue.AdvanceAsync("crm", 0, 1, "", [ofANode, ofACall], None);
        await Queue.AdvanceAsync("crm", 1, 2, "", [ofACall with { Version = 99 }], None);

        Assert.Equal([ofACall], await Queue.ListDueAsync("crm", s_noon, 10, None));
        Assert.Equal([ofACall, ofANode], await Queue.ListDueAsync("crm", s_noon.AddHours(1), 10, None));
        Assert.Equal([ofACall], await Queue.ListDueAsync("crm", s_noon.AddHours(1), 1, None));
        Assert.Empty(await Queue.ListDueAsync("billing", s_noon.AddHours(1), 10, None));

        var failed = ofACall with { Attempts = 1, NextAt = s_noon.AddMinutes(5), Problem = "500" };
        await Queue.SaveAttemptAsync("crm", failed, None);
        await Queue.ForgetAsync("crm", ofANode.Id, None);
        Assert.Empty(await Queue.ListDueAsync("crm", s_noon.AddMinutes(4), 10, None));
        Assert.Equal([failed], await Queue.ListDueAsync("crm", s_noon.AddMinutes(5), 10, None));
        Assert.Equal(new WebhookState("crm", 2, "", Owed: 1, Failed: 1), Assert.Single(await Queue.ListWebhooksAsync(counted: true, None)));
    }

    [Fact]
    public async Task Dead_letters_are_due_no_more_until_they_are_replayed_and_are_forgotten_when_they_are_old()
    {
        await Queue.AddWebhookAsync("crm", 0, "", None);
        await Queue.AdvanceAsync("crm", 0, 1, "", [Delivery(1), Delivery(2), Delivery(3)], None);
        foreach (int number in (int[])[1, 2])
            await Queue.SaveAttemptAsync("crm", Delivery(number) with { Attempts = 9, Problem = "503", DeadAt = s_noon.AddHours(number) }, None);
        Assert.Equal([Id(2), Id(1)], (await Queue.ListDeadAsync("crm", 10, None)).Select(d => d.Id));
        Assert.Equal([Id(3)], (await Queue.ListDueAsync("crm", s_noon.AddDays(9), 10, None)).Select(d => d.Id));
        Assert.Equal(new WebhookState("crm", 1, "", Owed: 1, Dead: 2), Assert.Single(await Queue.ListWebhooksAsync(counted: true, None)));

        // What comes of an attempt that was under way does not make it live again.
        await Queue.SaveAttemptAsync("crm", Delivery(1) with { Attempts = 10 }, None);
        Assert.Equal(2, (await Queue.ListDeadAsync("crm", 10, None)).Count);

        Assert.Equal(0, await Queue.ReplayDeadAsync("crm", Id(3), s_noon.AddDays(1), None));
        Assert.Equal(1, await Queue.ReplayDeadAsync("crm", Id(1), s_noon.AddDays(1), None));
        Assert.Equal(
            Delivery(1) with { Problem = "503", OwedSince = s_noon.AddDays(1), NextAt = s_noon.AddDays(1) },
            (await Queue.ListDueAsync("crm", s_noon.AddDays(1), 10, None)).Single(d => d.Id == Id(1)));
        Assert.Equal(0, await Queue.ForgetDeadAsync(s_noon.AddHours(2), None));
        Assert.Equal(1, await Queue.ForgetDeadAsync(s_noon.AddHours(3), None));
        Assert.Equal(0, await Queue.ReplayDeadAsync("crm", null, s_noon, None));
    }

    [Fact]
    public async Task A_webhook_that_is_stopped_is_owed_nothing_and_goes_on_when_it_is_replayed()
    {
        await Queue.AddWebhookAsync("crm", 0, "", None);
        await Queue.AddWebhookAsync("billing", 0, "", None);
        await Queue.AdvanceAsync("crm", 0, 1, "", [Delivery(1), Delivery(2)], None);
        await Queue.AdvanceAsync("billing", 0, 1, "", [Delivery(1)], None);
        await Queue.StopAsync("crm", "410 Gone", "abc", s_noon, None);
        Assert.Equal(
            [new WebhookState("billing", 1, "", Owed: 1), new WebhookState("crm", 1, "", s_noon, "410 Gone", "abc", Dead: 2)],
            await Queue.ListWebhooksAsync(counted: true, None));
        Assert.Equal(["410 Gone", "410 Gone"], (await Queue.ListDeadAsync("crm", 10, None)).Select(d => d.Problem));

        Assert.Equal(2, await Queue.ReplayDeadAsync("crm", null, s_noon, None));
        Assert.Equal(new WebhookState("crm", 1, "", Owed: 2), (await Queue.ListWebhooksAsync(counted: true, None))[1]);
        await Queue.StopAsync("crm", "410 Gone", "abc", s_noon, None);
        await Queue.ResumeAsync("crm", None);
        Assert.Equal(new WebhookState("crm", 1, "", Dead: 2), (await Queue.ListWebhooksAsync(counted: true, None))[1]);
    }

    private static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    private static OwedDelivery Delivery(int number) => new() { Id = Id(number), Type = "call_ended", OwedSince = s_noon, NextAt = s_noon };
}
