using EventCalls.Contracts;
using EventCalls.Marten;
using JasperFx;
using Marten;
using Npgsql;

namespace CallAnalytics;

/// <summary>What the application shows and takes: pages for people, the same as JSON for programs.</summary>
internal static class Pages
{
    private const int Longest = 200;

    public static void MapAnalytics(this WebApplication app)
    {
        app.MapGet("/", async (IQuerySession session, CancellationToken cancellationToken) =>
            Page(Html.Overview(await RatesAsync(session, cancellationToken), await HandoffsAsync(session, cancellationToken), await FailedAsync(session, null, cancellationToken))));
        app.MapGet("/calls/{id:guid}", async (Guid id, IQuerySession session, CancellationToken cancellationToken) =>
            await session.Events.AggregateStreamAsync<CallRecord>(id, token: cancellationToken) is { } call
                ? Page(Html.OfCall(call, await ReviewsAsync(session, id, cancellationToken)))
                : Refused(404, $"There is no call {id}."));
        app.MapPost("/calls/{id:guid}/reviews", async (Guid id, HttpRequest request, IDocumentSession session, CancellationToken cancellationToken) =>
        {
            var form = await request.ReadFormAsync(cancellationToken);
            return await ReviewAsync(session, id, form["by"].ToString().Trim(), form["stars"].ToString(), cancellationToken) ?? Results.Redirect($"/calls/{id}");
        }).DisableAntiforgery();

        app.MapGet("/api/rates", RatesAsync);
        app.MapGet("/api/handoffs", HandoffsAsync);
        app.MapGet("/api/failed", (TransferOutcome? outcome, IQuerySession session, CancellationToken cancellationToken) => FailedAsync(session, outcome, cancellationToken));
    }

    private static Task<IReadOnlyList<TargetHour>> RatesAsync(IQuerySession session, CancellationToken cancellationToken) =>
        session.Query<TargetHour>().OrderByDescending(rate => rate.Hour).ThenBy(rate => rate.Target).Take(Longest).ToListAsync(cancellationToken);

    private static Task<IReadOnlyList<FailedTransfer>> FailedAsync(IQuerySession session, TransferOutcome? outcome, CancellationToken cancellationToken)
    {
        IQueryable<FailedTransfer> failed = session.Query<FailedTransfer>();
        if (outcome is { } wanted)
            failed = failed.Where(transfer => transfer.Outcome == wanted);
        return failed.OrderByDescending(transfer => transfer.Position).Take(Longest).ToListAsync(cancellationToken);
    }

    /// <summary>How many handoffs are in which state, from the flat table.</summary>
    private static async Task<Dictionary<string, long>> HandoffsAsync(IQuerySession session, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select state, count(*) from call_analytics.handoffs group by state");
        await using var reader = await session.ExecuteReaderAsync(command, cancellationToken);
        var states = new Dictionary<string, long>();
        while (await reader.ReadAsync(cancellationToken))
            states.Add(reader.GetString(0), reader.GetInt64(1));
        return states;
    }

    private static async Task<IReadOnlyList<CallReviewed>> ReviewsAsync(IQuerySession session, Guid call, CancellationToken cancellationToken) =>
        [.. (await session.Events.QueryAllRawEvents().Where(e => e.StreamId == call && e.EventTypeName == "call_reviewed").OrderBy(e => e.Version).ToListAsync(cancellationToken))
            .Select(e => e.Data).OfType<CallReviewed>()];

    /// <summary>Appends a review to a call that is over; null when it is done.</summary>
    private static async Task<IResult?> ReviewAsync(IDocumentSession session, Guid id, string by, string stars, CancellationToken cancellationToken)
    {
        if (by is not { Length: > 0 and <= 100 })
            return Refused(400, "by: say who you are, in 1 to 100 characters.");
        if (stars is not ['1' or '2' or '3' or '4' or '5'])
            return Refused(400, "stars: a number from 1 to 5.");
        if (id == Guid.Empty)
            return Refused(404, $"There is no call {id}.");
        var stream = await session.Events.FetchForWriting<CallRecord>(id, cancellationToken);
        if (stream.Aggregate is not { } call)
            return Refused(404, $"There is no call {id}.");
        if (!call.HasEnded)
            return Refused(409, "The call is not over yet; review it afterwards.");
        // As recorded events have it: the event that it follows from, and the call. By itself Marten would put the web request's trace there.
        (session.CausationId, session.CorrelationId) = ($"{call.Call.LastEventId}", $"{id}");
        stream.AppendOne(new CallReviewed(by, stars[0] - '0'));
        try
        {
            await session.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (ConcurrencyException)
        {
            return Refused(409, "Somebody else wrote to the call at the same moment; do it again.");
        }
    }

    private static IResult Refused(int status, string why) => Results.Text(why, statusCode: status);

    private static IResult Page(string html) => Results.Content(html, "text/html; charset=utf-8");
}
