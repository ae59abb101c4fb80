namespace EventCalls.Store;

/// <summary>What a committed append survives on SQLite (its <c>synchronous</c> setting in WAL mode).</summary>
public enum SqliteDurability
{
    /// <summary>The end of the process at any moment. The last commits before a power failure may be missing; the file stays sound.</summary>
    Normal,

    /// <summary>A power failure too; each append waits for the disk.</summary>
    Full,
}
