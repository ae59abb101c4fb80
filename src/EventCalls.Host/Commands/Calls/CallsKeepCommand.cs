using System.CommandLine;
using EventCalls.Host.Composition;
using EventCalls.Host.Configuration;
using EventCalls.Store;
using EventCalls.Store.Keeping;

namespace EventCalls.Host.Commands.Calls;

/// <summary><c>eventcalls calls archive</c>, <c>mask</c> and <c>erase</c>: what becomes of calls that ended; without <c>--yes</c> they are only counted.</summary>
internal static class CallsKeepCommand
{
    public static Command Create(CommandContext context, KeepingAction action, string description)
    {
        var command = new Command(action.ToString().ToLowerInvariant(), description);
        var ids = new Argument<string[]>("ID") { Description = "Our call ids or SIP Call-IDs; leave them out to choose by the options.", Arity = ArgumentArity.ZeroOrMore };
        command.Add(ids);
        var filters = new CallFilterOptions(command, limit: null);
        var older = new Option<TimeSpan?>("--older-than")
        {
            Description = "Only calls that started so long ago: days such as 90d, or hours such as 12h.",
            HelpName = "AGE",
            CustomParser = result =>
            {
                if (RetentionRule.ParseAge(result.Tokens[0].Value) is { } age)
                    return age;
                result.AddError($"--older-than is '{result.Tokens[0].Value}'; expected days or hours such as 90d or 12h");
                return null;
            },
        };
        var yes = new Option<bool>("--yes") { Description = "Does it; otherwise the calls are counted only." };
        command.Add(older);
        command.Add(yes);
        var json = JsonOption.AddTo(command, "One JSON object: action, calls, done.");
        command.SetAction((parsed, ct) =>
        {
            string[] given = parsed.GetValue(ids) ?? [];
            bool chosen = filters.AnyGiven(parsed) || parsed.GetValue(older) is not null;
            if (given.Length > 0 == chosen)
                throw new SettingsException([$"Name calls by their ids, or choose them by options such as --older-than 90d, and not both: {command.Name} is never for all calls"]);
            var query = filters.Query(parsed);
            // What is archived goes on growing old: it is masked and erased with the rest.
            query = query with { Ended = true, Archived = query.Archived == true || action == KeepingAction.Archive ? query.Archived : null, Masked = action == KeepingAction.Mask ? false : null };
            if (parsed.GetValue(older) is { } age && context.Time.GetUtcNow() - age is var before && !(query.To < before))
                query = query with { To = before };
            return RunAsync(context, action, given, query, parsed.GetValue(yes), parsed.GetValue(json), ct);
        });
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, KeepingAction action, string[] ids, CallQuery query, bool yes, bool asJson, CancellationToken ct)
    {
        await using var store = ConfiguredStore.Open(context);
        var named = new List<Guid>();
        foreach (string id in ids)
        {
            if (await store.FindAsync(id, ct).ConfigureAwait(false) is not { } call)
            {
                await context.Error.WriteLineAsync($"There is no call {id} in {store.Description}; nothing was done.");
                return ExitCodes.NotSo;
            }
            named.Add(call.CallId);
        }
        long found = ids.Length > 0 ? named.Count : await store.CountAsync(query, ct).ConfigureAwait(false);
        long done = 0;
        var recordings = new RecordingEraser(store, RecordingDeletion.Of(context.LoadSettings().Telephony));
        try
        {
            if (yes && named.Count > 0)
                done = await RetentionSweeper.DoAsync((ICallKeeping)store, action, named, recordings, context.Time.GetUtcNow(), ct).ConfigureAwait(false);
            else if (yes)
                await foreach (int some in RetentionSweeper.DoAsync(store, (ICallKeeping)store, action, query, recordings, context.Time, ct).ConfigureAwait(false))
                    done += some;
        }
        finally
        {
            foreach (var left in recordings.Left)
                await context.Error.WriteLineAsync(Contracts.PlainText.Of($"not deleted: the recording {left.Location} of call {left.CallId:D}, made by node {left.Node}: {left.Why}"));
        }
        if (asJson)
            new Contracts.JsonLines(context.Out).Write(new KeptCalls(action.ToString().ToLowerInvariant(), found, done) { Recordings = Shown(recordings.Deleted), RecordingsLeft = Shown(recordings.Left.Count) }, KeepingJson.Default.KeptCalls);
        else
            await context.Out.WriteLineAsync(yes ? $"{action}: done to {done} of {found} call(s); what is not done was done before, or is still open." : $"{action}: {found} call(s); nothing was done. --yes does it.");
        if (!asJson && recordings.Deleted > 0)
            await context.Out.WriteLineAsync($"{recordings.Deleted} recording(s) were deleted with them.");
        return ExitCodes.Done;
    }

    private static long? Shown(long count) => count == 0 ? null : count;
}
