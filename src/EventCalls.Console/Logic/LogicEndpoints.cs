using EventCalls.Console.Problems;
using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using EventCalls.Contracts;
using EventCalls.Routing;
using EventCalls.Routing.Loading;
using EventCalls.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.Logic;

/// <summary>The versions of routing logic that were ever used, and a trial of one that was not.</summary>
internal sealed class LogicEndpoints(ICallStore store, LogicVersions versions, LogicFrom from, Func<string?>? active, Func<IReadOnlyList<LogicSource>, CancellationToken, Task<LogicCheck>>? compile)
{
    // A compilation takes a core for a second or two.
    private readonly SemaphoreSlim _one = new(1, 1);

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/logic").WithTags("logic").Needs(ApiScope.Read).Takes();
        api.MapGet("", (Delegate)ListAsync).WithSummary("The versions of routing logic that were ever used or uploaded, who brought and loaded them, and what was activated").Produces<LogicList>();
        api.MapGet("/{version}", (Delegate)OneAsync).WithSummary("A version of routing logic with its sources; the beginning of its hash is enough").Produces<LogicSourcesObject>();
        api.MapPost("/check", (Delegate)CheckAsync).Needs(ApiScope.Operate)
            .WithSummary("Compiles files without using them, and says what is wrong with them: {\"files\": {\"Support.cs\": \"…\"}}")
            .WithMetadata(new Commands.TakesBody(ConsoleJson.Default.UploadedLogic), new AlsoTakes(UploadedFiles.Zip), new Commands.RequestSizeLimit(UploadedFiles.MaxBytes)).Produces<LogicCheckObject>();
    }

    private async Task<IResult> ListAsync(HttpContext context)
    {
        string? now = active?.Invoke();
        var all = await versions.AllAsync(context.RequestAborted).ConfigureAwait(false);
        var arrivals = await versions.ArrivalsAsync(context.RequestAborted).ConfigureAwait(false);
        var listed = all.Select(v => new ListedLogic(v.Version, v.LoadedAt, v.Sources.Count, now is null ? null : v.Version == now, Of(v.Version, uploaded: true), Of(v.Version, uploaded: false)));
        var activations = await versions.ActivationsAsync(context.RequestAborted).ConfigureAwait(false);
        return PlainJson.Of(new LogicList([.. listed], now, from == LogicFrom.Store ? "store" : "folder", activations), ConsoleJson.Default.LogicList);

        IReadOnlyList<ListedArrival> Of(string version, bool uploaded) => [.. arrivals[version].Where(a => a.Uploaded == uploaded).Select(a => new ListedArrival(a.Who, a.FirstAt, a.LastAt))];
    }

    private async Task<IResult> OneAsync(string version, HttpContext context)
    {
        var loaded = await StoredLogic.RequiredAsync(store, version, context.RequestAborted).ConfigureAwait(false);
        return PlainJson.Of(new LogicSourcesObject(loaded.Version, loaded.LoadedAt, loaded.Sources), ConsoleJson.Default.LogicSourcesObject);
    }

    private async Task<IResult> CheckAsync(HttpContext context)
    {
        if (compile is null)
            throw new ApiProblemException(503, "Not available", "This process compiles no logic; ask one that has the routing's configuration.");
        var sources = await UploadedFiles.ReadAsync(context).ConfigureAwait(false);
        await _one.WaitAsync(context.RequestAborted).ConfigureAwait(false);
        try
        {
            var check = await compile(sources, context.RequestAborted).ConfigureAwait(false);
            using var logic = check.Logic;
            return PlainJson.Of(new LogicCheckObject(check.Ok, check.Version, check.Flows, check.Diagnostics), ConsoleJson.Default.LogicCheckObject);
        }
        finally
        {
            _one.Release();
        }
    }
}
