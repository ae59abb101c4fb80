using System.Globalization;
using EventCalls.Console.Logic;
using EventCalls.Console.Pages.Calls;
using EventCalls.Console.Pages.Logic;
using EventCalls.Console.Pages.Replays;
using EventCalls.Console.Pages.Statistics;
using EventCalls.Console.Problems;
using EventCalls.Console.Queries;
using EventCalls.Console.Queues;
using EventCalls.Console.Replays;
using EventCalls.Console.Security;
using EventCalls.Console.Webhooks;
using EventCalls.Contracts;
using EventCalls.Replay.Canary;
using EventCalls.Replay.Nightly;
using EventCalls.Replay.Shadow;
using EventCalls.Routing;
using EventCalls.Store;
using EventCalls.Store.Notifying;
using EventCalls.Store.Statistics;
using EventCalls.Store.Steering;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace EventCalls.Console.Pages;

/// <summary>The pages: each is made here from the store, as HTML that needs no script to be read.</summary>
internal sealed class PageEndpoints(ConsoleSources sources, LogicVersions versions, ReplayJobs replays, TimeProvider time)
{
    private const int CallsOnAPage = 100;
    private const int MostDays = 400;
    private const int ActsOnAPage = 20;

    public static void Map(IEndpointRouteBuilder routes, ConsoleSources sources, LogicVersions versions, ReplayJobs replays, TimeProvider time)
    {
        var pages = new PageEndpoints(sources, versions, replays, time);
        Asset.Map(routes);
        Map(routes, "/", pages.LiveAsync);
        Map(routes, "/calls", pages.SearchAsync);
        Map(routes, "/calls/{id}", pages.CallAsync);
        Map(routes, "/statistics", pages.StatisticsAsync);
        Map(routes, "/logic", pages.LogicAsync);
        Map(routes, "/logic/compare", pages.CompareAsync);
        Map(routes, "/logic/{version}", pages.VersionAsync);
        Map(routes, "/replays", pages.ReplaysAsync);
        Map(routes, "/replays/{id}", pages.ReplayAsync);
        Map(routes, "/system", pages.SystemAsync);
    }

    /// <summary>Shows who looks for a page that is not there a page; programs get a problem.</summary>
    public static async Task ShowMissingAsync(HttpContext context, RequestDelegate next)
    {
        await next(context).ConfigureAwait(false);
        var (request, response) = (context.Request, context.Response);
        if (response is { HasStarted: false, StatusCode: StatusCodes.Status404NotFound, ContentType: null } && HttpMethods.IsGet(request.Method)
            && !request.Path.StartsWithSegments("/api") && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
        {
            var values = new Dictionary<string, object?> { [nameof(MissingPage.Text)] = "There is no page at this address." };
            await new RazorComponentResult<MissingPage>(values) { StatusCode = StatusCodes.Status404NotFound }.ExecuteAsync(context).ConfigureAwait(false);
        }
    }

    private static void Map(IEndpointRouteBuilder routes, string path, Func<HttpContext, Task<IResult>> page) => routes.MapGet(path, page).Needs(ApiScope.Read).WithMetadata(new Page(), new AnyParameters()).ExcludeFromDescription();

    private async Task<IResult> LiveAsync(HttpContext context)
    {
        var up = new CallQuery { Ended = false, Limit = CallsOnAPage };
        var calls = await sources.Store.SearchAsync(up, context.RequestAborted).ConfigureAwait(false);
        long total = await sources.Store.CountAsync(up, context.RequestAborted).ConfigureAwait(false);
        return Show<LivePage>(context, (nameof(LivePage.Calls), calls), (nameof(LivePage.Up), total));
    }

    private async Task<IResult> SearchAsync(HttpContext context)
    {
        var form = SearchForm.Of(context.Request.Query);
        try
        {
            form.Check();
            var asked = new QueryCollection(form.Values.ToDictionary(v => v.Key, v => new StringValues(v.Value)));
            var query = await CallSearch.OfAsync(asked, sources.Store, time.GetUtcNow(), CallSearch.MaxLimit, context.RequestAborted).ConfigureAwait(false);
            int limit = query.Limit ?? CallsOnAPage;
            var page = await new CallPages(sources.Store, time).FindAsync(query, limit, context.RequestAborted).ConfigureAwait(false);
            return Show<SearchPage>(context, (nameof(SearchPage.Search), form), (nameof(SearchPage.Calls), page.Calls), (nameof(SearchPage.Limit), limit), (nameof(SearchPage.Next), page.Next is { } next ? CallSearch.TextOf(next) : null), (nameof(SearchPage.SearchedTo), page.SearchedTo));
        }
        catch (ApiProblemException problem)
        {
            return Show<SearchPage>(context, (nameof(SearchPage.Search), form), (nameof(SearchPage.Problem), problem.Message));
        }
    }

    private async Task<IResult> CallAsync(HttpContext context)
    {
        string id = Value(context, "id");
        return await CallPageModel.ReadAsync(sources.Store, versions, id, context.RequestAborted).ConfigureAwait(false) is { } model
            ? Show<CallPage>(context, (nameof(CallPage.Model), model), (nameof(CallPage.Versions), sources.Replaying is not null && context.Caller().Scope >= ApiScope.Operate ? await versions.AllAsync(context.RequestAborted).ConfigureAwait(false) : []), (nameof(CallPage.CanFork), sources.Fork is not null), (nameof(CallPage.CanSteer), sources.Commands is not null && context.Caller().Scope >= ApiScope.Operate), (nameof(CallPage.MayListen), context.Caller().MayListen), (nameof(CallPage.CanOversee), sources.Commands is not null), (nameof(CallPage.MayMonitor), context.Caller().MayMonitor), (nameof(CallPage.Places), sources.Recordings is { } files ? files.Find : (Func<string, RecordingPlace>?)null))
            : Missing(context, $"There is no call {PlainText.Of(id)} here. It may be another store's, or be erased.");
    }

    private async Task<IResult> StatisticsAsync(HttpContext context)
    {
        var now = time.GetUtcNow();
        var query = context.Request.Query;
        int days = int.TryParse(query["days"], CultureInfo.InvariantCulture, out int asked) ? Math.Clamp(asked, 1, MostDays) : 2;
        string? problem = null;
        var from = Time("from", now.AddDays(-days));
        var to = Time("to", now);
        if (to <= from || (to - from).TotalDays > MostDays)
        {
            problem = to <= from ? "The end is not after the beginning; a day is shown instead." : $"At most {MostDays} days are shown at once; a day is shown instead.";
            (from, to) = (now.AddDays(-1), now);
        }
        var model = await StatisticsPageModel.ReadAsync((ICallStatistics)sources.Store, from, to, context.RequestAborted).ConfigureAwait(false);
        return Show<StatisticsPage>(context, (nameof(StatisticsPage.Model), model), (nameof(StatisticsPage.Problem), problem));

        DateTimeOffset Time(string name, DateTimeOffset otherwise)
        {
            if (query[name].ToString() is not { Length: > 0 } text)
                return otherwise;
            if (UtcTime.TryParse(text, out var at))
                return at;
            problem = $"{name} is '{PlainText.Of(text)}'; expected a time such as 2026-11-29T08:00.";
            return otherwise;
        }
    }

    private async Task<IResult> LogicAsync(HttpContext context) => Show<LogicPage>(
        context,
        (nameof(LogicPage.Values), await new ValueSetting((IValueRecord)sources.Store, time).ListAsync(context.RequestAborted).ConfigureAwait(false)),
        (nameof(LogicPage.ValueChanges), await ((IValueRecord)sources.Store).ListValueChangesAsync(null, LogicPage.MostRecords, context.RequestAborted).ConfigureAwait(false)),
        (nameof(LogicPage.CanSet), context.Caller().Scope >= ApiScope.Operate),
        (nameof(LogicPage.Versions), await versions.AllAsync(context.RequestAborted).ConfigureAwait(false)),
        (nameof(LogicPage.Activations), await versions.ActivationsAsync(context.RequestAborted).ConfigureAwait(false)),
        (nameof(LogicPage.Arrivals), await versions.ArrivalsAsync(context.RequestAborted).ConfigureAwait(false)),
        (nameof(LogicPage.Active), sources.ActiveLogic?.Invoke()),
        (nameof(LogicPage.Canary), sources.Canary?.Invoke()),
        (nameof(LogicPage.CanaryRecords), await new CanaryShares(sources.Store, time).ListAsync(LogicPage.MostRecords, context.RequestAborted).ConfigureAwait(false)),
        (nameof(LogicPage.Shadow), sources.Shadow?.Invoke()?.Last),
        (nameof(LogicPage.ShadowRecords), await new Shadows(sources.Store, time).ListAsync(LogicPage.MostRecords, context.RequestAborted).ConfigureAwait(false)),
        (nameof(LogicPage.Nights), (await ((ILogicSteering)sources.Store).ListProofsAsync(ProofKind.Nightly, LogicPage.MostRecords, context.RequestAborted).ConfigureAwait(false)).Select(NightlyResult.Read).ToList()),
        (nameof(LogicPage.FromStore), sources.LogicFrom == LogicFrom.Store),
        (nameof(LogicPage.CanSteer), sources.TryLogic is not null && context.Caller().Scope >= ApiScope.Administer));

    private async Task<IResult> ReplaysAsync(HttpContext context) => Show<ReplaysPage>(
        context,
        (nameof(ReplaysPage.Replays), replays.All),
        (nameof(ReplaysPage.Versions), await versions.AllAsync(context.RequestAborted).ConfigureAwait(false)),
        (nameof(ReplaysPage.CanStart), sources.Replaying is not null && context.Caller().Scope >= ApiScope.Operate));

    private Task<IResult> ReplayAsync(HttpContext context)
    {
        string id = Value(context, "id");
        return Task.FromResult<IResult>(replays.All.FirstOrDefault(job => job.Id.ToString("D") == id) is { } job
            ? Show<ReplayPage>(context, (nameof(ReplayPage.Job), job))
            : Missing(context, $"There is no replay {PlainText.Of(id)} here; replays go with the process that decided them."));
    }

    private async Task<IResult> VersionAsync(HttpContext context)
    {
        string version = Value(context, "version");
        return await versions.FindAsync(version, context.RequestAborted).ConfigureAwait(false) is { } loaded
            ? Show<LogicVersionPage>(context, (nameof(LogicVersionPage.Version), loaded))
            : Missing(context, $"The version {PlainText.Of(version)} was never used with this store.");
    }

    private async Task<IResult> CompareAsync(HttpContext context)
    {
        string old = context.Request.Query["old"].ToString();
        string @new = context.Request.Query["new"].ToString();
        var first = await versions.FindAsync(old, context.RequestAborted).ConfigureAwait(false);
        var second = await versions.FindAsync(@new, context.RequestAborted).ConfigureAwait(false);
        return first is null || second is null
            ? Missing(context, $"The version {PlainText.Of(first is null ? old : @new)} was never used with this store.")
            : Show<LogicComparePage>(context, (nameof(LogicComparePage.Old), first), (nameof(LogicComparePage.New), second), (nameof(LogicComparePage.Files), SourceDifference.Of(first.Sources, second.Sources)));
    }

    private async Task<IResult> SystemAsync(HttpContext context)
    {
        var health = await sources.Health(context.RequestAborted).ConfigureAwait(false);
        var nodes = await sources.Store.ListNodesAsync(context.RequestAborted).ConfigureAwait(false);
        var queues = await QueueEndpoints.ListAsync(sources, context.RequestAborted).ConfigureAwait(false);
        var webhooks = WebhookList.Of(sources.Webhooks, await ((IWebhookQueue)sources.Store).ListWebhooksAsync(counted: true, context.RequestAborted).ConfigureAwait(false));
        return Show<SystemPage>(context, (nameof(SystemPage.Health), health), (nameof(SystemPage.Nodes), nodes), (nameof(SystemPage.Trunks), sources.Trunks), (nameof(SystemPage.Webhooks), webhooks.Webhooks), (nameof(SystemPage.Queues), queues), (nameof(SystemPage.Acts), await ((IDeadLetterRecord)sources.Store).ListActsAsync(ActsOnAPage, context.RequestAborted).ConfigureAwait(false)), (nameof(SystemPage.CanOperate), context.Caller().Scope >= ApiScope.Operate), (nameof(SystemPage.CanAdminister), context.Caller().Scope >= ApiScope.Administer), (nameof(SystemPage.Store), sources.Store.Description), (nameof(SystemPage.Now), time.GetUtcNow()));
    }

    private static RazorComponentResult<T> Show<T>(HttpContext context, params (string Name, object? Value)[] values)
        where T : Microsoft.AspNetCore.Components.IComponent
    {
        var parameters = values.ToDictionary(v => v.Name, v => v.Value);
        parameters["SignedInAs"] = context.Caller() is var caller && caller != ApiCaller.Loopback ? caller.Name : null;
        return new RazorComponentResult<T>(parameters);
    }

    private static RazorComponentResult<MissingPage> Missing(HttpContext context, string text)
    {
        var page = Show<MissingPage>(context, (nameof(MissingPage.Text), text));
        return new RazorComponentResult<MissingPage>(page.Parameters) { StatusCode = StatusCodes.Status404NotFound };
    }

    private static string Value(HttpContext context, string name) => (string)context.Request.RouteValues[name]!;
}
