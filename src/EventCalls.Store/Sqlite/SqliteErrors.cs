using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EventCalls.Store.Sqlite;

/// <summary>Says of SQLite's errors what they mean for the store.</summary>
internal static class SqliteErrors
{
    public static Exception Explain(string store, string path, SqliteException e)
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
            raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT => Unreachable(
                e.Message, $"Name another file in EventCalls:Store:Sqlite, or put a sound copy in the place of {path}."),
            raw.SQLITE_ERROR when e.Message.Contains("no such table", StringComparison.Ordinal) => Unreachable(
                $"{path} has no tables of EventCalls", "The service makes them when it starts; or name the right file in EventCalls:Store:Sqlite."),
            _ => Unreachable(e.Message, $"See whether {path} and its disk are sound."),
        };
    }
}
