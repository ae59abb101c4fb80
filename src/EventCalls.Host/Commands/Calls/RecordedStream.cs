using System.CommandLine;
using EventCalls.Contracts;
using EventCalls.Simulation.Forks;
using EventCalls.Store;

namespace EventCalls.Host.Commands.Calls;

/// <summary>Finds the call that a command is about, and says what to do when there is none.</summary>
internal static class RecordedStream
{
    /// <summary>The argument that names the call.</summary>
    public static Argument<string> Argument() =>
        new("ID") { Description = "The call's id, or the SIP Call-ID of the caller's leg (the newest call that had it)." };

    /// <summary>The option <c>--at N</c>.</summary>
    public static Option<int?> At(string description) =>
        WholeNumber.Option("--at", description, "the number of an event, 1 for the first", 1);

    /// <summary>The call and its events; null when it is not known, which is said.</summary>
    public static async Task<CallHistory?> FindAsync(CommandContext context, ICallStore store, string id, CancellationToken ct)
    {
        if (await store.FindAsync(id, ct).ConfigureAwait(false) is not { } call)
        {
            context.Error.WriteLine($"There is no call '{PlainText.Of(id)}' in {store.Description}. Give a call id or a whole SIP Call-ID; 'eventcalls calls list' shows the newest calls.");
            return null;
        }
        return new CallHistory(call, await store.ReadStreamAsync(call.CallId, ct).ConfigureAwait(false));
    }

    /// <summary>Whether the stream has an event of that number; if not, says so.</summary>
    public static bool Has(CommandContext context, CallHistory call, int at)
    {
        if (at <= call.Events.Count)
            return true;
        context.Error.WriteLine($"--at is {at}, and the call has {call.Events.Count} events. 'eventcalls calls show {call.Call.CallId:D}' numbers them.");
        return false;
    }

    /// <summary>The call as one that can be played; null when it cannot be, which is said.</summary>
    public static Recording? Playable(CommandContext context, CallHistory call)
    {
        try
        {
            var recording = Recording.Read(call.Events);
            if (call.Events.Where(Recording.IsForeign).ToList() is { Count: > 0 } foreign)
                context.Error.WriteLine($"Left out are events that are not EventCalls' own ({string.Join(", ", foreign.Select(e => $"{e.Version} {PlainText.Of(e.Type)}"))}); the others are numbered without them.");
            return recording;
        }
        catch (UnplayableCallException e)
        {
            context.Error.WriteLine(e.Message);
            return null;
        }
    }
}
