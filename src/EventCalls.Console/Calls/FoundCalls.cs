using EventCalls.Console.Problems;
using EventCalls.Contracts;
using EventCalls.Store;
using Microsoft.AspNetCore.Http;

namespace EventCalls.Console.Calls;

/// <summary>Finds the call that an address names.</summary>
internal static class FoundCalls
{
    /// <summary>The most characters of an id.</summary>
    public const int MaxId = 500;

    /// <summary>The call by our id or by the SIP Call-ID of the caller's leg.</summary>
    public static async Task<CallRow> RequiredAsync(this ICallStore store, string id, CancellationToken cancellationToken)
    {
        string plain = Plain(id);
        CallRow? call = null;
        if (id.Length <= MaxId)
            call = await store.FindAsync(plain, cancellationToken).ConfigureAwait(false);
        return call ?? throw ApiProblemException.NotFound($"There is no call '{Shown(plain)}'; give a call id or a whole SIP Call-ID.");
    }

    /// <summary>An id as it was given: a slash stays escaped in the path, so that it is none.</summary>
    public static string Plain(string id) => id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>An id as a problem shows it.</summary>
    public static string Shown(string id) => PlainText.Of(id.Length <= 100 ? id : id[..100] + "…");

    /// <summary>The call with its stream.</summary>
    public static async Task<CallHistory> HistoryAsync(this ICallStore store, HttpContext context, string id)
    {
        var call = await store.RequiredAsync(id, context.RequestAborted).ConfigureAwait(false);
        return new CallHistory(call, await store.ReadStreamAsync(call.CallId, context.RequestAborted).ConfigureAwait(false));
    }
}
