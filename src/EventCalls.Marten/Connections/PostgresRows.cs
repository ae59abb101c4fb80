using Npgsql;

namespace EventCalls.Marten.Connections;

/// <summary>Reads what a command answers.</summary>
internal static class PostgresRows
{
    /// <summary>All its rows; the command stays the caller's.</summary>
    public static async Task<List<T>> RowsAsync<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }
}
