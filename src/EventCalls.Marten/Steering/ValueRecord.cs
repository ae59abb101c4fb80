using EventCalls.Contracts;
using EventCalls.Marten.Connections;
using Npgsql;
using NpgsqlTypes;

namespace EventCalls.Marten.Steering;

/// <summary>What operators set for routing logic, in a table of our own.</summary>
internal sealed class ValueRecord(NpgsqlDataSource source)
{
    private const string Columns = "number, name, value, by, at, note";

    public async Task<OperatorValues?> ReadAsync(long seen, CancellationToken cancellationToken)
    {
        // One statement, so that the number and the values belong together.
        await using var command = source.CreateCommand("""
            select last.number, c.name, c.value from (select coalesce(max(number), 0) as number from calls_value_changes) last
            left join calls_value_changes c on c.number in (select max(number) from calls_value_changes group by name) and c.value is not null
            where last.number > $1
            """).With(seen);
        var rows = await command.RowsAsync(r => (Number: r.GetInt64(0), Name: r.IsDBNull(1) ? null : r.GetString(1), Value: r.IsDBNull(2) ? null : r.GetString(2)), cancellationToken);
        return rows is [var first, ..]
            ? new OperatorValues(first.Number, rows.Where(r => r.Name is not null).ToDictionary(r => r.Name!, r => r.Value!, StringComparer.Ordinal))
            : null;
    }

    public async Task<List<ValueChange>> ListAsync(string? name, int limit, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand($"select {Columns} from calls_value_changes where $1 is null or name = $1 order by number desc limit $2");
        command.Parameters.AddNullable(NpgsqlDbType.Text, name);
        command.With(limit);
        return await command.RowsAsync(
            r => new ValueChange
            {
                Number = r.GetInt64(0),
                Name = r.GetString(1),
                Value = r.IsDBNull(2) ? null : r.GetString(2),
                By = r.GetString(3),
                At = r.GetFieldValue<DateTimeOffset>(4),
                Note = r.IsDBNull(5) ? null : r.GetString(5),
            },
            cancellationToken);
    }

    public async Task<bool> TryChangeAsync(ValueChange change, CancellationToken cancellationToken)
    {
        // Of two at once one finds the number taken: it is the key.
        await using var command = source.CreateCommand($"""
            insert into calls_value_changes ({Columns}) select $1, $2, $3, $4, $5, $6
            where $1 = (select coalesce(max(number), 0) + 1 from calls_value_changes) on conflict do nothing
            """).With(change.Number).With(change.Name);
        command.Parameters.AddNullable(NpgsqlDbType.Text, change.Value);
        command.With(change.By).With(change.At.ToUniversalTime());
        command.Parameters.AddNullable(NpgsqlDbType.Text, change.Note);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
