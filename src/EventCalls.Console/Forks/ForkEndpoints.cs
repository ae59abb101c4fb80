using EventCalls.Console.Calls;
using EventCalls.Console.Commands;
using EventCalls.Console.Jobs;
using EventCalls.Console.Problems;
using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using EventCalls.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.Forks;

/// <summary>What would have happened if: a past call played on from one of its events.</summary>
internal sealed class ForkEndpoints(ICallStore store, ForkJobs jobs)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/calls/{id}/forks", (Delegate)StartAsync).WithTags("replays").Needs(ApiScope.Operate).Takes()
            .WithSummary("Plays a call on from an event, as it would go with other logic or if something else happened: {\"at\": 3, \"inject\": \"486\", \"logic\": \"sha256:…\"}; nothing is sent or recorded")
            .WithMetadata(new TakesBody(ConsoleJson.Default.WantedFork), new RequestSizeLimit(CommandBodies.MaxBytes)).Produces<ForkAnswer>(StatusCodes.Status202Accepted).ProducesProblem(409);
        var forks = routes.MapGroup("/api/forks/{id}").WithTags("replays").Needs(ApiScope.Read).Takes();
        forks.MapGet("", (string id) => PlainJson.Of(jobs.Required(id).Answer(), ConsoleJson.Default.ForkAnswer)).WithSummary("What came of a fork: both courses of the call").Produces<ForkAnswer>();
        forks.MapGet("/ladder.svg", (string id, HttpContext context) => Ladder(context, jobs.Required(id))).WithSummary("The ladder of the course that was played, as an image").Produces(200, contentType: "image/svg+xml");
    }

    private static IResult Ladder(HttpContext context, ForkJob job) => job.Played is { } played
        ? LadderImage.Of(context, played.Events, $"fork of call {job.Answer().CallId:D} after event {played.At}")
        : throw new ApiProblemException(409, "Nothing to show", job.State == JobState.Running ? "The fork is still played." : "The fork could not be played.");

    private async Task<IResult> StartAsync(string id, HttpContext context)
    {
        var wanted = await GivenObject.ReadAsync(context, ConsoleJson.Default.WantedFork).ConfigureAwait(false);
        var call = await store.HistoryAsync(context, id).ConfigureAwait(false);
        var logic = wanted.Logic is { } hash ? await StoredLogic.RequiredAsync(store, hash, context.RequestAborted).ConfigureAwait(false) : null;
        var job = await jobs.StartAsync(call, wanted, logic, context.Caller().Name, context.RequestAborted).ConfigureAwait(false);
        return PlainJson.Of(job.Answer(), ConsoleJson.Default.ForkAnswer, statusCode: StatusCodes.Status202Accepted);
    }
}
