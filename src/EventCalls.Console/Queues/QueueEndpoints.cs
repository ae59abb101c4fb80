using EventCalls.Console.Commands;
using EventCalls.Console.DeadLetters;
using EventCalls.Console.Problems;
using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using EventCalls.Contracts;
using EventCalls.Store.Steering;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.Queues;

/// <summary>What waits on its way to the routers, the nodes and the store, and what failed every time.</summary>
internal sealed class QueueEndpoints(ConsoleSources sources, DeadLetterActs acts)
{
    private const int MostShown = 100;
    private static readonly QueryParameter s_limit = new("limit", $"How many at most, 1 to {MostShown}; 20 when left out.");

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/queues").WithTags("service").Needs(ApiScope.Read).Takes();
        api.MapGet("", (Delegate)(async (HttpContext context) => PlainJson.Of(await ListAsync(sources, context.RequestAborted).ConfigureAwait(false), ConsoleJson.Default.QueueList)))
            .WithSummary("What waits in each queue of the broker, and in this process").Produces<QueueList>();
        api.MapGet("/{name}/dead", (Delegate)DeadAsync).Needs(ApiScope.Operate).Takes(s_limit)
            .WithSummary("Dead letters of a queue …_error or …_skipped, the first ones; they stay there").Produces<DeadMessageList>().ProducesProblem(404);
        Add(api.MapPost("/{name}/dead/put-back", (string name, HttpContext context) => ClearAsync(name, DeadMessageAct.PutBack, context)).Needs(ApiScope.Operate),
            "Puts dead letters back into the queue that they failed in: {} all that are there now, {\"id\": \"…\"} one");
        Add(api.MapPost("/{name}/dead/discard", (string name, HttpContext context) => ClearAsync(name, DeadMessageAct.Discard, context)).Needs(ApiScope.Administer),
            "Takes dead letters away for good: {} all that are there now, {\"id\": \"…\"} one");
    }

    /// <summary>What waits; of the broker only where there is one.</summary>
    public static async Task<QueueList> ListAsync(ConsoleSources sources, CancellationToken cancellationToken)
    {
        var here = sources.Gauges().ToLookup(g => g.Name, g => (long)g.Value, StringComparer.Ordinal);
        long? Of(string name) => here[name].Select(value => (long?)value).FirstOrDefault();
        IReadOnlyList<QueueDepth> queues = [];
        string? problem = null;
        if (sources.Queues is { } broker)
        {
            try
            {
                var nodes = await sources.Store.ListNodesAsync(cancellationToken).ConfigureAwait(false);
                queues = await broker.ListAsync([.. nodes.Select(n => n.Heartbeat.Node)], cancellationToken).ConfigureAwait(false);
            }
            catch (BusQueuesAwayException e)
            {
                problem = e.Message;
            }
        }
        return new QueueList(queues, Of("eventcalls_journal_backlog"), Of("eventcalls_spool_events"), problem);
    }

    private static void Add(RouteHandlerBuilder endpoint, string summary) => endpoint
        .WithSummary(summary).WithMetadata(new TakesBody(ConsoleJson.Default.WantedDeadMessages), new RequestSizeLimit(CommandBodies.MaxBytes)).Produces<ClearedDeadMessages>().ProducesProblem(404);

    private async Task<IResult> DeadAsync(string name, HttpContext context)
    {
        int limit = context.Request.Query.Text("limit") is not { } text ? 20
            : int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out int given) && given is >= 1 and <= MostShown ? given
            : throw ApiProblemException.Invalid("limit", $"limit is '{PlainText.Of(text)}'; expected a whole number, 1 to {MostShown}.");
        var messages = await AskAsync(broker => broker.LookAsync(name, limit, context.RequestAborted)).ConfigureAwait(false) ?? throw Unknown(name);
        return PlainJson.Of(new DeadMessageList(messages), ConsoleJson.Default.DeadMessageList);
    }

    private async Task<IResult> ClearAsync(string name, DeadMessageAct act, HttpContext context)
    {
        var wanted = await GivenObject.ReadAsync(context, ConsoleJson.Default.WantedDeadMessages).ConfigureAwait(false);
        // What there is not, or cannot be reached, nobody does anything with.
        if (await AskAsync(broker => broker.LookAsync(name, 1, context.RequestAborted)).ConfigureAwait(false) is null)
            throw Unknown(name);
        int count = await acts.DoAsync(
            context, act == DeadMessageAct.PutBack ? DeadLetterDeed.PutBack : DeadLetterDeed.Discard, name, wanted.Id,
            () => AskAsync(broker => broker.ClearAsync(name, wanted.Id, act, context.Caller().Name, context.RequestAborted))).ConfigureAwait(false) ?? throw Unknown(name);
        return PlainJson.Of(new ClearedDeadMessages(count), ConsoleJson.Default.ClearedDeadMessages);
    }

    private async Task<T> AskAsync<T>(Func<IBusQueues, Task<T>> ask)
    {
        if (sources.Queues is not { } broker)
            throw ApiProblemException.NotFound("There is no broker here, so there are no queues of one; what waits in this process is in GET /api/queues.");
        try
        {
            return await ask(broker).ConfigureAwait(false);
        }
        catch (BusQueuesAwayException e)
        {
            throw new ApiProblemException(503, "Broker not reachable", PlainText.Of(e.Message)) { RetryAfter = 5 };
        }
    }

    private static ApiProblemException Unknown(string name) =>
        ApiProblemException.NotFound($"There is no queue of dead letters '{PlainText.Of(name)}'; GET /api/queues lists those there are, with kind failed or skipped.");
}
