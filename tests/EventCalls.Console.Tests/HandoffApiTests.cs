using EventCalls.Contracts;

namespace EventCalls.Console.Tests;

public sealed class HandoffApiTests
{
    [Fact]
    public async Task The_context_of_a_handoff_is_found_by_its_id_and_by_the_calls_two_ids()
    {
        var call = RecordedCalls.Referred(2);
        await using var console = await ServedStore.StartAsync();
        await console.AppendAsync(call.Events);
        var given = call.Events.OfType<HandoffRequested>().Last();

        foreach (string id in new[] { $"{call.Id}", Uri.EscapeDataString(call.Started.SipCallId) })
        {
            var context = await console.Client.JsonAsync($"/api/handoffs/{id}");
            Assert.Equal((call.Id, given.HandoffId), (context.GetProperty("callId").GetGuid(), context.GetProperty("handoffId").GetGuid()));
            Assert.Equal((call.Started.SipCallId, call.Started.CallerNumber), (context.GetProperty("sipCallId").GetString(), context.GetProperty("callerNumber").GetString()));
            Assert.Equal(System.Text.Json.JsonValueKind.Object, context.GetProperty("state").ValueKind);
        }
    }

    [Fact]
    public async Task A_handoff_that_was_commanded_is_found_by_the_id_that_its_target_was_told()
    {
        var call = RecordedCalls.Open(4);
        await using var console = await ServedStore.StartAsync();
        var id = EventIds.Handoff(call.Id, Guid.CreateVersion7());
        await console.AppendAsync([
            .. call.Events,
            new HandoffRequested
            {
                EventId = Guid.CreateVersion7(),
                CallId = call.Id,
                OccurredAt = call.Started.OccurredAt,
                Node = call.Started.Node,
                HandoffId = id,
                Steps = [new Handoff { Method = HandoffMethod.Bye }],
                RequestedBy = Requester.Api,
                Reason = "escalated",
            },
        ]);

        var context = await console.Client.JsonAsync($"/api/handoffs/{id}");
        Assert.Equal((call.Id, "escalated"), (context.GetProperty("callId").GetGuid(), context.GetProperty("reason").GetString()));
        string hex = Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes($"{id}"));
        Assert.Equal(id, (await console.Client.JsonAsync($"/api/handoffs/{hex};encoding=hex")).GetProperty("handoffId").GetGuid());
    }

    [Fact]
    public async Task What_nobody_knows_is_404()
    {
        await using var console = await ServedStore.StartAsync();
        await console.AppendAsync(RecordedCalls.Open(4).Events);
        Assert.Contains("nobody", (await console.Client.ProblemAsync("/api/handoffs/nobody", 404)).Detail, StringComparison.Ordinal);
        await console.Client.ProblemAsync($"/api/handoffs/{Guid.CreateVersion7()}", 404);
        await console.Client.ProblemAsync($"/api/handoffs/{new string('x', 2000)}", 404);
    }
}
