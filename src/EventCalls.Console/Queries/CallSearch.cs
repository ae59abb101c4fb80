using System.Buffers.Binary;
using System.Buffers.Text;
using EventCalls.Console.Problems;
using EventCalls.Contracts;
using EventCalls.Routing;
using EventCalls.Store;
using Microsoft.AspNetCore.Http;

namespace EventCalls.Console.Queries;

/// <summary>The parameters of a search for calls.</summary>
internal static class CallSearch
{
    /// <summary>How many calls a page has when nothing is said.</summary>
    public const int DefaultLimit = 100;

    /// <summary>How many calls a page has at most.</summary>
    public const int MaxLimit = 1000;

    private const int MaxHeaders = 8;
    private const string HeaderPrefix = "header.";

    // Without an index of them, each call of the time is looked into.
    private static readonly TimeSpan s_longestHeaderRange = TimeSpan.FromDays(7);

    private static readonly QueryParameter s_limit = new("limit", $"How many calls at most, 1 to {MaxLimit}; {DefaultLimit} when left out.");

    private static readonly QueryParameter[] s_conditions =
    [
        new("caller", "The caller's number, whole, as lists show it."),
        new("callee", "The dialled number, whole."),
        new("flow", "The flow chosen last."),
        new("outcome", $"What came of the last transfer: {string.Join(", ", WireName.All<TransferOutcome>())}."),
        new("reason", "The reason that was given for a handoff last."),
        new("trunk", "The trunk it came in on."),
        new("target", "Where the last attempt went, whole, as lists show it."),
        new("handoff", $"How it was handed off last: {string.Join(", ", WireName.All<HandoffMethod>())}."),
        new("version", "The version of the logic that decided last; six digits of its hash are enough."),
        new("from", "Calls that started then or later; a date or a time, UTC."),
        new("to", "Calls that started before then."),
        new("ended", "true for calls that are over, false for those under way."),
        new("archived", "true for archived calls, which are left out otherwise."),
        new("header.NAME", $"A header of the caller's INVITE by its whole value, as header.X-Customer-ID=42; with from and to, at most {s_longestHeaderRange.TotalDays:0} days apart unless the store has an index of headers (Store:HeaderIndex)."),
    ];

    /// <summary>Those of a search in pages.</summary>
    public static IReadOnlyList<QueryParameter> Paged { get; } = [.. s_conditions, s_limit, new("after", "Goes on behind a page: the next of that page.")];

    /// <summary>Those of an export.</summary>
    public static IReadOnlyList<QueryParameter> Exported { get; } = [.. s_conditions, new("limit", "How many calls at most, 1 or more; all when left out.")];

    /// <summary>What is asked for, with the whole hash of the version whose beginning is given.</summary>
    /// <param name="query">The words of the request.</param>
    /// <param name="store">Where it is looked for.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="maxLimit">How many calls may be asked for at most.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<CallQuery> OfAsync(IQueryCollection query, ICallStore store, DateTimeOffset now, int maxLimit, CancellationToken cancellationToken)
    {
        var wanted = Of(query, store, now, maxLimit);
        return wanted.LogicVersion is { } version ? wanted with { LogicVersion = await StoredLogic.WholeAsync(store, version, cancellationToken).ConfigureAwait(false) } : wanted;
    }

    /// <summary>What is asked for, word for word.</summary>
    /// <param name="query">The words of the request.</param>
    /// <param name="store">Where it is looked for.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="maxLimit">How many calls may be asked for at most.</param>
    public static CallQuery Of(IQueryCollection query, ICallStore store, DateTimeOffset now, int maxLimit = MaxLimit)
    {
        var wanted = new CallQuery
        {
            Caller = query.NumberOrUri("caller"),
            Callee = query.NumberOrUri("callee"),
            Flow = query.Text("flow"),
            Outcome = query.Word<TransferOutcome>("outcome"),
            Reason = query.Text("reason"),
            Trunk = query.Text("trunk"),
            Target = query.NumberOrUri("target"),
            Handoff = query.Word<HandoffMethod>("handoff"),
            LogicVersion = query.Text("version"),
            From = query.Time("from"),
            To = query.Time("to"),
            Ended = query.Truth("ended"),
            Archived = query.Truth("archived") ?? false,
            Headers = Headers(query),
            Limit = query.Number("limit", 1, maxLimit),
            Behind = Cursor(query.Text("after")),
        };
        if (LooksIntoCalls(wanted, store) && !(wanted.From is { } from && (wanted.To ?? now) - from <= s_longestHeaderRange))
            throw ApiProblemException.Invalid("from", $"A search by header looks into every call of a time: give from, and to unless it is now, at most {s_longestHeaderRange.TotalDays:0} days apart.");
        return wanted;
    }

    /// <summary>Whether each call has to be looked into that the other conditions leave.</summary>
    public static bool LooksIntoCalls(CallQuery query, ICallStore store) => query.Headers.Count > 0 && !(store.HasHeaderIndex && query.Headers.Any(IndexedHeaders.Hold));

    /// <summary>The place behind a call, as text.</summary>
    public static string TextOf(CallCursor cursor)
    {
        Span<byte> bytes = stackalloc byte[24];
        BinaryPrimitives.WriteInt64BigEndian(bytes, cursor.StartedAt.UtcTicks);
        cursor.CallId.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    private static CallCursor? Cursor(string? text)
    {
        if (text is null)
            return null;
        Span<byte> bytes = stackalloc byte[24];
        if (text.Length != 32 || !Base64Url.IsValid(text) || Base64Url.DecodeFromChars(text, bytes) != 24
            || BinaryPrimitives.ReadInt64BigEndian(bytes) is not (>= 0 and var ticks) || ticks > DateTimeOffset.MaxValue.UtcTicks)
        {
            throw ApiProblemException.Invalid("after", "after is no place in a list; give the next of the page before, unchanged.");
        }
        return new CallCursor(new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes[8..], bigEndian: true));
    }

    private static List<HeaderCondition> Headers(IQueryCollection query)
    {
        var headers = new List<HeaderCondition>();
        foreach (string name in query.Keys.Where(key => key.StartsWith(HeaderPrefix, StringComparison.Ordinal)))
            headers.Add(new HeaderCondition(SipHeaderNames.Spellings(name[HeaderPrefix.Length..]), query.Text(name)!));
        return headers.Count <= MaxHeaders ? headers : throw ApiProblemException.Invalid("header", $"{headers.Count} headers are given; at most {MaxHeaders} are possible.");
    }
}
