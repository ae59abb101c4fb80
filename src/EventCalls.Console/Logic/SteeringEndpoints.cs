using EventCalls.Console.Commands;
using EventCalls.Console.Problems;
using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using EventCalls.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.Logic;

/// <summary>What all routers decide by: versions uploaded, activated, rolled back and compared.</summary>
internal sealed class SteeringEndpoints(ConsoleSources sources, TimeProvider time)
{
    private static readonly QueryParameter[] s_two = [new("old", "The hash of the old version, or its beginning."), new("new", "The hash of the new one.")];

    private readonly LogicActivations _activations = new(sources, time);

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/logic").WithTags("logic").Needs(ApiScope.Administer);
        api.MapPost("", (Delegate)UploadAsync).Takes()
            .WithSummary("Keeps a version, without using it: {\"files\": {\"Support.cs\": \"…\"}}, or a zip of the folder")
            .WithMetadata(new TakesBody(ConsoleJson.Default.UploadedLogic), new AlsoTakes(UploadedFiles.Zip), new RequestSizeLimit(UploadedFiles.MaxBytes)).Produces<KeptLogic>(StatusCodes.Status201Created).ProducesProblem(422);
        api.MapPost("/{version}/activate", (Delegate)ActivateAsync).Takes()
            .WithSummary("Has all routers decide by a version: {\"note\": \"…\"}. One that does not compile, or ends what decides with it, is not activated")
            .WithMetadata(new TakesBody(ConsoleJson.Default.WantedActivation)).Produces<ActivationAnswer>().ProducesProblem(409);
        api.MapPost("/roll-back", (Delegate)RollBackAsync).Takes()
            .WithSummary("Goes back to what decided before: {\"from\": \"sha256:…\", \"note\": \"…\"}; from is what is active")
            .WithMetadata(new TakesBody(ConsoleJson.Default.WantedRollBack)).Produces<ActivationAnswer>().ProducesProblem(409);
        api.MapGet("/compare", (Delegate)CompareAsync).Needs(ApiScope.Read).Takes(s_two)
            .WithSummary("What differs between two versions, file by file and line by line").Produces<LogicComparison>();
    }

    private async Task<IResult> UploadAsync(HttpContext context)
    {
        var files = await UploadedFiles.ReadAsync(context).ConfigureAwait(false);
        var kept = await _activations.KeepAsync(files, context.Caller().Name, context.RequestAborted).ConfigureAwait(false);
        context.Response.Headers.Location = $"/api/logic/{kept.Version}";
        return PlainJson.Of(kept, ConsoleJson.Default.KeptLogic, statusCode: StatusCodes.Status201Created);
    }

    private async Task<IResult> ActivateAsync(string version, HttpContext context)
    {
        var wanted = await GivenObject.ReadAsync(context, ConsoleJson.Default.WantedActivation).ConfigureAwait(false);
        var loaded = await StoredLogic.RequiredAsync(sources.Store, version, context.RequestAborted).ConfigureAwait(false);
        return Answer(await _activations.ActivateAsync(loaded, context.Caller().Name, wanted.Note, context.RequestAborted).ConfigureAwait(false));
    }

    private async Task<IResult> RollBackAsync(HttpContext context)
    {
        var wanted = await GivenObject.ReadAsync(context, ConsoleJson.Default.WantedRollBack).ConfigureAwait(false);
        string from = wanted.From ?? throw ApiProblemException.Invalid("from", "from: is missing; give the hash of the version that is active and shall decide no more.");
        var loaded = await StoredLogic.RequiredAsync(sources.Store, from, context.RequestAborted).ConfigureAwait(false);
        return Answer(await _activations.RollBackAsync(loaded, context.Caller().Name, wanted.Note, context.RequestAborted).ConfigureAwait(false));
    }

    private async Task<IResult> CompareAsync(HttpContext context)
    {
        var old = await OneAsync("old").ConfigureAwait(false);
        var @new = await OneAsync("new").ConfigureAwait(false);
        return PlainJson.Of(new LogicComparison(old.Version, @new.Version, SourceDifference.Of(old.Sources, @new.Sources)), ConsoleJson.Default.LogicComparison);

        Task<LogicVersionLoaded> OneAsync(string name) => StoredLogic.RequiredAsync(
            sources.Store, context.Request.Query.Text(name) ?? throw ApiProblemException.Invalid(name, $"{name} is missing; give the hash of a version, as GET /api/logic lists it."), context.RequestAborted);
    }

    private static IResult Answer(ActivationAnswer answer) => PlainJson.Of(answer, ConsoleJson.Default.ActivationAnswer);
}
