using System.CommandLine;

namespace EventCalls.Host.Commands.Calls;

/// <summary><c>eventcalls calls show ID</c>: one call, event by event.</summary>
internal static class CallsShowCommand
{
    public static Command Create(CommandContext context)
    {
        var id = new Argument<string>("ID") { Description = "The call's id, or the SIP Call-ID of the caller's leg (the newest call that had it)." };
        var command = new Command("show", "Shows one call with its events, as a ladder.") { id };
        var json = JsonOption.AddTo(command, "One JSON object: the call's id and its events.");
        command.SetAction((result, ct) => RunAsync(context, result.GetValue(id)!, result.GetValue(json), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string id, bool asJson, CancellationToken ct)
    {
        await using var store = ConfiguredStore.Open(context);
        if (await store.FindAsync(id, ct).ConfigureAwait(false) is not { } call)
        {
            context.Error.WriteLine($"There is no call '{PlainText.Of(id)}' in {store.Description}. Give a call id or a whole SIP Call-ID; 'eventcalls calls list' shows the newest calls.");
            return ExitCodes.NotSo;
        }
        var events = await store.ReadStreamAsync(call.CallId, ct).ConfigureAwait(false);
        if (asJson)
        {
            new JsonLines(context.Out).WriteObject(writer =>
            {
                writer.WriteString("callId", call.CallId);
                CallJson.WriteEvents(writer, events);
            });
            return ExitCodes.Done;
        }
        var late = await store.ReadLateEventsAsync(call.CallId, ct).ConfigureAwait(false);
        CallView.Write(Screen.On(context.Out), call, events, late);
        return ExitCodes.Done;
    }
}
