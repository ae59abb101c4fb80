using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EventCalls.Store.Sqlite;

/// <summary>Says of SQLite's errors what they mean for the store.</summary>
internal static class SqliteErrors
{
    // SQLite's own files beside the database need as much before anything is written.
    private const long LeastFreeBytes = 256 * 1024;

    /// <summary>Whether the disk has no room left.</summary>
    public static bool IsDiskFull(string path)
    {
        try
        {
            return new DriveInfo(System.IO.Path.GetDirectoryName(path)!).AvailableFreeSpace < LeastFreeBytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    public static Exception Explain(string store, string path, Exception e) => e is SqliteException sqlite
        ? Explain(store, path, sqlite)
        : Damaged(store, path, e.Message, e);

    private static StoreUnreachableException Damaged(string store, string path, string reason, Exception e) => new(
        store,
        $"the file is damaged: {reason}",
        $"Stop what writes to it and keep a copy; put a sound copy in the place of {path}, or save what can be read with 'sqlite3 {path} .recover' into a new file.",
        e);

    private static Exception Explain(string store, string path, SqliteException e)
    {
        StoreUnreachableException Unreachable(string reason, string advice) => new(store, reason, advice, e);

        return e.SqliteErrorCode switch
        {
            raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH or raw.SQLITE_CONSTRAINT =>
                new EventRefusedException($"The event store, {store}, does not take an event: {e.Message}.", e),
            raw.SQLITE_CANTOPEN when !File.Exists(path) => Unreachable(
                $"there is no file {path}",
                "The service makes it when it starts; or name the right file in EventCalls:Store:Sqlite (its folder must exist and be writable)."),
            raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_READONLY or raw.SQLITE_AUTH => Unreachable(
                e.Message, $"Give this user the right to read and write {path} and its folder."),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => Unreachable(
                "another process holds the file", "Wait for it, or end the process that writes to the same file."),
            raw.SQLITE_FULL => Unreachable("the disk is full", "Make room; nothing is lost meanwhile."),
            raw.SQLITE_IOERR when IsDiskFull(path) => Unreachable("the disk is full", "Make room; nothing is lost meanwhile."),
            raw.SQLITE_NOTADB => Unreachable(
                e.Message, $"Name another file in EventCalls:Store:Sqlite, or put a sound copy in the place of {path}."),
            raw.SQLITE_CORRUPT => Damaged(store, path, e.Message, e),
            raw.SQLITE_ERROR when e.Message.Contains("no such", StringComparison.Ordinal) || e.Message.Contains("malformed", StringComparison.Ordinal) =>
                Damaged(store, path, e.Message, e),
            _ => Unreachable(e.Message, $"See whether {path} and its disk are sound."),
        };
    }
}
