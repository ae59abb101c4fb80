using System.Text;
using EventCalls.Console.Problems;
using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using EventCalls.Replay.Audit;
using EventCalls.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.Live;

/// <summary>Calls as they are now, and what happens to them.</summary>
internal sealed class LiveEndpoints(ICallStore store, ILiveCalls live, TimeProvider time)
{
    /// <summary>Below which what answers may not end.</summary>
    public const string Stream = "/api/live";

    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(15);
    private static readonly byte[] s_comment = ": still here\n\n"u8.ToArray();

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(Stream).WithTags("live").Needs(ApiScope.Read);
        api.MapGet("", (Delegate)FollowAsync).Takes().WithSummary("Server-sent events: up (the calls that are up), then calls (what changed), a few a second at most").Produces(200, contentType: "text/event-stream");
        api.MapGet("/calls", (Delegate)UpAsync).Takes(new QueryParameter("limit", "How many calls at most, 1 to 1000; 100 when left out.")).WithSummary("The calls that are up, the newest first").Produces<LiveCalls>();
    }

    private async Task<IResult> UpAsync(HttpContext context)
    {
        var up = new CallQuery { Ended = false, Limit = context.Request.Query.Number("limit", 1, 1000) ?? 100 };
        var calls = await store.SearchAsync(up, context.RequestAborted).ConfigureAwait(false);
        long total = await store.CountAsync(up, context.RequestAborted).ConfigureAwait(false);
        return PlainJson.Of(new LiveCalls(calls.Select(row => new ListedCall(row)), total), ConsoleJson.Default.LiveCalls);
    }

    private async Task FollowAsync(HttpContext context)
    {
        using var listener = live.Listen() ?? throw new ApiProblemException(503, "Too many listeners", "As many listen as may; come again, or ask another node.") { RetryAfter = 10 };
        listener.Dropped = context.Abort;
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        await context.Response.StartAsync(context.RequestAborted).ConfigureAwait(false);
        var messages = listener.Messages;
        // A key that was revoked is shown nothing more: who comes again is asked for another.
        while (await NextAsync(messages, context.RequestAborted).ConfigureAwait(false) is { } more && context.MayGoOn())
        {
            if (!more)
                await context.Response.Body.WriteAsync(s_comment, context.RequestAborted).ConfigureAwait(false);
            while (messages.TryRead(out var message))
            {
                await context.Response.WriteAsync($"event: {message.Event}\ndata: ", Encoding.UTF8, context.RequestAborted).ConfigureAwait(false);
                await context.Response.Body.WriteAsync(message.Data, context.RequestAborted).ConfigureAwait(false);
                await context.Response.WriteAsync("\n\n", Encoding.UTF8, context.RequestAborted).ConfigureAwait(false);
            }
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }
    }

    // True when there is something, false when nothing came for a while, null at the end.
    private async Task<bool?> NextAsync(System.Threading.Channels.ChannelReader<LiveMessage> messages, CancellationToken cancellationToken)
    {
        using var quiet = new CancellationTokenSource(s_quiet, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, cancellationToken);
        try
        {
            return await messages.WaitToReadAsync(either.Token).ConfigureAwait(false) ? true : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
