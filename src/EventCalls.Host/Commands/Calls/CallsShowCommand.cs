using System.CommandLine;
using EventCalls.Contracts;
using EventCalls.Replay.Audit;
using EventCalls.Terminal;

namespace EventCalls.Host.Commands.Calls;

/// <summary><c>eventcalls calls show ID</c>: one call, event by event, as a whole or as of one of its events.</summary>
internal static class CallsShowCommand
{
    public static Command Create(CommandContext context)
    {
        var id = RecordedStream.Argument();
        var command = new Command("show", "Shows one call with its events, as a ladder.") { id };
        var at = RecordedStream.At("As of this event: what was known of the call then, and the ladder up to there.");
        command.Add(at);
        var json = JsonOption.AddTo(command, "One JSON object: the call's id and its events; with --at also what was known then.");
        command.SetAction((result, ct) => RunAsync(context, result.GetValue(id)!, result.GetValue(at), result.GetValue(json), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string id, int? at, bool asJson, CancellationToken ct)
    {
        await using var store = ConfiguredStore.Open(context);
        if (await RecordedStream.FindAsync(context, store, id, ct).ConfigureAwait(false) is not { } call)
            return ExitCodes.NotSo;
        if (at is { } number)
            return ShowMoment(context, call, number, asJson);
        if (asJson)
        {
            new JsonLines(context.Out).Write(new CallStream(call.Call.CallId, ListedEvent.Of(call.Events)), AuditJson.Default.CallStream);
            return ExitCodes.Done;
        }
        var late = await store.ReadLateEventsAsync(call.Call.CallId, ct).ConfigureAwait(false);
        CallView.Write(Screen.On(context.Out), call.Call, call.Events, late);
        return ExitCodes.Done;
    }

    private static int ShowMoment(CommandContext context, Store.CallHistory call, int at, bool asJson)
    {
        if (!RecordedStream.Has(context, call, at))
            return ExitCodes.NotSo;
        var moment = CallMoment.AsOf(call.Events, at);
        if (asJson)
            new JsonLines(context.Out).Write(new CallMomentObject(moment, call.Events), AuditJson.Default.CallMomentObject);
        else
            CallMomentView.Write(Screen.On(context.Out), moment, call.Events);
        return ExitCodes.Done;
    }
}
