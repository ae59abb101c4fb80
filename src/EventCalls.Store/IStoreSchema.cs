namespace EventCalls.Store;

/// <summary>The tables of a store: whether they are those of this version, and the SQL for those who may not let a program change them.</summary>
public interface IStoreSchema
{
    /// <summary>What in the database is not as this version needs it, a sentence each; empty when nothing is. Changes nothing.</summary>
    Task<IReadOnlyList<string>> CheckSchemaAsync(CancellationToken cancellationToken);

    /// <summary>SQL that makes the tables in an empty database; the database is not looked at.</summary>
    string CreationScript();

    /// <summary>SQL that brings the tables of the database up to date, whatever it has; null when there is nothing to do. Changes nothing.</summary>
    Task<string?> UpdateScriptAsync(CancellationToken cancellationToken);
}
