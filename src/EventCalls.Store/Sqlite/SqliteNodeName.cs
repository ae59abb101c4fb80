using Microsoft.Win32.SafeHandles;

namespace EventCalls.Store.Sqlite;

/// <summary>A node's name as a locked file beside the database; the system frees it with the process.</summary>
internal sealed class SqliteNodeName(SafeFileHandle file) : IHeldName
{
    // A file of ours is not lost while the process runs.
    public Task Lost { get; } = new TaskCompletionSource().Task;

    /// <summary>Takes the name; null while another process has it.</summary>
    /// <exception cref="StoreUnreachableException">The file cannot be made.</exception>
    public static SqliteNodeName? TryHold(string database, string node)
    {
        string path = $"{database}.{node}.lock";
        try
        {
            return new SqliteNodeName(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnreachableException($"SQLite {database}", e.Message, "Give this user the right to make and write files beside the database.", e);
        }
    }

    public ValueTask DisposeAsync()
    {
        file.Dispose();
        return ValueTask.CompletedTask;
    }
}
