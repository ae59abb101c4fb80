namespace EventCalls.Store;

/// <summary>What brings a database's tables from one version of the schema to the next. Steps are never changed once they were released; new ones are added behind them.</summary>
/// <param name="Sql">Makes the change.</param>
/// <param name="IsDone">Gives 1 where the change was made, for databases that do not say their version.</param>
internal readonly record struct SchemaStep(string Sql, string IsDone);
