using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EventCalls.Store.Sqlite;

/// <summary>Opens connections to the file.</summary>
internal sealed class SqliteFile(string path, SqliteDurability durability)
{
    /// <summary>How long SQLite itself waits for another process's lock, milliseconds; then the store counts as unreachable and the caller tries again.</summary>
    private const int BusyTimeoutMs = 5_000;

    /// <summary>What is deleted within a page is written over with zeros, which costs no further writing; what leaves whole pages is not.</summary>
    public const string OverwritesCells = "pragma secure_delete = fast";

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
                {OverwritesCells};
                """;
            pragma.ExecuteNonQuery();
            // On a disk that was full, the room that there is now belongs to the database first: with it the log, which may be as long as the
            // disk let it grow, begins anew. Were the log given it, both would soon stand still again. If it cannot be done now, appending says why.
            _ = raw.sqlite3_wal_checkpoint_v2(connection.Handle, null, raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);
            pragma.CommandText = $"pragma wal_autocheckpoint = {LogPages()}";
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

    /// <summary>Runs a statement.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Writes the log into the database and makes it empty, when nobody reads; waits for nobody.</summary>
    public static void TryEmptyLog(SqliteConnection connection)
    {
        raw.sqlite3_busy_timeout(connection.Handle, 0);
        _ = raw.sqlite3_wal_checkpoint_v2(connection.Handle, null, raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _);
        raw.sqlite3_busy_timeout(connection.Handle, BusyTimeoutMs);
    }

    /// <summary>Closes the pooled connections.</summary>
    public void ClosePool()
    {
        using var connection = new SqliteConnection(ConnectionString(SqliteOpenMode.ReadWrite, pooling: true));
        SqliteConnection.ClearPool(connection);
    }

    // How long the log grows before it is written into the database and begins anew: 16 MB; on a small disk an eighth of it, and where little room is
    // left half of what there is for the log, so that the other half is for the database.
    private long LogPages()
    {
        const int PageBytes = 4096;
        const int Fewest = 32;
        const int Most = 4_000;
        try
        {
            var disk = new DriveInfo(System.IO.Path.GetDirectoryName(Path)!);
            var log = new FileInfo(Path + "-wal");
            long room = disk.AvailableFreeSpace + (log.Exists ? log.Length : 0);
            return Math.Clamp(Math.Min(disk.TotalSize / 8, room / 2) / PageBytes, Fewest, Most);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Most;
        }
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
