using EventCalls.Marten.Connections;
using EventCalls.Marten.Schema;
using EventCalls.Store;
using Npgsql;

namespace EventCalls.Marten.Reading;

/// <summary>Asks the index of headers which calls a condition can be met by.</summary>
/// <remarks>Apart from the search itself: the planner knows nothing of what is rare in such an index, and would read all calls for one.</remarks>
internal sealed class HeaderFinder(NpgsqlDataSource source)
{
    // What more calls have is met soon by who looks through the newest ones.
    private const int Most = 20_000;

    // A value is common when so many of the newest calls have it: it need not be looked for in the index, which would go through all that have it.
    private const int Newest = 500;
    private const int Common = 10;

    // Of what very many have, the index names a part by chance, which is more than the most: enough to know that it is common.
    private const string Limits = "set local gin_fuzzy_search_limit = 100000";

    private const string OfNewest = $"""
        select count(*) from (select call_id from calls where started_at < $1 order by started_at desc limit $2) as calls
        where exists (select 1 from {CallReader.StartedHeaders} and lower(name) = any($3) and value = $4)
        """;

    /// <summary>The ids; null when the index has none of the headers, or each for too many calls.</summary>
    public async Task<IReadOnlyCollection<Guid>?> AmongAsync(CallQuery query, CancellationToken cancellationToken)
    {
        foreach (var header in query.Headers.Where(IndexedHeaders.Hold))
        {
            string[] names = [.. header.Names.Select(name => CallFilter.Stored(name).ToLowerInvariant())];
            string value = CallFilter.Stored(header.Value);
            if (await IsCommonAsync(names, value, query.To, cancellationToken))
                continue;
            var found = await CallsAsync(names, value, cancellationToken);
            if (found.Count <= Most)
                return found;
        }
        return null;
    }

    private async Task<bool> IsCommonAsync(string[] names, string value, DateTimeOffset? to, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(OfNewest).With(CallProjection.Time(to ?? DateTimeOffset.MaxValue)).With(Newest).With(names).With(value);
        return (await command.RowsAsync(reader => reader.GetInt64(0), cancellationToken))[0] >= Common;
    }

    private async Task<List<Guid>> CallsAsync(string[] names, string value, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var limit = new NpgsqlCommand(Limits, connection, transaction))
            await limit.ExecuteNonQueryAsync(cancellationToken);
        await using var command = new NpgsqlCommand(HeaderIndex.Streams, connection, transaction).With(names).With(value).With(Most + 1);
        return await command.RowsAsync(reader => reader.GetGuid(0), cancellationToken);
    }
}
