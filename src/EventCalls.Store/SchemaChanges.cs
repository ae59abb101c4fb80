namespace EventCalls.Store;

/// <summary>What a service may do to the tables when it starts.</summary>
public enum SchemaChanges
{
    /// <summary>Makes those that are missing, and brings older ones up to date.</summary>
    Create,

    /// <summary>Nothing: where they are not those of its version it does not use the store, and says so.</summary>
    None,
}
