using EventCalls.Contracts;
using EventCalls.Marten.Connections;
using EventCalls.Store.Steering;
using Npgsql;
using NpgsqlTypes;

namespace EventCalls.Marten.Steering;

/// <summary>Who did what with dead letters, in a table of our own.</summary>
internal sealed class DeadLetterRecord(NpgsqlDataSource source)
{
    private const string Columns = "id, at, by, act, name, letter, letters";

    public async Task KeepAsync(DeadLetterAct act, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand($"insert into calls_dead_letter_acts ({Columns}) values ($1, $2, $3, $4, $5, $6, $7)")
            .With(act.Id).With(act.At.ToUniversalTime()).With(act.By).With(WireName.Of(act.Act)).With(act.Name);
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = act.Letter ?? (object)DBNull.Value });
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Integer, Value = act.Letters ?? (object)DBNull.Value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task CountAsync(Guid id, int letters, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("update calls_dead_letter_acts set letters = $2 where id = $1 and letters is null").With(id).With(letters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<List<DeadLetterAct>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand($"select {Columns} from calls_dead_letter_acts order by at desc, id desc limit $1").With(limit);
        return await command.RowsAsync(
            r => new DeadLetterAct
            {
                Id = r.GetGuid(0),
                At = r.GetFieldValue<DateTimeOffset>(1),
                By = r.GetString(2),
                Act = WireName.Parse<DeadLetterDeed>(r.GetString(3))!.Value,
                Name = r.GetString(4),
                Letter = r.IsDBNull(5) ? null : r.GetString(5),
                Letters = r.IsDBNull(6) ? null : r.GetInt32(6),
            },
            cancellationToken);
    }
}
