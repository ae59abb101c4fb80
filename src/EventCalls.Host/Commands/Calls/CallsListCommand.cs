using System.CommandLine;
using EventCalls.Contracts;
using EventCalls.Replay.Audit;
using EventCalls.Store;
using EventCalls.Terminal;

namespace EventCalls.Host.Commands.Calls;

/// <summary><c>eventcalls calls list</c>: the calls, newest first.</summary>
internal static class CallsListCommand
{
    private const int Shown = 50;
    private const int MostInOnePage = 1000;

    public static Command Create(CommandContext context)
    {
        var command = new Command("list", "Lists calls, the newest first.");
        var filters = new CallFilterOptions(command, Shown);
        var zone = TimeZoneOption.AddTo(command, "In which zone the times are shown that people read, such as Europe/Berlin; JSON stays in UTC [default: UTC]");
        var json = JsonOption.AddTo(command, "One JSON object a line for each call.");
        command.SetAction((result, ct) => RunAsync(context, filters.Query(result), filters.AnyGiven(result), TimeZoneOption.Zone(result, zone), result.GetValue(json), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, CallQuery query, bool isFiltered, TimeZoneInfo zone, bool asJson, CancellationToken ct)
    {
        await using var store = ConfiguredStore.Open(context);
        int limit = query.Limit ?? Shown;
        var (lines, table) = (new JsonLines(context.Out), new CallTable(Screen.On(context.Out), zone));
        int count = 0;
        while (count < limit)
        {
            int size = Math.Min(limit - count, MostInOnePage);
            var page = await store.SearchAsync(query with { Limit = size }, ct).ConfigureAwait(false);
            foreach (var call in page)
            {
                if (asJson)
                    lines.Write(new ListedCall(call), AuditJson.Default.ListedCall);
                else
                    table.Write(call);
            }
            count += page.Count;
            if (page.Count < size)
                break;
            query = query with { Behind = CallCursor.Of(page[^1]) };
        }
        if (count == 0)
            context.Error.WriteLine(NothingFound(store, isFiltered));
        else if (!asJson && count == limit && await IsMoreAsync(store, query, ct).ConfigureAwait(false))
            context.Error.WriteLine($"There are more; these are the newest {limit}. --limit N shows N, --to TIME older ones.");
        return ExitCodes.Done;
    }

    private static async Task<bool> IsMoreAsync(ICallStore store, CallQuery query, CancellationToken ct) =>
        (await store.SearchAsync(query with { Limit = 1 }, ct).ConfigureAwait(false)).Count > 0;

    private static string NothingFound(ICallStore store, bool isFiltered) => isFiltered
        ? $"No call in {store.Description} matches. Numbers and names are compared as a whole; leave options out to find more."
        : $"There is no call in {store.Description} yet. Start the service (eventcalls run) and call in, or name another store in EventCalls:Store.";
}
