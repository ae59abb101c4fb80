using EventCalls.Bus;
using EventCalls.Bus.Commands;
using EventCalls.Contracts;
using EventCalls.Interop.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Interop.Tests;

/// <summary>Real calls of a node that are told what to do by a process which has no calls itself, over the broker.</summary>
public sealed class CommandsFromOutside(RabbitMqAndPostgres.ServersService service) : IClassFixture<RabbitMqAndPostgres.ServersService>
{
    [Fact]
    public async Task A_call_that_logic_has_bridged_is_moved_to_another_target_while_it_talks()
    {
        await using var first = await service.TargetAsync("target-answers");
        await using var second = await service.TargetAsync("target-answers", second: true);
        var calling = service.CallAsync("call-reinvited", "bridge", pauseMs: 500);
        var command = await CommandAsync("call-reinvited", CommandKind.Handoff) with
        {
            Steps = [new Handoff { Method = HandoffMethod.Invite, PhoneNumber = "+13333333", OutboundEndpoint = "second", SipHeaders = [new SipHeader("X-Customer-ID", "vip")] }],
            Reason = "escalated",
        };

        var answer = await SendAsync(command);

        Assert.Equal(CommandResult.Taken, answer.Result);
        var (result, sipCallId) = await calling;
        result.MustSucceed();
        (await first.WaitAsync()).MustSucceed();
        var seen = (await second.WaitAsync()).MustSucceed();
        Assert.Equal("vip", seen.Received.First(m => m.Method == "INVITE").Header("X-Customer-ID"));
        var call = await service.Process.EndedCallAsync(sipCallId);
        Assert.Equal(["invite answered", "invite answered"], call.Outcomes);
        Assert.Equal(("caller", "hung_up"), (call.Ended["endedBy"], call.Ended["cause"]));
        var taken = call.Only("command_taken");
        Assert.Equal(("handoff", "anna", $"{answer.HandoffId}"), (taken["kind"], taken["by"], taken["handoffId"]));
        var handoff = call.Events[taken.Version];
        Assert.Equal(("handoff_requested", taken.EventId, "api", "escalated"), (handoff.Type, handoff.CausationId, handoff["requestedBy"], handoff["reason"]));
        Assert.Equal(("transfer_started", handoff.EventId), (call.Events[handoff.Version].Type, call.Events[handoff.Version].CausationId));
        // The call is over: asked once more, its node still knows.
        Assert.Equal(answer, await SendAsync(command));
        Assert.Equal(CommandResult.CallOver, (await SendAsync(command with { CommandId = Guid.CreateVersion7() })).Result);
    }

    [Fact]
    public async Task A_call_that_talks_is_sent_to_another_flow_and_logic_decides_there()
    {
        await using var first = await service.TargetAsync("target-answers");
        await using var second = await service.TargetAsync("target-answers", second: true);
        var calling = service.CallAsync("call-connected-later", "bridge", pauseMs: 500);
        var command = await CommandAsync("call-connected-later", CommandKind.Flow) with { Flow = "second_try" };

        Assert.Equal(CommandResult.Taken, (await SendAsync(command)).Result);
        var (result, sipCallId) = await calling;
        result.MustSucceed();
        (await first.WaitAsync()).MustSucceed();
        (await second.WaitAsync()).MustSucceed();
        var call = await service.Process.EndedCallAsync(sipCallId);
        Assert.Equal(["invite answered", "invite answered"], call.Outcomes);
        var selected = call.Events.Where(e => e.Type == "flow_selected").ToList();
        Assert.Equal(["bridge", "second_try"], selected.Select(e => e["flow"]));
        Assert.Equal((call.Only("command_taken").EventId, $"{selected[0].EventId}"), (selected[1].CausationId, call.Only("command_taken")["after"]));
        Assert.Equal("yes", selected[1]["state.asked_again"]);
        var (explained, _, exitCode) = await service.Process.CommandAsync("calls", "explain", $"{call.CallId}");
        Assert.Equal(0, exitCode);
        Assert.Contains("for a command of anna", explained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_talks_is_ended_and_both_hear_BYE()
    {
        await using var target = await service.TargetAsync("target-answers");
        var calling = service.CallAsync("call-answered-peer-hangs-up", "bridge");

        Assert.Equal(CommandResult.Taken, (await SendAsync(await CommandAsync("call-answered-peer-hangs-up", CommandKind.Hangup))).Result);
        var (result, sipCallId) = await calling;
        result.MustSucceed();
        (await target.WaitAsync()).MustSucceed();
        var call = await service.Process.EndedCallAsync(sipCallId);
        Assert.Equal(("api", "hung_up", call.Only("command_taken").EventId), (call.Ended["endedBy"], call.Ended["cause"], call.Ended.CausationId));
    }

    private async Task<CommandAnswer> SendAsync(CallCommand command)
    {
        await using var commands = new CallCommands(new BusOptions { RabbitMq = new Uri(service.Settings.RabbitMq!) }, null, TimeProvider.System, NullLogger.Instance);
        return await commands.SendAsync(command, default);
    }

    /// <summary>A command for the open call of a scenario, once the caller is connected.</summary>
    private async Task<CallCommand> CommandAsync(string scenario, CommandKind kind)
    {
        ListedCall? open = null;
        for (int i = 0; i < 60 && open is null; i++)
            open = (await service.Process.CallsAsync("--limit", "20")).FirstOrDefault(c => c.EndedAt is null && c.Outcome == "answered" && c.SipCallId.StartsWith(scenario, StringComparison.Ordinal));
        Assert.NotNull(open);
        return new CallCommand { CommandId = Guid.CreateVersion7(), CallId = open.CallId, Node = "edge-1", Kind = kind, By = "anna" };
    }
}
