using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using EventCalls.Store;
using EventCalls.Store.Steering;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.DeadLetters;

/// <summary>What people do with dead letters, of queues and of webhooks: done only when it is on record who did it.</summary>
internal sealed class DeadLetterActs(ICallStore store, TimeProvider time)
{
    private const int MostListed = 1000;
    private const int Listed = 100;

    private static readonly QueryParameter s_limit = new("limit", $"How many at most, 1 to {MostListed}; {Listed} when left out.");

    private readonly IDeadLetterRecord _record = (IDeadLetterRecord)store;

    public void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/dead-letters/acts", (Delegate)(async (HttpContext context) => PlainJson.Of(
            new DeadLetterActList(await NewestAsync(context.Request.Query.Number("limit", 1, MostListed) ?? Listed, context.RequestAborted).ConfigureAwait(false)), ConsoleJson.Default.DeadLetterActList)))
        .WithTags("service").Needs(ApiScope.Read).Takes(s_limit)
        .WithSummary("Who put back, discarded or replayed dead letters of queues and webhooks, and when; the newest first").Produces<DeadLetterActList>();

    /// <summary>The newest of them.</summary>
    public Task<IReadOnlyList<DeadLetterAct>> NewestAsync(int limit, CancellationToken cancellationToken) => _record.ListActsAsync(limit, cancellationToken);

    /// <summary>Does something, on record.</summary>
    /// <param name="context">The request of who does it.</param>
    /// <param name="act">What.</param>
    /// <param name="name">The queue or the webhook.</param>
    /// <param name="letter">Which letter; null for all.</param>
    /// <param name="done">Does it; gives how many letters it was, null when there is no such queue.</param>
    public async Task<int?> DoAsync(HttpContext context, DeadLetterDeed act, string name, string? letter, Func<Task<int?>> done)
    {
        var record = new DeadLetterAct { Id = Guid.CreateVersion7(), At = time.GetUtcNow(), By = context.Caller().Name, Act = act, Name = name, Letter = letter };
        await _record.KeepActAsync(record, context.RequestAborted).ConfigureAwait(false);
        int? letters = await done().ConfigureAwait(false);
        try
        {
            // It is done, whether or not somebody waits for the answer still.
            await _record.CountActAsync(record.Id, letters ?? 0, CancellationToken.None).ConfigureAwait(false);
        }
        catch (StoreUnreachableException)
        {
            // On record it stays without a number.
        }
        return letters;
    }
}

/// <summary>What was done with dead letters.</summary>
/// <param name="Acts">The newest first.</param>
internal sealed record DeadLetterActList(IReadOnlyList<DeadLetterAct> Acts);
