using System.Globalization;
using EventCalls.Console.Calls;
using EventCalls.Console.Commands;
using EventCalls.Console.Jobs;
using EventCalls.Console.Logic;
using EventCalls.Console.Problems;
using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using EventCalls.Replay;
using EventCalls.Replay.Choosing;
using EventCalls.Replay.Reports.Html;
using EventCalls.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.Replays;

/// <summary>Past calls decided again: all of a time in the background, or one at once.</summary>
internal sealed class ReplayEndpoints(ICallStore store, ReplayJobs jobs)
{
    private static readonly QueryParameter s_logic = new("logic", "The version of the logic, by its hash or the beginning of it.");

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/replays").WithTags("replays").Needs(ApiScope.Read).Takes();
        api.MapGet("", () => PlainJson.Of(new ReplayList(jobs.All.Select(job => new ListedReplay(job))), ConsoleJson.Default.ReplayList))
            .WithSummary("The replays that were started here, the newest first").Produces<ReplayList>();
        api.MapPost("", (Delegate)StartAsync).Needs(ApiScope.Operate).WithMetadata(new TakesBody(ConsoleJson.Default.WantedReplay), new RequestSizeLimit(UploadedFiles.MaxBytes))
            .WithSummary("Decides past calls again with a version of the logic, {\"logic\": \"sha256:…\"}, or with files that were never used, {\"files\": {…}}; from, to, trunk, flow, callee and sample choose the calls").Produces<ListedReplay>(202);
        api.MapGet("/{id}", (string id) => PlainJson.Of(new ListedReplay(jobs.Required(id)), ConsoleJson.Default.ListedReplay)).WithSummary("How far a replay is").Produces<ListedReplay>();
        api.MapGet("/{id}/report", (string id, HttpContext context) => Report(context, id, "report.json", "application/json")).WithSummary("What a replay came to, as 'eventcalls replay --json' writes it").Produces(200, contentType: "application/json");
        api.MapGet("/{id}/report.html", (string id, HttpContext context) => Report(context, id, "report.html", "text/html; charset=utf-8")).WithSummary("What a replay came to, as a page").Produces(200, contentType: "text/html");
        api.MapGet("/{id}/changed.csv", (string id, HttpContext context) => Report(context, id, "report.csv", "text/csv; charset=utf-8")).WithSummary("The calls that would go elsewhere").Produces(200, contentType: "text/csv");
        api.MapDelete("/{id}", (string id) =>
            {
                jobs.Required(id).Stop();
                return Results.Accepted();
            })
            .Needs(ApiScope.Operate).WithSummary("Ends a replay; its report is of the calls that were decided").Produces(202);
        routes.MapGet("/api/calls/{id}/what-if", (Delegate)WhatIfAsync).WithTags("replays").Needs(ApiScope.Operate).Takes(s_logic)
            .WithSummary("What a version of the logic would have done with a call").Produces<WhatIfObject>();
    }

    /// <summary>What is asked for, checked.</summary>
    internal static ReplayRequest RequestOf(WantedReplay wanted, string logic)
    {
        if (wanted is { From: { } from, To: { } to } && to <= from)
            throw ApiProblemException.Invalid("to", "to is not after from.");
        if (wanted.Sample is < 1)
            throw ApiProblemException.Invalid("sample", $"sample is {wanted.Sample}; expected 1 or more.");
        var query = new CallQuery { From = wanted.From, To = wanted.To, Trunk = wanted.Trunk, Flow = wanted.Flow, Callee = wanted.Callee };
        string[] words =
        [
            .. wanted.From is { } since ? [$"from {Said(since)}"] : (string[])[],
            .. wanted.To is { } until ? [$"until {Said(until)}"] : (string[])[],
            .. wanted.Trunk is { } trunk ? [$"trunk {trunk}"] : (string[])[],
            .. wanted.Flow is { } flow ? [$"flow {flow}"] : (string[])[],
            .. wanted.Callee is { } callee ? [$"dialled {callee}"] : (string[])[],
            .. wanted.Sample is { } sample ? [$"a sample of {sample}"] : (string[])[],
        ];
        return new ReplayRequest
        {
            Logic = logic,
            Choice = new CallChoice { Query = query, Sample = wanted.Sample },
            Words = string.Join(", ", words),
            Threads = 1,
            LiveLookups = false,
        };
    }

    private static string Said(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private async Task<IResult> StartAsync(HttpContext context)
    {
        var wanted = await GivenObject.ReadAsync(context, ConsoleJson.Default.WantedReplay).ConfigureAwait(false);
        if (wanted is { Logic: null, Files: null } or { Logic: not null, Files: not null })
            throw ApiProblemException.Invalid("logic", "Give either logic, the hash of a version, or files.");
        var stored = wanted.Logic is { } hash ? await StoredLogic.RequiredAsync(store, hash, context.RequestAborted).ConfigureAwait(false) : null;
        var job = jobs.Start(RequestOf(wanted, stored?.Version ?? "uploaded files"), stored?.Sources ?? UploadedFiles.Of(wanted.Files), context.Caller().Name);
        return PlainJson.Of(new ListedReplay(job), ConsoleJson.Default.ListedReplay, statusCode: StatusCodes.Status202Accepted);
    }

    private IResult Report(HttpContext context, string id, string name, string type)
    {
        var job = jobs.Required(id);
        string file = job.Report(name) ?? throw new ApiProblemException(409, "No report", job.State == JobState.Running ? "The replay is still running." : "The replay came to no report.");
        context.Response.Headers.ContentSecurityPolicy = ReportPolicy.Header;
        return Results.File(file, type);
    }

    private async Task<IResult> WhatIfAsync(string id, HttpContext context)
    {
        var call = await store.RequiredAsync(id, context.RequestAborted).ConfigureAwait(false);
        string hash = context.Request.Query.Text("logic") ?? throw ApiProblemException.Invalid("logic", "logic is missing; give the hash of a version, as GET /api/logic lists it.");
        var logic = await StoredLogic.RequiredAsync(store, hash, context.RequestAborted).ConfigureAwait(false);
        return PlainJson.Of(WhatIfObject.Of(await jobs.DecideAsync(call, logic.Sources, context.RequestAborted).ConfigureAwait(false), logic.Version), ConsoleJson.Default.WhatIfObject);
    }
}
