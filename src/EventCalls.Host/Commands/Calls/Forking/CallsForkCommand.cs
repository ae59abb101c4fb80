using System.CommandLine;
using EventCalls.Contracts;
using EventCalls.Host.Commands.Logic;
using EventCalls.Host.Configuration;
using EventCalls.Routing.Loading;
using EventCalls.Simulation.Forks;
using EventCalls.Store;
using EventCalls.Telephony.Configuration;
using EventCalls.Terminal;

namespace EventCalls.Host.Commands.Calls.Forking;

/// <summary><c>eventcalls calls fork ID</c>: what would have happened if, from one event of a past call on.</summary>
internal static class CallsForkCommand
{
    public static Command Create(CommandContext context)
    {
        var id = RecordedStream.Argument();
        var command = new Command("fork", "Plays a past call on from one of its events, as it would go if something were otherwise; nothing is sent or recorded.") { id };
        var at = RecordedStream.At("The last event that stays as it was; 1 when left out, so that every decision is taken anew.");
        var inject = new Option<Injection?>("--inject")
        {
            Description = $"What happens then, otherwise than it did: {Injection.Known}.",
            HelpName = "WHAT",
            CustomParser = result =>
            {
                if (!Injection.TryParse(result.Tokens[0].Value, out var injection))
                    result.AddError($"--inject is '{result.Tokens[0].Value}'; expected {Injection.Known}");
                return injection;
            },
        };
        var logic = new Option<string?>("--logic") { Description = "The folder of the routing logic that decides from there on; when left out, the version that decided then.", HelpName = "DIR" };
        command.Add(at);
        command.Add(inject);
        command.Add(logic);
        var json = JsonOption.AddTo(command, "One JSON object: both courses of the call with their events.");
        command.SetAction((result, ct) => RunAsync(
            context, new ForkRequest(result.GetValue(id)!, result.GetValue(at) ?? 1, result.GetValue(inject), result.GetValue(logic)), result.GetValue(json), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, ForkRequest request, bool asJson, CancellationToken ct)
    {
        var settings = context.LoadSettings();
        await using var store = ConfiguredStore.Open(context);
        if (await RecordedStream.FindAsync(context, store, request.Id, ct).ConfigureAwait(false) is not { } call
            || !RecordedStream.Has(context, call, request.At)
            || ReadRecording(context, call, request.At) is not { } recording)
        {
            return ExitCodes.NotSo;
        }
        request = request with { At = recording.NumberOf(LastOfOurs(call, request.At).EventId) };
        if (request.Logic is { } folder)
            return await PlayAsync(context, settings, recording, request, Path.GetFullPath(folder, context.Folder), folder, asJson, ct).ConfigureAwait(false);
        if (await FindVersionAsync(context, store, recording, request.At, ct).ConfigureAwait(false) is not { } version)
            return ExitCodes.NotSo;
        using var stored = StoredLogicFolder.Write(version);
        return await PlayAsync(context, settings, recording, request, stored.FolderPath, "as recorded", asJson, ct).ConfigureAwait(false);
    }

    private static async Task<int> PlayAsync(
        CommandContext context, Settings settings, Recording recording, ForkRequest request, string folder, string name, bool asJson, CancellationToken ct)
    {
        ForkResult? result;
        try
        {
            result = await StoredFork.PlayAsync(recording, request.At, request.Injection, folder, settings.Fork, settings.Lookups, context.Time, ct).ConfigureAwait(false);
        }
        catch (TelephonyOptionsException e)
        {
            throw new SettingsException([e.Message]);
        }
        // An imported call may say what no message can carry.
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            context.Error.WriteLine($"The call could not be played: {e.Message}");
            return ExitCodes.NotSo;
        }
        if (result is null)
        {
            var check = LogicFolder.Check(folder, ct);
            check.Logic?.Dispose();
            LogicCheckCommand.WriteRefusal(context, name, check);
            return ExitCodes.NotSo;
        }
        if (asJson)
            new JsonLines(context.Out).Write(new ForkObject(result), ForkJson.Default.ForkObject);
        else
            ForkView.Write(Screen.On(context.Out), result, name);
        WriteDoubts(context, result);
        return result is { IsInjected: true, Mismatch: null } ? ExitCodes.Done : ExitCodes.NotSo;
    }

    private static void WriteDoubts(CommandContext context, ForkResult result)
    {
        if (result.Mismatch is { } mismatch)
            context.Error.WriteLine($"The fork is not to be trusted, as the part before it does not play as it was recorded: {PlainText.Of(mismatch)}.");
        if (!result.IsInjected)
            context.Error.WriteLine($"--inject is '{result.Injection}', and nothing came after event {result.At} that it fits. Choose an event before the attempt it is about; 'eventcalls calls show' numbers them.");
    }

    private static Recording? ReadRecording(CommandContext context, CallHistory call, int at)
    {
        if (RecordedStream.Playable(context, call) is not { } recording)
            return null;
        if (LastOfOurs(call, at).Type != "call_ended")
            return recording;
        context.Error.WriteLine($"--at is {at}, and there the call is over. Choose an earlier event; 'eventcalls calls show {call.Call.CallId:D}' numbers them.");
        return null;
    }

    private static StoredEvent LastOfOurs(CallHistory call, int at) => call.Events.Take(at).Last(e => !Recording.IsForeign(e));

    private static async Task<LogicVersionLoaded?> FindVersionAsync(CommandContext context, ICallStore store, Recording recording, int at, CancellationToken ct)
    {
        var selected = recording.Events.Take(at).OfType<FlowSelected>().LastOrDefault() ?? recording.Events.OfType<FlowSelected>().FirstOrDefault();
        if (selected is null)
            context.Error.WriteLine("No decision is recorded with the call, so there is no logic to go on with. Name a folder: --logic DIR.");
        else if (!LogicVersionName.IsHash(selected.LogicVersion))
            context.Error.WriteLine($"The call was decided by '{PlainText.Of(selected.LogicVersion)}', which cannot be asked again. Name a folder: --logic DIR.");
        else if (await store.FindLogicVersionAsync(selected.LogicVersion, ct).ConfigureAwait(false) is { } version)
            return version;
        else
            context.Error.WriteLine($"The sources of the logic {selected.LogicVersion} are not in {store.Description}. Name a folder: --logic DIR.");
        return null;
    }
}

/// <summary>What a fork was asked for.</summary>
/// <param name="Id">The call.</param>
/// <param name="At">The last event that stays as it was.</param>
/// <param name="Injection">What happens then; null for nothing but the decisions.</param>
/// <param name="Logic">The folder of the logic; null for the recorded version.</param>
internal sealed record ForkRequest(string Id, int At, Injection? Injection, string? Logic);
