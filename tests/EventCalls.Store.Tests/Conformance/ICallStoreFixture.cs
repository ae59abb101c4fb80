namespace EventCalls.Store.Tests.Conformance;

/// <summary>What the conformance suite asks of a kind of store: new empty databases, and several stores on one of them.</summary>
public interface ICallStoreFixture
{
    /// <summary>Makes an empty database and names it.</summary>
    Task<string> NewDatabaseAsync();

    /// <summary>Opens a store on it, as another process would.</summary>
    ICallStore Open(string database);

    /// <summary>Runs SQL that both kinds of database understand.</summary>
    Task ExecuteAsync(string database, string sql);
}
