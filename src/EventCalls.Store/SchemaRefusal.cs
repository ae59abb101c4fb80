namespace EventCalls.Store;

/// <summary>What is said when tables would have to be changed and may not be.</summary>
public static class SchemaRefusal
{
    /// <summary>The error; it names the setting and what to do.</summary>
    /// <param name="store">The store, as <see cref="IPastCalls.Description"/> names it.</param>
    /// <param name="differences">What is not as this version needs it, one or more.</param>
    public static StoreUnreachableException Of(string store, IReadOnlyList<string> differences) => new(
        store,
        $"its tables are not those of this version ({differences[0].TrimEnd('.')}{(differences.Count > 1 ? $", and {differences.Count - 1} more" : "")}), and EventCalls:Store:SchemaChanges is none",
        "Run what 'eventcalls store script' prints, as somebody who may, or set EventCalls:Store:SchemaChanges to create.");
}
