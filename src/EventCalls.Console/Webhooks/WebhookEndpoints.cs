using EventCalls.Console.Commands;
using EventCalls.Console.DeadLetters;
using EventCalls.Console.Problems;
using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using EventCalls.Contracts;
using EventCalls.Store.Notifying;
using EventCalls.Store.Steering;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.Webhooks;

/// <summary>How webhooks are, and what they never took.</summary>
internal sealed class WebhookEndpoints(IWebhookQueue queue, IReadOnlyList<WebhookOptions> configured, DeadLetterActs acts, TimeProvider time)
{
    private const int MostDead = 1000;
    private const int Dead = 100;

    private static readonly QueryParameter s_limit = new("limit", $"How many at most, 1 to {MostDead}; {Dead} when left out.");

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/webhooks").WithTags("webhooks").Needs(ApiScope.Read);
        api.MapGet("", (Delegate)ListAsync).Takes().WithSummary("The webhooks, and how many deliveries each is owed").Produces<WebhookList>();
        api.MapGet("/{name}/dead", (Delegate)DeadAsync).Takes(s_limit).WithSummary("What a webhook never took, the newest first").Produces<DeadLetterList>().ProducesProblem(404);
        api.MapPost("/{name}/dead/replay", (Delegate)ReplayAsync).Takes().Needs(ApiScope.Operate).WithMetadata(new TakesBody(ConsoleJson.Default.WantedDeadLetters))
            .WithSummary("Sends dead letters again, all of them or {\"id\": \"…\"}; a webhook that was stopped goes on").Produces<ReplayedDeadLetters>(202).ProducesProblem(404);
    }

    private async Task<IResult> ListAsync(HttpContext context) => PlainJson.Of(
        WebhookList.Of(configured, await queue.ListWebhooksAsync(counted: true, context.RequestAborted).ConfigureAwait(false)), ConsoleJson.Default.WebhookList);

    private async Task<IResult> DeadAsync(string name, HttpContext context)
    {
        int limit = context.Request.Query.Number("limit", 1, MostDead) ?? Dead;
        await RequiredAsync(name, context.RequestAborted).ConfigureAwait(false);
        var dead = await queue.ListDeadAsync(name, limit, context.RequestAborted).ConfigureAwait(false);
        return PlainJson.Of(
            new DeadLetterList(dead.Select(d => new DeadLetterObject(d.Id, d.Type, d.CallId, d.OwedSince, d.DeadAt, d.Attempts, d.Problem))), ConsoleJson.Default.DeadLetterList);
    }

    private async Task<IResult> ReplayAsync(string name, HttpContext context)
    {
        var wanted = await GivenObject.ReadAsync(context, ConsoleJson.Default.WantedDeadLetters).ConfigureAwait(false);
        await RequiredAsync(name, context.RequestAborted).ConfigureAwait(false);
        int? replayed = await acts.DoAsync(
            context, DeadLetterDeed.Replay, name, wanted.Id?.ToString("D"), async () => await queue.ReplayDeadAsync(name, wanted.Id, time.GetUtcNow(), context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
        if (replayed == 0 && wanted.Id is { } id)
            throw ApiProblemException.NotFound($"The webhook '{name}' has no dead letter {id:D}.");
        return PlainJson.Of(new ReplayedDeadLetters(replayed ?? 0), ConsoleJson.Default.ReplayedDeadLetters, statusCode: StatusCodes.Status202Accepted);
    }

    private async Task RequiredAsync(string name, CancellationToken cancellationToken)
    {
        if (!(await queue.ListWebhooksAsync(counted: false, cancellationToken).ConfigureAwait(false)).Any(state => state.Name == name))
            throw ApiProblemException.NotFound($"There is no webhook '{PlainText.Of(name)}' here; GET /api/webhooks lists them.");
    }
}
