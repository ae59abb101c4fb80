using EventCalls.Console.Commands;
using EventCalls.Console.Problems;
using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using EventCalls.Replay.Reports.Html;
using EventCalls.Replay.Shadow;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.Logic;

/// <summary>A version that decides live calls again and does nothing by that: what it would have done.</summary>
internal sealed class ShadowEndpoints(ConsoleSources sources, TimeProvider time)
{
    private const int MostRecords = 100;

    private readonly LogicActivations _activations = new(sources, time);
    private readonly Shadows _shadows = new(sources.Store, time);

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/logic/shadow").WithTags("logic").Needs(ApiScope.Administer);
        api.MapGet("", (Delegate)ListAsync).Needs(ApiScope.Read).Takes().WithSummary("A version that decides live calls again: what it came to, and who asked for it").Produces<ShadowList>();
        api.MapPost("", (Delegate)StartAsync).Takes().WithSummary("Has a version decide the calls again that end from now on: {\"challenger\": \"sha256:…\"}")
            .WithMetadata(new TakesBody(ConsoleJson.Default.WantedShadow)).Produces<ShadowAnswer>().ProducesProblem(409);
        api.MapPost("/stop", (Delegate)StopAsync).Takes().WithSummary("Has no version decide calls again any more: {\"note\": \"…\"}").WithMetadata(new TakesBody(ConsoleJson.Default.WantedStop)).Produces<ShadowAnswer>();
        api.MapGet("/report", (Delegate)((HttpContext context) => ReportAsync(context, asPage: false))).Needs(ApiScope.Read).Takes().WithSummary("What it came to so far, or the last one when it is over, as 'eventcalls replay --json' writes it").Produces(200, contentType: "application/json");
        api.MapGet("/report.html", (Delegate)((HttpContext context) => ReportAsync(context, asPage: true))).Needs(ApiScope.Read).Takes().WithSummary("What it came to so far, or the last one when it is over, as a page").Produces(200, contentType: "text/html");
    }

    private async Task<IResult> ListAsync(HttpContext context)
    {
        var shadow = sources.Shadow?.Invoke();
        var records = await _shadows.ListAsync(MostRecords, context.RequestAborted).ConfigureAwait(false);
        return PlainJson.Of(new ShadowList(shadow?.Status, records, shadow?.Last is { Ended: not null } last ? last : null), ConsoleJson.Default.ShadowList);
    }

    private async Task<IResult> StartAsync(HttpContext context)
    {
        var wanted = await GivenObject.ReadAsync(context, ConsoleJson.Default.WantedShadow).ConfigureAwait(false);
        LogicActivations.CheckNote(wanted.Note);
        string challenger = wanted.Challenger ?? throw ApiProblemException.Invalid("challenger", "challenger: is missing; give the hash of the version that is to decide calls again.");
        var loaded = await StoredLogic.RequiredAsync(sources.Store, challenger, context.RequestAborted).ConfigureAwait(false);
        await _activations.MustDecideAsync(loaded, context.RequestAborted).ConfigureAwait(false);
        return await SetAsync(loaded.Version, wanted.Note, context).ConfigureAwait(false);
    }

    private async Task<IResult> StopAsync(HttpContext context)
    {
        var wanted = await GivenObject.ReadAsync(context, ConsoleJson.Default.WantedStop).ConfigureAwait(false);
        LogicActivations.CheckNote(wanted.Note);
        return await SetAsync(null, wanted.Note, context).ConfigureAwait(false);
    }

    private async Task<IResult> SetAsync(string? challenger, string? note, HttpContext context)
    {
        var (record, changed) = await _shadows.SetAsync(challenger, context.Caller().Name, note, context.RequestAborted).ConfigureAwait(false);
        return PlainJson.Of(new ShadowAnswer(changed, record), ConsoleJson.Default.ShadowAnswer);
    }

    private async Task<IResult> ReportAsync(HttpContext context, bool asPage)
    {
        var shadow = sources.Shadow?.Invoke();
        byte[]? report = shadow is null ? null : await shadow.ReportAsync(asPage, context.RequestAborted).ConfigureAwait(false);
        if (report is null)
        {
            throw new ApiProblemException(409, "No report", shadow?.Status is { Problem: { } problem } now
                ? $"{now.Record.Challenger} decides no calls again: {problem}"
                : "No version decides calls again in this process: start one, and ask the process that records. Of one that is over since before this process began, 'eventcalls logic shadow report' says what it came to.");
        }
        context.Response.Headers.ContentSecurityPolicy = ReportPolicy.Header;
        return Results.Bytes(report, asPage ? "text/html; charset=utf-8" : "application/json");
    }
}
