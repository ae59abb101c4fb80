using EventCalls.Console.Problems;
using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using EventCalls.Contracts;
using EventCalls.Contracts.Findings;
using EventCalls.Store.Statistics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.Figures;

/// <summary>The service itself: its nodes, its trunks, its health, and what its calls came to.</summary>
internal sealed class ServiceEndpoints(ConsoleSources sources, TimeProvider time)
{
    private const int MostHours = 24 * 366;

    private static readonly QueryParameter[] s_statistics =
    [
        new("from", "Calls of this hour or later; a date or a time, UTC."),
        new("to", "Calls of hours before this time."),
        new("by", $"What to group by, separated by commas: {string.Join(", ", StatisticsText.Dimensions.Keys)}."),
    ];

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api").WithTags("service").Needs(ApiScope.Read);
        api.MapGet("/statistics", (Delegate)StatisticsAsync).Takes(s_statistics).WithSummary("Counts of ended calls, in whole hours, as stats --json has them").Produces<StatisticsList>();
        api.MapGet("/nodes", (Delegate)NodesAsync).Takes().WithSummary("The nodes that ever took calls, and when each was last heard of").Produces<NodeList>();
        api.MapGet("/trunks", (Delegate)TrunksAsync).Takes().WithSummary("The trunks as this process has them configured, and how they are at each node: calls, servers with what went down and came up, registration, limits, bans").Produces<TrunkList>();
        api.MapGet("/health", (Delegate)HealthAsync)
            .Takes().WithSummary("How this process is, check by check").Produces<HealthReport>();
    }

    private async Task<IResult> HealthAsync(HttpContext context) =>
        PlainJson.Of(await sources.Health(context.RequestAborted).ConfigureAwait(false), HealthJson.Default.HealthReport);

    private async Task<IResult> StatisticsAsync(HttpContext context)
    {
        var query = new StatisticsQuery { From = context.Request.Query.Time("from"), To = context.Request.Query.Time("to"), By = By(context.Request.Query.Text("by")) };
        if (query.By.Contains(StatisticsDimension.Hour) && !(query.From is { } from && ((query.To ?? time.GetUtcNow()) - from).TotalHours <= MostHours))
            throw ApiProblemException.Invalid("from", "Hour by hour needs from, and to unless it is now, at most a year apart; group by day for more.");
        var counted = await ((ICallStatistics)sources.Store).StatisticsAsync(query, context.RequestAborted).ConfigureAwait(false);
        return PlainJson.Of(new StatisticsList(counted.Groups.Select(group => new StatisticsObject(group))), ConsoleJson.Default.StatisticsList);
    }

    private async Task<IResult> NodesAsync(HttpContext context)
    {
        var now = time.GetUtcNow();
        var nodes = await sources.Store.ListNodesAsync(context.RequestAborted).ConfigureAwait(false);
        return PlainJson.Of(
            new NodeList(nodes.Select(n => new NodeObject(n.Heartbeat.Node, n.Heartbeat.RunningSince, n.ReceivedAt, Math.Max(0, (long)(now - n.ReceivedAt).TotalMilliseconds), n.Heartbeat.IntervalSeconds, n.Heartbeat.Stopping))),
            ConsoleJson.Default.NodeList);
    }

    private async Task<IResult> TrunksAsync(HttpContext context)
    {
        var nodes = await sources.Store.ListNodesAsync(context.RequestAborted).ConfigureAwait(false);
        return PlainJson.Of(new TrunkList(TrunkViews.Of(sources.Trunks, nodes), TrunkViews.Bans(nodes), TrunkViews.Events(nodes)), ConsoleJson.Default.TrunkList);
    }

    private static List<StatisticsDimension> By(string? text)
    {
        var by = new List<StatisticsDimension>();
        foreach (string word in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!StatisticsText.Dimensions.TryGetValue(word, out var dimension))
                throw ApiProblemException.Invalid("by", $"by is '{PlainText.Of(word)}'; expected {string.Join(", ", StatisticsText.Dimensions.Keys)}, separated by commas.");
            if (!by.Contains(dimension))
                by.Add(dimension);
        }
        return by;
    }
}
