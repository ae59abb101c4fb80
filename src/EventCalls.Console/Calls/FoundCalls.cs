using EventCalls.Console.Problems;
using EventCalls.Contracts;
using EventCalls.Store;
using Microsoft.AspNetCore.Http;

namespace EventCalls.Console.Calls;

/// <summary>Finds the call that an address names.</summary>
internal static class FoundCalls
{
    private const int MaxId = 500;

    /// <summary>The call by our id or by the SIP Call-ID of the caller's leg.</summary>
    public static async Task<CallRow> RequiredAsync(this ICallStore store, string id, CancellationToken cancellationToken)
    {
        // A slash stays escaped in the path, so that it is none.
        string plain = id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        CallRow? call = null;
        if (id.Length <= MaxId)
            call = await store.FindAsync(plain, cancellationToken).ConfigureAwait(false);
        return call ?? throw ApiProblemException.NotFound($"There is no call '{PlainText.Of(plain.Length <= 100 ? plain : plain[..100] + "…")}'; give a call id or a whole SIP Call-ID.");
    }

    /// <summary>The call with its stream.</summary>
    public static async Task<CallHistory> HistoryAsync(this ICallStore store, HttpContext context, string id)
    {
        var call = await store.RequiredAsync(id, context.RequestAborted).ConfigureAwait(false);
        return new CallHistory(call, await store.ReadStreamAsync(call.CallId, context.RequestAborted).ConfigureAwait(false));
    }
}
