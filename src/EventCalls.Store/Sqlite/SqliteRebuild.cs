namespace EventCalls.Store.Sqlite;

/// <summary>Makes rows of <c>calls</c> again from the streams.</summary>
internal static class SqliteRebuild
{
    /// <summary>Rebuilds the next calls by id and returns which they were.</summary>
    public static List<Guid> Page(SqliteAppender appender, Guid after, int limit) => appender.InTransaction(() =>
    {
        var ids = SqliteReader.CallIds(appender.Connection, after, limit);
        foreach (var id in ids)
        {
            CallRow? row = null;
            foreach (var e in SqliteReader.Stream(appender.Connection, id))
                row = CallProjection.Apply(row, e);
            if (row is null)
                throw new InvalidDataException($"call {id} is in an index and not in its table");
            if (row != SqliteReader.Call(appender.Connection, id))
                appender.WriteRow(row, isNew: true);
        }
        return ids;
    });

    public static int DeleteRowsWithoutStream(SqliteAppender appender)
    {
        using var command = appender.Connection.CreateCommand();
        command.CommandText = "delete from calls where not exists (select 1 from events where events.call_id = calls.call_id)";
        return command.ExecuteNonQuery();
    }
}
