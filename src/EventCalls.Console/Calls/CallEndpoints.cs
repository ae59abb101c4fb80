using System.Text;
using EventCalls.Console.Problems;
using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using EventCalls.Contracts;
using EventCalls.Replay.Audit;
using EventCalls.Replay.Audit.Diagrams;
using EventCalls.Replay.Explaining;
using EventCalls.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.Calls;

/// <summary>What there is to see of recorded calls.</summary>
internal sealed class CallEndpoints(ICallStore store, CallExplainer? explainer, TimeProvider time)
{
    private const int CsvPage = 1000;

    private static readonly QueryParameter s_at = new("at", "The number of an event, 1 for the first; the last one when left out.");

    private readonly CallPages _pages = new(store, time);

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api").WithTags("calls");
        api.MapGet("/calls", (Delegate)ListAsync).Needs(ApiScope.Read).Takes(CallSearch.Paged)
            .WithSummary("Finds calls, the newest first, a page at a time").Produces<CallPage>();
        api.MapGet("/calls.csv", (Delegate)ExportAsync).Needs(ApiScope.Read).Takes(CallSearch.Exported)
            .WithSummary("The calls of a search as CSV").Produces(200, contentType: "text/csv");
        var call = api.MapGroup("/calls/{id}").Needs(ApiScope.Read);
        call.MapGet("", (Delegate)OneAsync).Takes().WithSummary("One call, by call id or SIP Call-ID").Produces<DetailedCall>();
        call.MapGet("/events", (Delegate)EventsAsync).Takes().WithSummary("The events of a call, in order").Produces<CallStream>();
        call.MapGet("/state", (Delegate)StateAsync).Takes(s_at).WithSummary("What was known of a call as of one of its events, its state among it").Produces<CallMomentObject>();
        call.MapGet("/explanation", (Delegate)ExplanationAsync).Takes().WithSummary("Why each decision of a call came out as it did; each is taken again to be sure").Produces(200, contentType: "application/json");
        call.MapGet("/ladder", (Delegate)LadderAsync).Takes().WithSummary("The picture of a call: who took part, and who said what to whom").Produces<CallDiagram>();
        call.MapGet("/ladder.svg", (Delegate)SvgAsync).Takes().WithSummary("The ladder of a call as an image").Produces(200, contentType: "image/svg+xml");
    }

    private async Task<IResult> ListAsync(HttpContext context)
    {
        var query = await CallSearch.OfAsync(context.Request.Query, store, time.GetUtcNow(), CallSearch.MaxLimit, context.RequestAborted).ConfigureAwait(false);
        var page = await _pages.FindAsync(query, query.Limit ?? CallSearch.DefaultLimit, context.RequestAborted).ConfigureAwait(false);
        return PlainJson.Of(new CallPage(page.Calls.Select(row => new ListedCall(row)), page.Next is { } next ? CallSearch.TextOf(next) : null, page.SearchedTo), ConsoleJson.Default.CallPage);
    }

    // Page by page, as the client takes it: memory does not grow with the number of calls.
    private async Task ExportAsync(HttpContext context)
    {
        var query = await CallSearch.OfAsync(context.Request.Query, store, time.GetUtcNow(), int.MaxValue, context.RequestAborted).ConfigureAwait(false);
        int left = query.Limit ?? int.MaxValue;
        var page = await _pages.FindAsync(query, Math.Min(left, CsvPage), context.RequestAborted).ConfigureAwait(false);
        context.Response.ContentType = "text/csv; charset=utf-8; header=present";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"calls.csv\"";
        var text = new StringBuilder(CallCsv.Head);
        while (true)
        {
            foreach (var row in page.Calls)
                CallCsv.Write(text, row);
            await context.Response.WriteAsync(text.ToString(), context.RequestAborted).ConfigureAwait(false);
            text.Clear();
            left -= page.Calls.Count;
            if (left <= 0 || page.Next is not { } next)
                return;
            page = await _pages.FindAsync(query with { Behind = next }, Math.Min(left, CsvPage), context.RequestAborted).ConfigureAwait(false);
        }
    }

    private async Task<IResult> OneAsync(string id, HttpContext context) =>
        PlainJson.Of(new DetailedCall(await store.RequiredAsync(id, context.RequestAborted).ConfigureAwait(false)), ConsoleJson.Default.DetailedCall);

    private async Task<IResult> EventsAsync(string id, HttpContext context)
    {
        var call = await store.HistoryAsync(context, id).ConfigureAwait(false);
        // Whole before it is sent: events are read as they are written, and a damaged one must not leave half an answer.
        return PlainJson.Of(new CallStream(call.Call.CallId, ListedEvent.Of(call.Events)), AuditJson.Default.CallStream);
    }

    private async Task<IResult> StateAsync(string id, HttpContext context)
    {
        int? at = context.Request.Query.Number("at", 1, int.MaxValue);
        var call = await store.HistoryAsync(context, id).ConfigureAwait(false);
        if (at > call.Events.Count)
            throw ApiProblemException.Invalid("at", $"at is {at}, and the call has {call.Events.Count} events.");
        return PlainJson.Of(new CallMomentObject(CallMoment.AsOf(call.Events, at ?? call.Events.Count), call.Events), AuditJson.Default.CallMomentObject);
    }

    private async Task<IResult> ExplanationAsync(string id, HttpContext context)
    {
        var call = await store.HistoryAsync(context, id).ConfigureAwait(false);
        if (explainer is null)
            throw new ApiProblemException(503, "Not available", "This process decides nothing again; ask one that has the routing's configuration.");
        var explained = await explainer.ExplainAsync(call.Events, context.RequestAborted).ConfigureAwait(false);
        return PlainJson.Of(ExplainedCall.Of(call.Call.CallId, explained), ExplanationJson.Default.ExplainedCall);
    }

    private async Task<IResult> LadderAsync(string id, HttpContext context) =>
        PlainJson.Of(CallDiagram.Of((await store.HistoryAsync(context, id).ConfigureAwait(false)).Events), DiagramJson.Default.CallDiagram);

    private async Task<IResult> SvgAsync(string id, HttpContext context)
    {
        var call = await store.HistoryAsync(context, id).ConfigureAwait(false);
        string title = $"{(call.Call.Caller.Length == 0 ? "withheld" : call.Call.Caller)} → {call.Call.Callee}, {UtcTime.Seconds(call.Call.StartedAt)}, call {call.Call.CallId:D}";
        return LadderImage.Of(context, call.Events, title);
    }
}
