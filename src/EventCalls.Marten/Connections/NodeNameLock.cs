using EventCalls.Store;
using Npgsql;

namespace EventCalls.Marten.Connections;

/// <summary>A node's name as an advisory lock of a session of its own, which ends with the process.</summary>
/// <remarks>
/// The lock is a transaction's: behind a pooler that hands sessions on after each transaction, one of the session would stay behind a
/// process that is gone. The transaction has read and written nothing, so it keeps no row from being cleaned up. It is asked for its
/// life all the time, and one that nobody asks ends by itself: a connection that was cut off without a word frees the name too.
/// </remarks>
internal sealed class NodeNameLock : IHeldName
{
    private const int SecondsToAnswer = 10;

    // Ends the session of a process that is gone; the pooler may have dropped the limit of the connection string.
    private const string LimitIdling = "set local idle_in_transaction_session_timeout = 15000";

    // Tables of several installations may lie in schemas of one database.
    private const string Take = "select pg_try_advisory_xact_lock(hashtextextended('EventCalls:Node ' || coalesce(current_schema(), '') || ' ' || $1, 0))";

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(4);

    private readonly NpgsqlConnection _connection;
    private readonly CancellationTokenSource _stopping = new();

    private NodeNameLock(NpgsqlConnection connection, TimeProvider clock)
    {
        _connection = connection;
        Lost = WatchAsync(clock);
    }

    public Task Lost { get; }

    /// <summary>Takes the name; null while another session has it.</summary>
    public static async Task<NodeNameLock?> TryTakeAsync(string connectionString, string node, TimeProvider clock, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Multiplexing = false, MaxAutoPrepare = 0, CommandTimeout = SecondsToAnswer };
        settings.ApplicationName = $"{settings.ApplicationName} {node} (name)";
        var connection = new NpgsqlConnection(settings.ConnectionString);
        bool isTaken = false;
        try
        {
            await connection.OpenAsync(cancellationToken);
            await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, LimitIdling, cancellationToken);
            await using var take = new NpgsqlCommand(Take, connection) { Parameters = { new() { Value = node } } };
            isTaken = await take.ExecuteScalarAsync(cancellationToken) is true;
        }
        finally
        {
            if (!isTaken)
                await connection.DisposeAsync();
        }
        return isTaken ? new NodeNameLock(connection, clock) : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Lost;
        await _connection.DisposeAsync();
        _stopping.Dispose();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task WatchAsync(TimeProvider clock)
    {
        try
        {
            while (true)
            {
                await Task.Delay(s_interval, clock, _stopping.Token);
                await ExecuteAsync(_connection, "select 1", _stopping.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or NpgsqlException)
        {
        }
    }
}
