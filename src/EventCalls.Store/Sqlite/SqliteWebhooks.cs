using EventCalls.Store.Notifying;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EventCalls.Store.Sqlite;

/// <summary>What is owed to webhooks; each method that writes is one transaction.</summary>
internal static class SqliteWebhooks
{
    private const string Columns = "id, type, call_id, version, data, owed_since, next_at, attempts, problem, dead_at";

    private const string Resume = "update calls_webhooks set stopped_at = null, stopped_because = null, stopped_address = null where name = ?1";

    private const string States = "select name, position, lost_nodes, stopped_at, stopped_because, stopped_address, 0, 0, 0 from calls_webhooks order by name";

    private const string CountedStates = """
        select name, position, lost_nodes, stopped_at, stopped_because, stopped_address,
          count(d.id) filter (where d.dead_at is null), count(d.id) filter (where d.dead_at is null and d.attempts > 0), count(d.id) filter (where d.dead_at is not null)
        from calls_webhooks w left join calls_webhook_deliveries d on d.webhook = w.name group by w.name order by w.name
        """;

    public static IReadOnlyList<WebhookState> List(SqliteConnection connection, bool counted)
    {
        using var read = Prepare(connection, counted ? CountedStates : States);
        var states = new List<WebhookState>();
        while (read.Step())
            states.Add(new WebhookState(read.RequiredText(0), read.Int64(1), read.Text(2) ?? "", read.Time(3), read.Text(4), read.Text(5), read.Int64(6), read.Int64(7), read.Int64(8)));
        return states;
    }

    public static bool Add(SqliteAppender appender, string name, long position, string lostNodes) => appender.InTransaction(() =>
    {
        using var write = Prepare(appender.Connection, "insert into calls_webhooks (name, position, lost_nodes) values (?1, ?2, ?3) on conflict do nothing");
        write.Bind(1, name).Bind(2, position).Bind(3, lostNodes).Run();
        return true;
    });

    public static bool Advance(SqliteAppender appender, string name, long from, long to, string lostNodes, IReadOnlyList<OwedDelivery> owed) => appender.InTransaction(() =>
    {
        using var move = Prepare(appender.Connection, "update calls_webhooks set position = ?3, lost_nodes = ?4 where name = ?1 and position = ?2");
        move.Bind(1, name).Bind(2, from).Bind(3, to).Bind(4, lostNodes).Run();
        if (raw.sqlite3_changes(appender.Connection.Handle) == 0)
            return false;
        using var write = Prepare(
            appender.Connection,
            $"insert into calls_webhook_deliveries (webhook, {Columns}) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) on conflict do nothing");
        foreach (var delivery in owed)
        {
            write.Bind(1, name).Bind(2, delivery.Id).Bind(3, delivery.Type);
            write.Bind(4, delivery.CallId?.ToString("D")).Bind(5, delivery.Version).Bind(6, delivery.Data).Bind(7, delivery.OwedSince).Bind(8, delivery.NextAt)
                .Bind(9, delivery.Attempts).Bind(10, delivery.Problem).Bind(11, delivery.DeadAt).Run();
        }
        return true;
    });

    public static IReadOnlyList<OwedDelivery> Due(SqliteConnection connection, string name, DateTimeOffset now, int limit)
    {
        using var read = Prepare(connection, $"select {Columns} from calls_webhook_deliveries where webhook = ?1 and dead_at is null and next_at <= ?2 order by next_at limit ?3");
        return Read(read.Bind(1, name).Bind(2, now).Bind(3, limit));
    }

    public static IReadOnlyList<OwedDelivery> Dead(SqliteConnection connection, string name, int limit)
    {
        using var read = Prepare(connection, $"select {Columns} from calls_webhook_deliveries where webhook = ?1 and dead_at is not null order by dead_at desc, id limit ?2");
        return Read(read.Bind(1, name).Bind(2, limit));
    }

    public static bool Forget(SqliteAppender appender, string name, Guid id) => appender.InTransaction(() =>
    {
        using var delete = Prepare(appender.Connection, "delete from calls_webhook_deliveries where webhook = ?1 and id = ?2");
        delete.Bind(1, name).Bind(2, id).Run();
        return true;
    });

    public static bool Save(SqliteAppender appender, string name, OwedDelivery delivery) => appender.InTransaction(() =>
    {
        using var write = Prepare(appender.Connection, "update calls_webhook_deliveries set attempts = ?3, next_at = ?4, problem = ?5, dead_at = ?6 where webhook = ?1 and id = ?2 and dead_at is null");
        write.Bind(1, name).Bind(2, delivery.Id).Bind(3, delivery.Attempts).Bind(4, delivery.NextAt).Bind(5, delivery.Problem).Bind(6, delivery.DeadAt).Run();
        return true;
    });

    public static bool Stop(SqliteAppender appender, string name, string why, string address, DateTimeOffset now) => appender.InTransaction(() =>
    {
        using var stop = Prepare(appender.Connection, "update calls_webhooks set stopped_at = ?2, stopped_because = ?3, stopped_address = ?4 where name = ?1");
        stop.Bind(1, name).Bind(2, now).Bind(3, why).Bind(4, address).Run();
        using var kill = Prepare(appender.Connection, "update calls_webhook_deliveries set dead_at = ?2, problem = coalesce(problem, ?3) where webhook = ?1 and dead_at is null");
        kill.Bind(1, name).Bind(2, now).Bind(3, why).Run();
        return true;
    });

    public static bool Continue(SqliteAppender appender, string name) => appender.InTransaction(() =>
    {
        using var resume = Prepare(appender.Connection, Resume);
        resume.Bind(1, name).Run();
        return true;
    });

    public static int Replay(SqliteAppender appender, string name, Guid? id, DateTimeOffset now) => appender.InTransaction(() =>
    {
        using var resume = Prepare(appender.Connection, Resume);
        resume.Bind(1, name).Run();
        using var revive = Prepare(appender.Connection, $"""
            update calls_webhook_deliveries set dead_at = null, attempts = 0, owed_since = ?2, next_at = ?2
            where webhook = ?1 and dead_at is not null{(id is null ? "" : " and id = ?3")}
            """);
        revive.Bind(1, name).Bind(2, now);
        if (id is { } one)
            revive.Bind(3, one);
        revive.Run();
        return raw.sqlite3_changes(appender.Connection.Handle);
    });

    public static int ForgetDead(SqliteAppender appender, DateTimeOffset before) => appender.InTransaction(() =>
    {
        using var delete = Prepare(appender.Connection, "delete from calls_webhook_deliveries where dead_at < ?1");
        delete.Bind(1, before).Run();
        return raw.sqlite3_changes(appender.Connection.Handle);
    });

    private static List<OwedDelivery> Read(SqliteStatement read)
    {
        var deliveries = new List<OwedDelivery>();
        while (read.Step())
        {
            deliveries.Add(new OwedDelivery
            {
                Id = read.Id(0),
                Type = read.RequiredText(1),
                CallId = read.IsNull(2) ? null : read.Id(2),
                Version = read.Int64(3),
                Data = read.Text(4),
                OwedSince = read.RequiredTime(5),
                NextAt = read.RequiredTime(6),
                Attempts = (int)read.Int64(7),
                Problem = read.Text(8),
                DeadAt = read.Time(9),
            });
        }
        return deliveries;
    }

    private static SqliteStatement Prepare(SqliteConnection connection, string sql) => new(connection.Handle!, sql);
}
