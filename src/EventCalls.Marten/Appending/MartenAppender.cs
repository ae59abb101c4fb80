using EventCalls.Marten.Connections;
using EventCalls.Store;
using EventCalls.Store.Appending;
using Marten;
using Marten.Services;
using Npgsql;

namespace EventCalls.Marten.Appending;

/// <summary>Appends events of many calls in one transaction of a Marten session.</summary>
/// <remarks>
/// The first round trip locks the streams and reads what the rules need; the second writes, as operations of a session on the same transaction, so that
/// whatever else that session does commits with the events; the third commits. A stream that another transaction creates in between makes the insert
/// fail, and the append is done again. Events are not given to the session's own appending (docs/adr, 4): that one stores an event twice when two writers
/// create its stream, loses members that it does not know, and takes twice the time.
/// </remarks>
internal sealed class MartenAppender(IDocumentStore marten, NpgsqlDataSource source, string store)
{
    private const int MaxTries = 20;
    private const int CachedStreams = 20_000;

    private readonly StreamCache _cache = new(CachedStreams);

    public async Task<AppendResult> AppendAsync(IReadOnlyList<EventToAppend> events, CancellationToken cancellationToken)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await TryAppendAsync(events, cancellationToken);
            }
            catch (Exception e) when (PostgresErrors.Of(e) is PostgresException server && PostgresErrors.IsConflict(server) && tries < MaxTries)
            {
            }
        }
    }

    private async Task<AppendResult> TryAppendAsync(IReadOnlyList<EventToAppend> events, CancellationToken cancellationToken)
    {
        // Given back to the pool with its transaction open, a connection rolls back: no round trip for what has failed.
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var watch = new LockWatch(source, connection.ProcessID);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var streams = await new StreamLocks(_cache).LockAsync(connection, events.Select(e => e.Event.CallId), cancellationToken);
            var plan = AppendPlan.Make(events, streams.ToDictionary(stream => stream.CallId));
            await using (var session = marten.LightweightSession(SessionOptions.ForTransaction(transaction)))
            {
                foreach (var operation in AppendOperations.Of(plan, streams))
                    session.QueueOperation(operation);
                await session.SaveChangesAsync(cancellationToken);
            }
            await transaction.CommitAsync(cancellationToken);
            _cache.Put(streams);
            return plan.Result;
        }
        catch (Exception e) when (PostgresErrors.Of(e) is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } server)
        {
            throw PostgresErrors.Locked(store, await watch.HolderAsync(), server);
        }
    }
}
