using EventCalls.Marten.Connections;
using EventCalls.Store;
using Npgsql;

namespace EventCalls.Marten.Reading;

/// <summary>Reads all events by position without missing one that commits late.</summary>
/// <remarks>
/// Positions are drawn before they are committed. Whoever draws one holds a lock on the sequence until its transaction has ended, so
/// everything up to the sequence's present value is final once all who hold that lock now are gone. That holds for any writer, Marten too.
/// </remarks>
internal sealed class PositionReader(NpgsqlDataSource source, CallReader reader, string store, TimeProvider clock)
{
    private const int PageSize = 1_000;

    // A filter by time may pass over millions of events on the way to its first page.
    private const int PageTimeoutSeconds = 600;

    private const string LastPosition = "select case when is_called then last_value else 0 end from mt_events_sequence";

    private const string Writers = """
        select virtualtransaction, pid from pg_locks
        where locktype = 'relation' and relation = 'mt_events_sequence'::regclass and mode = 'RowExclusiveLock' and granted
          and database = (select oid from pg_database where datname = current_database())
        """;

    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    public async Task<long> FinalPositionAsync(long after, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(LastPosition, connection);
        long last = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        if (last <= after)
            return after;

        // Asked for after the last position: who is missing here has ended, and all it drew is decided.
        var waitedFor = await WritersAsync(connection, cancellationToken);
        for (long began = clock.GetTimestamp(); waitedFor.Count > 0;)
        {
            if (clock.GetElapsedTime(began) > s_longest)
            {
                throw new StoreUnreachableException(
                    store,
                    $"a transaction that appends events has been open for more than {s_longest.TotalSeconds} s (server process {waitedFor.First().Value})",
                    "Events after it cannot be read in order before it ends; end it, or wait.");
            }
            await Task.Delay(s_lookAgain, clock, cancellationToken);
            var present = await WritersAsync(connection, cancellationToken);
            waitedFor = waitedFor.Where(writer => present.ContainsKey(writer.Key)).ToDictionary();
        }
        return last;
    }

    public Task<List<StoredEvent>> PageAsync(long after, long last, EventRange range, CancellationToken cancellationToken)
    {
        var command = source.CreateCommand();
        command.CommandTimeout = PageTimeoutSeconds;
        command.With(after).With(last).With(PageSize);
        var where = "seq_id > $1 and seq_id <= $2";
        if (range.From is { } from)
            where += $" and timestamp >= ${command.With(CallProjection.Time(from)).Parameters.Count}";
        if (range.To is { } to)
            where += $" and timestamp < ${command.With(CallProjection.Time(to)).Parameters.Count}";
        command.CommandText = $"select {CallReader.EventColumns} from mt_events where {where} order by seq_id limit $3";
        return reader.EventsAsync(command, cancellationToken);
    }

    public static bool IsLast(List<StoredEvent> page) => page.Count < PageSize;

    private static async Task<Dictionary<string, int>> WritersAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Writers, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var writers = new Dictionary<string, int>();
        while (await rows.ReadAsync(cancellationToken))
            writers[rows.GetString(0)] = rows.GetInt32(1);
        return writers;
    }
}
