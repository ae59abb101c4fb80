using EventCalls.Contracts;
using EventCalls.Store.Steering;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EventCalls.Store.Sqlite;

/// <summary>What routers decide by, and who brought each version; each method that writes is one transaction.</summary>
internal static class SqliteSteering
{
    private const string Columns = "number, version, by, at, before, rolled_back, note";

    public static IReadOnlyList<LogicActivation> List(SqliteConnection connection, int limit)
    {
        using var read = Prepare(connection, $"select {Columns} from calls_logic_activations order by number desc limit ?1");
        return Read(read.Bind(1, limit));
    }

    public static LogicActivation? Find(SqliteConnection connection, long number)
    {
        using var read = Prepare(connection, $"select {Columns} from calls_logic_activations where number = ?1");
        return Read(read.Bind(1, number)).FirstOrDefault();
    }

    public static bool TryActivate(SqliteAppender appender, LogicActivation activation) => appender.InTransaction(() =>
    {
        using var write = Prepare(appender.Connection, $"""
            insert into calls_logic_activations ({Columns}) select ?1, ?2, ?3, ?4, ?5, ?6, ?7
            where ?1 = (select coalesce(max(number), 0) + 1 from calls_logic_activations)
            """);
        write.Bind(1, activation.Number).Bind(2, activation.Version).Bind(3, activation.By).Bind(4, activation.At).Bind(5, activation.Before)
            .Bind(6, activation.RolledBack ? 1 : 0).Bind(7, activation.Note).Run();
        return raw.sqlite3_changes(appender.Connection.Handle) == 1;
    });

    public static bool SaveArrival(SqliteAppender appender, LogicArrival arrival) => appender.InTransaction(() =>
    {
        using var write = Prepare(appender.Connection, """
            insert into calls_logic_arrivals (version, uploaded, who, first_at, last_at) values (?1, ?2, ?3, ?4, ?5)
            on conflict (version, uploaded, who) do update set first_at = min(excluded.first_at, first_at), last_at = max(excluded.last_at, last_at)
            """);
        write.Bind(1, arrival.Version).Bind(2, arrival.Uploaded ? 1 : 0).Bind(3, arrival.Who).Bind(4, arrival.FirstAt).Bind(5, arrival.LastAt).Run();
        return true;
    });

    public static IReadOnlyList<LogicArrival> Arrivals(SqliteConnection connection)
    {
        using var read = Prepare(connection, "select version, uploaded, who, first_at, last_at from calls_logic_arrivals order by version, first_at, who");
        var arrivals = new List<LogicArrival>();
        while (read.Step())
            arrivals.Add(new LogicArrival(read.RequiredText(0), read.Int64(1) == 1, read.RequiredText(2), read.RequiredTime(3), read.RequiredTime(4)));
        return arrivals;
    }

    public static IReadOnlyList<ProofRecord> Proofs(SqliteConnection connection, ProofKind kind, int limit)
    {
        using var read = Prepare(connection, "select number, at, record from calls_logic_proofs where kind = ?1 order by number desc limit ?2");
        read.Bind(1, WireName.Of(kind)).Bind(2, limit);
        var proofs = new List<ProofRecord>();
        while (read.Step())
            proofs.Add(new ProofRecord(kind, read.Int64(0), read.RequiredTime(1), read.RequiredText(2)));
        return proofs;
    }

    public static bool TryKeepProof(SqliteAppender appender, ProofRecord record) => appender.InTransaction(() =>
    {
        using var write = Prepare(appender.Connection, """
            insert into calls_logic_proofs (kind, number, at, record) select ?1, ?2, ?3, ?4
            where ?2 = (select coalesce(max(number), 0) + 1 from calls_logic_proofs where kind = ?1)
            """);
        write.Bind(1, WireName.Of(record.Kind)).Bind(2, record.Number).Bind(3, record.At).Bind(4, record.Json).Run();
        return raw.sqlite3_changes(appender.Connection.Handle) == 1;
    });

    private static List<LogicActivation> Read(SqliteStatement read)
    {
        var activations = new List<LogicActivation>();
        while (read.Step())
        {
            activations.Add(new LogicActivation
            {
                Number = read.Int64(0),
                Version = read.Text(1),
                By = read.RequiredText(2),
                At = read.RequiredTime(3),
                Before = read.Number(4),
                RolledBack = read.Int64(5) == 1,
                Note = read.Text(6),
            });
        }
        return activations;
    }

    private static SqliteStatement Prepare(SqliteConnection connection, string sql) => new(connection.Handle!, sql);
}
