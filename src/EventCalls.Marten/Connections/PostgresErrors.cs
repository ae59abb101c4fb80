using System.Net.Sockets;
using EventCalls.Store;
using Npgsql;

namespace EventCalls.Marten.Connections;

/// <summary>Says of PostgreSQL's errors what they mean for the store.</summary>
internal static class PostgresErrors
{
    public const string Setting = "EventCalls:Store:Postgres";

    /// <summary>True when another transaction was in the way and doing the same again is all that is needed.</summary>
    public static bool IsConflict(PostgresException e) => e.SqlState
        is PostgresErrorCodes.SerializationFailure
        or PostgresErrorCodes.DeadlockDetected
        or PostgresErrorCodes.UniqueViolation;

    /// <summary>The server's or the driver's error in what Marten made of it; null when there is none.</summary>
    public static NpgsqlException? Of(Exception? e) => e switch
    {
        null => null,
        NpgsqlException found => found,
        AggregateException several => several.InnerExceptions.Select(Of).FirstOrDefault(found => found is not null),
        _ => Of(e.InnerException),
    };

    public static Exception Explain(string store, NpgsqlException e) => e is PostgresException server
        ? Explain(store, server)
        : new StoreUnreachableException(store, ReasonOf(e), $"Start the server, or name the right one in {Setting}.", e);

    /// <summary>An append waited too long for a lock.</summary>
    /// <param name="store">The store.</param>
    /// <param name="holder">Who has it; null when that is not known.</param>
    /// <param name="e">The server's error.</param>
    public static StoreUnreachableException Locked(string store, string? holder, PostgresException e) => new(
        store,
        $"an append waits for a lock of {holder ?? "another session"}",
        "Wait for that session, or end it (select pg_terminate_backend of its server process).",
        e);

    private static Exception Explain(string store, PostgresException e)
    {
        StoreUnreachableException Unreachable(string advice) => new(store, e.MessageText, advice, e) { HasNoTables = e.SqlState == PostgresErrorCodes.UndefinedTable };

        return e.SqlState switch
        {
            ['2', '2' or '3', ..] or ['5', '4', ..] =>
                new EventRefusedException($"The event store, {store}, does not take an event: {e.MessageText} ({e.SqlState}).", e),
            ['2', '8', ..] => Unreachable($"Correct the user and password in {Setting}."),
            PostgresErrorCodes.LockNotAvailable => Unreachable("Wait for the session that has the lock, or end it (select pg_terminate_backend of its server process)."),
            PostgresErrorCodes.InvalidCatalogName => Unreachable($"Create the database (createdb), or name another in {Setting}."),
            PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn =>
                Unreachable($"The service makes its tables when it starts; or name the right database in {Setting}."),
            PostgresErrorCodes.InsufficientPrivilege => Unreachable($"Grant the user of {Setting} the right to create and change the tables; or run what 'eventcalls store script' prints as somebody who may, set EventCalls:Store:SchemaChanges to none, and grant the user select, insert, update and delete on the tables and usage on the sequences."),
            ['5', '3', ..] => Unreachable("Give the server room (disk, memory, connections); nothing is lost meanwhile."),
            ['5', '7', 'P', ..] or ['0', '8', ..] => Unreachable("Wait until the server is up again."),
            _ => Unreachable($"See the server's log (SQLSTATE {e.SqlState})."),
        };
    }

    private static string ReasonOf(NpgsqlException e) => e.InnerException switch
    {
        SocketException socket => socket.Message,
        TimeoutException => "it did not answer in time",
        EndOfStreamException or IOException => "the connection was lost",
        _ => e.Message,
    };
}
