using System.CommandLine;
using EventCalls.Contracts;
using EventCalls.Store.Statistics;

namespace EventCalls.Host.Commands;

/// <summary><c>eventcalls stats</c>: how many calls came to what, and how long it took.</summary>
internal static class StatsCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("stats", "Counts ended calls: outcomes, post-dial delay and decision time, in whole hours.");
        var from = TimeOption.Of("--from", "Only calls of this hour or later.");
        var to = TimeOption.Of("--to", "Only calls of hours before this time.");
        var by = new Option<StatisticsDimension[]>("--by")
        {
            Description = $"What to group by, one or several of {string.Join(", ", StatisticsText.Dimensions.Keys)}, separated by commas [default: all calls in one group]",
            HelpName = "WHAT",
            CustomParser = result =>
            {
                string[] words = result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
                if (words.FirstOrDefault(w => !StatisticsText.Dimensions.ContainsKey(w)) is { } unknown)
                    result.AddError($"--by is '{unknown}'; expected {string.Join(", ", StatisticsText.Dimensions.Keys)}, separated by commas");
                return [.. words.Where(StatisticsText.Dimensions.ContainsKey).Select(w => StatisticsText.Dimensions[w]).Distinct()];
            },
        };
        by.CompletionSources.Add([.. StatisticsText.Dimensions.Keys]);
        command.Add(by);
        command.Add(from);
        command.Add(to);
        TimeOption.MustFollow(command, from, to);
        var json = JsonOption.AddTo(command, "One JSON object a line for each group.");
        command.SetAction((parsed, ct) =>
            RunAsync(context, new StatisticsQuery { From = parsed.GetValue(from), To = parsed.GetValue(to), By = parsed.GetValue(by) ?? [] }, parsed.GetValue(json), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, StatisticsQuery query, bool asJson, CancellationToken ct)
    {
        await using var store = ConfiguredStore.Open(context);
        var counted = await ((ICallStatistics)store).StatisticsAsync(query, ct).ConfigureAwait(false);
        if (asJson)
        {
            var lines = new JsonLines(context.Out);
            foreach (var group in counted.Groups)
                lines.Write(new StatisticsObject(group), StatisticsJson.Default.StatisticsObject);
        }
        else if (counted.Groups.Count == 0)
        {
            await context.Error.WriteLineAsync($"No call in {store.Description} has ended in that time.");
        }
        else
        {
            foreach (string line in StatisticsText.Lines(counted, query.By))
                await context.Out.WriteLineAsync(PlainText.Of(line));
        }
        return ExitCodes.Done;
    }
}
