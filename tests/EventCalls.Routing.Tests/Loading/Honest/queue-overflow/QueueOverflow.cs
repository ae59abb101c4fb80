/// A queue, the next one, and in the end a callback.
public sealed class QueueOverflow : RoutingLogic
{
    private sealed record Queue(string Name, string Number, TimeSpan Wait, string? Next);

    private static readonly Queue[] s_queues =
    [
        new("first", "4700", TimeSpan.FromSeconds(30), "second"),
        new("second", "4701", TimeSpan.FromSeconds(60), "third"),
        new("third", "4702", TimeSpan.FromMinutes(2), null),
    ];

    private static Queue? Find(string? name) => Array.Find(s_queues, q => q.Name == name);

    public override Decision Start(Conversation conv) => Into(conv, s_queues[0]);

    public override Decision TransferFailed(Conversation conv) =>
        Find(Find(conv.State["queue"])?.Next) is { } next ? Into(conv, next) : conv.GotoFlow("callback");

    [Flow("callback")]
    public Decision Callback(Conversation conv) =>
        Handoff.Refer("sip:callback@example.com", phoneNumber: conv.CallerNumber).WithHeader("X-Wanted-At", conv.Now.AddMinutes(15).ToString("o"));

    private static Decision Into(Conversation conv, Queue queue)
    {
        conv.State["queue"] = queue.Name;
        return Handoff.Invite(queue.Number, outboundEndpoint: "pstn", ringTimeout: queue.Wait);
    }
}
