using EventCalls.Contracts;
using EventCalls.Marten.Connections;
using EventCalls.Store.Steering;
using Npgsql;
using NpgsqlTypes;

namespace EventCalls.Marten.Steering;

/// <summary>What routers decide by, and who brought each version, in tables of our own.</summary>
internal sealed class LogicSteering(NpgsqlDataSource source)
{
    private const string Columns = "number, version, by, at, before, rolled_back, note";

    public Task<List<LogicActivation>> ListAsync(int limit, CancellationToken cancellationToken) =>
        ReadAsync(source.CreateCommand($"select {Columns} from calls_logic_activations order by number desc limit $1").With(limit), Activation, cancellationToken);

    public async Task<LogicActivation?> FindAsync(long number, CancellationToken cancellationToken) =>
        (await ReadAsync(source.CreateCommand($"select {Columns} from calls_logic_activations where number = $1").With(number), Activation, cancellationToken)).FirstOrDefault();

    public async Task<bool> TryActivateAsync(LogicActivation activation, CancellationToken cancellationToken)
    {
        // Of two at once one finds the number taken: it is the key.
        await using var command = source.CreateCommand($"""
            insert into calls_logic_activations ({Columns}) select $1, $2, $3, $4, $5, $6, $7
            where $1 = (select coalesce(max(number), 0) + 1 from calls_logic_activations) on conflict do nothing
            """).With(activation.Number);
        command.Parameters.AddNullable(NpgsqlDbType.Text, activation.Version);
        command.With(activation.By).With(activation.At.ToUniversalTime());
        command.Parameters.AddNullable(NpgsqlDbType.Bigint, activation.Before);
        command.With(activation.RolledBack);
        command.Parameters.AddNullable(NpgsqlDbType.Text, activation.Note);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    public async Task SaveArrivalAsync(LogicArrival arrival, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("""
            insert into calls_logic_arrivals (version, uploaded, who, first_at, last_at) values ($1, $2, $3, $4, $5)
            on conflict (version, uploaded, who) do update set
              first_at = least(excluded.first_at, calls_logic_arrivals.first_at), last_at = greatest(excluded.last_at, calls_logic_arrivals.last_at)
            """).With(arrival.Version).With(arrival.Uploaded).With(arrival.Who).With(arrival.FirstAt.ToUniversalTime()).With(arrival.LastAt.ToUniversalTime());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task<List<LogicArrival>> ArrivalsAsync(CancellationToken cancellationToken) => ReadAsync(
        source.CreateCommand("select version, uploaded, who, first_at, last_at from calls_logic_arrivals order by version collate \"C\", first_at, who collate \"C\""),
        r => new LogicArrival(r.GetString(0), r.GetBoolean(1), r.GetString(2), r.GetFieldValue<DateTimeOffset>(3), r.GetFieldValue<DateTimeOffset>(4)),
        cancellationToken);

    public Task<List<ProofRecord>> ProofsAsync(ProofKind kind, int limit, CancellationToken cancellationToken) => ReadAsync(
        source.CreateCommand("select number, at, record from calls_logic_proofs where kind = $1 order by number desc limit $2").With(WireName.Of(kind)).With(limit),
        r => new ProofRecord(kind, r.GetInt64(0), r.GetFieldValue<DateTimeOffset>(1), r.GetString(2)),
        cancellationToken);

    public async Task<bool> TryKeepProofAsync(ProofRecord record, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("""
            insert into calls_logic_proofs (kind, number, at, record) select $1, $2, $3, $4
            where $2 = (select coalesce(max(number), 0) + 1 from calls_logic_proofs where kind = $1) on conflict do nothing
            """).With(WireName.Of(record.Kind)).With(record.Number).With(record.At.ToUniversalTime()).With(record.Json);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static LogicActivation Activation(NpgsqlDataReader r) => new()
    {
        Number = r.GetInt64(0),
        Version = r.IsDBNull(1) ? null : r.GetString(1),
        By = r.GetString(2),
        At = r.GetFieldValue<DateTimeOffset>(3),
        Before = r.IsDBNull(4) ? null : r.GetInt64(4),
        RolledBack = r.GetBoolean(5),
        Note = r.IsDBNull(6) ? null : r.GetString(6),
    };

    private static async Task<List<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using (command)
            return await command.RowsAsync(read, cancellationToken);
    }
}
