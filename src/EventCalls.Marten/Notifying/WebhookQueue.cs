using EventCalls.Marten.Connections;
using EventCalls.Store.Notifying;
using Npgsql;
using NpgsqlTypes;

namespace EventCalls.Marten.Notifying;

/// <summary>What is owed to webhooks, in tables of our own; each method that writes is one transaction.</summary>
internal sealed class WebhookQueue(NpgsqlDataSource source)
{
    private const string Columns = "id, type, call_id, version, data, owed_since, next_at, attempts, problem, dead_at";

    private const string Resume = "update calls_webhooks set stopped_at = null, stopped_because = null, stopped_address = null where name = $1";

    private const string States = "select name, position, lost_nodes, stopped_at, stopped_because, stopped_address, 0::bigint, 0::bigint, 0::bigint from calls_webhooks order by name collate \"C\"";

    private const string CountedStates = """
        select name, position, lost_nodes, stopped_at, stopped_because, stopped_address,
          count(d.id) filter (where d.dead_at is null), count(d.id) filter (where d.dead_at is null and d.attempts > 0), count(d.id) filter (where d.dead_at is not null)
        from calls_webhooks w left join calls_webhook_deliveries d on d.webhook = w.name group by w.name order by w.name collate "C"
        """;

    public async Task<IReadOnlyList<WebhookState>> ListAsync(bool counted, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(counted ? CountedStates : States);
        return await command.RowsAsync(
            r => new WebhookState(r.GetString(0), r.GetInt64(1), r.GetString(2), Time(r, 3), Text(r, 4), Text(r, 5), r.GetInt64(6), r.GetInt64(7), r.GetInt64(8)),
            cancellationToken);
    }

    public Task AddAsync(string name, long position, string lostNodes, CancellationToken cancellationToken) => ExecuteAsync(
        source.CreateCommand("insert into calls_webhooks (name, position, lost_nodes) values ($1, $2, $3) on conflict do nothing").With(name).With(position).With(lostNodes),
        cancellationToken);

    public async Task<bool> AdvanceAsync(string name, long from, long to, string lostNodes, IReadOnlyList<OwedDelivery> owed, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var move = new NpgsqlCommand("update calls_webhooks set position = $3, lost_nodes = $4 where name = $1 and position = $2", connection)
            .With(name).With(from).With(to).With(lostNodes);
        if (await ExecuteAsync(move, cancellationToken) == 0)
            return false;
        await using var batch = new NpgsqlBatch(connection);
        foreach (var delivery in owed)
        {
            var command = new NpgsqlBatchCommand($"insert into calls_webhook_deliveries (webhook, {Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing")
                .Add(name).Add(delivery.Id).Add(delivery.Type);
            command.Parameters.AddNullable(NpgsqlDbType.Uuid, delivery.CallId);
            command.Add(delivery.Version);
            command.Parameters.AddNullable(NpgsqlDbType.Text, delivery.Data);
            command.Add(delivery.OwedSince.ToUniversalTime()).Add(delivery.NextAt.ToUniversalTime()).Add(delivery.Attempts);
            command.Parameters.AddNullable(NpgsqlDbType.Text, delivery.Problem);
            command.Parameters.AddNullable(NpgsqlDbType.TimestampTz, delivery.DeadAt?.ToUniversalTime());
            batch.BatchCommands.Add(command);
        }
        if (owed.Count > 0)
            await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<IReadOnlyList<OwedDelivery>> DueAsync(string name, DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand($"select {Columns} from calls_webhook_deliveries where webhook = $1 and dead_at is null and next_at <= $2 order by next_at limit $3")
            .With(name).With(now.ToUniversalTime()).With(limit);
        return await command.RowsAsync(Delivery, cancellationToken);
    }

    public async Task<IReadOnlyList<OwedDelivery>> DeadAsync(string name, int limit, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand($"select {Columns} from calls_webhook_deliveries where webhook = $1 and dead_at is not null order by dead_at desc, id limit $2")
            .With(name).With(limit);
        return await command.RowsAsync(Delivery, cancellationToken);
    }

    public Task ForgetAsync(string name, Guid id, CancellationToken cancellationToken) =>
        ExecuteAsync(source.CreateCommand("delete from calls_webhook_deliveries where webhook = $1 and id = $2").With(name).With(id), cancellationToken);

    public Task SaveAsync(string name, OwedDelivery delivery, CancellationToken cancellationToken)
    {
        var command = source.CreateCommand("update calls_webhook_deliveries set attempts = $3, next_at = $4, problem = $5, dead_at = $6 where webhook = $1 and id = $2 and dead_at is null")
            .With(name).With(delivery.Id).With(delivery.Attempts).With(delivery.NextAt.ToUniversalTime());
        command.Parameters.AddNullable(NpgsqlDbType.Text, delivery.Problem);
        command.Parameters.AddNullable(NpgsqlDbType.TimestampTz, delivery.DeadAt?.ToUniversalTime());
        return ExecuteAsync(command, cancellationToken);
    }

    public async Task StopAsync(string name, string why, string address, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("update calls_webhooks set stopped_at = $2, stopped_because = $3, stopped_address = $4 where name = $1")
            .Add(name).Add(now.ToUniversalTime()).Add(why).Add(address));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("update calls_webhook_deliveries set dead_at = $2, problem = coalesce(problem, $3) where webhook = $1 and dead_at is null")
            .Add(name).Add(now.ToUniversalTime()).Add(why));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task ResumeAsync(string name, CancellationToken cancellationToken) => ExecuteAsync(source.CreateCommand(Resume).With(name), cancellationToken);

    public async Task<int> ReplayAsync(string name, Guid? id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var batch = source.CreateBatch();
        var revive = new NpgsqlBatchCommand($"""
            update calls_webhook_deliveries set dead_at = null, attempts = 0, owed_since = $2, next_at = $2
            where webhook = $1 and dead_at is not null{(id is null ? "" : " and id = $3")}
            """).Add(name).Add(now.ToUniversalTime());
        if (id is { } one)
            revive.Add(one);
        batch.BatchCommands.Add(revive);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Resume).Add(name));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return (int)revive.RecordsAffected;
    }

    public Task<int> ForgetDeadAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        ExecuteAsync(source.CreateCommand("delete from calls_webhook_deliveries where dead_at < $1").With(before.ToUniversalTime()), cancellationToken);

    private static OwedDelivery Delivery(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0),
        Type = r.GetString(1),
        CallId = r.IsDBNull(2) ? null : r.GetGuid(2),
        Version = r.GetInt64(3),
        Data = Text(r, 4),
        OwedSince = Time(r, 5)!.Value,
        NextAt = Time(r, 6)!.Value,
        Attempts = r.GetInt32(7),
        Problem = Text(r, 8),
        DeadAt = Time(r, 9),
    };

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    private static async Task<int> ExecuteAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using (command)
            return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
