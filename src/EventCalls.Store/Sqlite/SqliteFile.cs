using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EventCalls.Store.Sqlite;

/// <summary>Opens connections to the file.</summary>
internal sealed class SqliteFile(string path, SqliteDurability durability)
{
    /// <summary>How long SQLite itself waits for another process's lock, milliseconds; then the store counts as unreachable and the caller tries again.</summary>
    private const int BusyTimeoutMs = 5_000;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string Description => $"SQLite {Path}";

    /// <summary>A connection that writes; not pooled.</summary>
    public SqliteConnection OpenWriter(bool create)
    {
        var connection = Open(create ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite, pooling: false);
        try
        {
            using var pragma = connection.CreateCommand();
            pragma.CommandText = $"""
                pragma journal_mode = wal;
                pragma synchronous = {(durability == SqliteDurability.Full ? "full" : "normal")};
                pragma cache_size = -32768;
                pragma wal_autocheckpoint = 4000;
                """;
            pragma.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A connection that reads, pooled. Not read-only: a reader may have to create the WAL's shared memory.</summary>
    public SqliteConnection OpenReader() => Open(SqliteOpenMode.ReadWrite, pooling: true);

    /// <summary>Closes the pooled connections.</summary>
    public void ClosePool()
    {
        using var connection = new SqliteConnection(ConnectionString(SqliteOpenMode.ReadWrite, pooling: true));
        SqliteConnection.ClearPool(connection);
    }

    private SqliteConnection Open(SqliteOpenMode mode, bool pooling)
    {
        var connection = new SqliteConnection(ConnectionString(mode, pooling));
        try
        {
            connection.Open();
            raw.sqlite3_busy_timeout(connection.Handle, BusyTimeoutMs);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private string ConnectionString(SqliteOpenMode mode, bool pooling) =>
        new SqliteConnectionStringBuilder { DataSource = Path, Mode = mode, Pooling = pooling, DefaultTimeout = BusyTimeoutMs / 1000 }.ToString();
}
