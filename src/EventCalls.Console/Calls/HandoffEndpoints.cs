using EventCalls.Console.Problems;
using EventCalls.Console.Queries;
using EventCalls.Console.Security;
using EventCalls.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventCalls.Console.Calls;

/// <summary>What the side that receives a call is told of it.</summary>
internal sealed class HandoffEndpoints(ICallStore store)
{
    private readonly StoredHandoffContexts _contexts = new(store);

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/handoffs/{id}", (Delegate)FindAsync)
        .WithTags("handoffs").Needs(ApiScope.Read).Takes()
        .WithSummary("The context of a handoff, for a screen pop: by the handoff's id, also in the hex of User-to-User, or the last one of a call, by call id or SIP Call-ID")
        .Produces<HandoffContext>().ProducesProblem(404);

    private async Task<IResult> FindAsync(string id, HttpContext context)
    {
        string plain = FoundCalls.Plain(id);
        var found = id.Length <= FoundCalls.MaxId ? await _contexts.FindAsync(plain, context.RequestAborted).ConfigureAwait(false) : null;
        return found is null
            ? throw ApiProblemException.NotFound($"There is no handoff and no call '{FoundCalls.Shown(plain)}'; give the id of a handoff, a call id or a whole SIP Call-ID.")
            : PlainJson.Of(found, ConsoleJson.Default.HandoffContext);
    }
}
