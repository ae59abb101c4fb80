using EventCalls.Console.Commands;
using EventCalls.Console.Problems;
using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using EventCalls.Replay.Canary;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.Logic;

/// <summary>A version that decides a share of the calls: how it stands, and who gave or took the share.</summary>
internal sealed class CanaryEndpoints(ConsoleSources sources, TimeProvider time)
{
    private const int MostRecords = 100;

    private readonly LogicActivations _activations = new(sources, time);
    private readonly CanaryShares _shares = new(sources.Store, time);

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/logic/canary").WithTags("logic").Needs(ApiScope.Administer);
        api.MapGet("", (Delegate)ListAsync).Needs(ApiScope.Read).Takes()
            .WithSummary("A version that decides a share of the calls: how it stands, and every change of a share").Produces<CanaryList>();
        api.MapPost("", (Delegate)StartAsync).Takes()
            .WithSummary("Gives a version a share of the calls, which rises or ends as its calls show: {\"challenger\": \"sha256:…\"}")
            .WithMetadata(new TakesBody(ConsoleJson.Default.WantedCanary)).Produces<CanaryAnswer>().ProducesProblem(409);
        api.MapPost("/stop", (Delegate)StopAsync).Takes()
            .WithSummary("Takes the version its share: {\"note\": \"…\"}")
            .WithMetadata(new TakesBody(ConsoleJson.Default.WantedStop)).Produces<CanaryAnswer>().ProducesProblem(409);
    }

    private async Task<IResult> ListAsync(HttpContext context) => PlainJson.Of(
        new CanaryList(sources.Canary?.Invoke(), await _shares.ListAsync(MostRecords, context.RequestAborted).ConfigureAwait(false)), ConsoleJson.Default.CanaryList);

    private async Task<IResult> StartAsync(HttpContext context)
    {
        var wanted = await GivenObject.ReadAsync(context, ConsoleJson.Default.WantedCanary).ConfigureAwait(false);
        string challenger = wanted.Challenger ?? throw ApiProblemException.Invalid("challenger", "challenger: is missing; give the hash of the version that is to decide a share of the calls.");
        var plan = wanted.Plan;
        if (plan.Problem() is { } problem)
            throw ApiProblemException.Invalid(problem.Field, problem.Message);
        var loaded = await StoredLogic.RequiredAsync(sources.Store, challenger, context.RequestAborted).ConfigureAwait(false);
        await _activations.MustBeUsableAsync(loaded, wanted.Note, context.RequestAborted).ConfigureAwait(false);
        return await AnswerAsync(async () => new CanaryAnswer(true, await _shares.StartAsync(loaded.Version, plan, context.Caller().Name, wanted.Note, context.RequestAborted).ConfigureAwait(false))).ConfigureAwait(false);
    }

    private async Task<IResult> StopAsync(HttpContext context)
    {
        var wanted = await GivenObject.ReadAsync(context, ConsoleJson.Default.WantedStop).ConfigureAwait(false);
        LogicActivations.CheckNote(wanted.Note);
        return await AnswerAsync(async () =>
        {
            var (record, changed) = await _shares.StopAsync(context.Caller().Name, wanted.Note, context.RequestAborted).ConfigureAwait(false);
            return new CanaryAnswer(changed, record);
        }).ConfigureAwait(false);
    }

    private static async Task<IResult> AnswerAsync(Func<Task<CanaryAnswer>> change)
    {
        try
        {
            return PlainJson.Of(await change().ConfigureAwait(false), ConsoleJson.Default.CanaryAnswer);
        }
        catch (CanaryRefusedException e)
        {
            throw new ApiProblemException(409, "Not possible now", e.Message);
        }
    }
}
