using System.Text.Json;
using EventCalls.Contracts;
using Microsoft.Data.Sqlite;

namespace EventCalls.Store.Sqlite;

/// <summary>The queries, each on a connection given to it.</summary>
internal static class SqliteReader
{
    private static readonly HeaderSource s_headers = new("""
        (select json_extract(header.value, '$.name') as name, json_extract(header.value, '$.value') as value
         from events, json_each(events.data, '$.headers') as header
         where events.call_id = calls.call_id and events.version = 1 and events.type = 'call_started') where true
        """);

    public static List<StoredEvent> Stream(SqliteConnection connection, Guid callId)
    {
        using var statement = new SqliteStatement(
            connection.Handle!, $"select {SqliteSchema.EventColumns} from events where call_id = ?1 order by version");
        return Events(statement.Bind(1, callId));
    }

    public static List<StoredEvent> Page(SqliteConnection connection, long after, EventRange range, int limit)
    {
        var where = "position > ?1";
        if (range.From is not null)
            where += " and occurred_at >= ?3";
        if (range.To is not null)
            where += " and occurred_at < ?4";
        using var statement = new SqliteStatement(
            connection.Handle!, $"select {SqliteSchema.EventColumns} from events where {where} order by position limit ?2");
        statement.Bind(1, after).Bind(2, limit);
        if (range.From is { } from)
            statement.Bind(3, CallProjection.Time(from));
        if (range.To is { } to)
            statement.Bind(4, CallProjection.Time(to));
        return Events(statement);
    }

    public static List<CallRow> Calls(SqliteConnection connection, CallQuery query, bool newestFirst, int limit)
    {
        var parameters = new List<(string Name, object Value)>();
        string sql = CallFilter.Select(SqliteSchema.RowColumns, query, newestFirst, limit, s_headers, (name, value) => parameters.Add((name, value)));
        using var statement = new SqliteStatement(connection.Handle!, sql);
        foreach (var (name, value) in parameters)
            statement.Bind(name, value);
        return Rows(statement);
    }

    public static List<CallHistory> Histories(SqliteConnection connection, CallQuery query, int limit)
    {
        // One transaction: else the file is locked, and looked at for changes, for each call.
        using var reading = connection.BeginTransaction(deferred: true);
        var rows = Calls(connection, query, newestFirst: false, limit);
        var types = query.EventTypes is { } wanted ? wanted.ToHashSet(StringComparer.Ordinal) : null;
        using var statement = new SqliteStatement(
            connection.Handle!, $"select {SqliteSchema.EventColumns} from events where call_id = ?1 order by version");
        var calls = new List<CallHistory>(rows.Count);
        foreach (var row in rows)
        {
            statement.Bind(1, row.CallId);
            calls.Add(new CallHistory(row, Events(statement, types, row.CallId)));
            statement.Reset();
        }
        return calls;
    }

    public static long LastPosition(SqliteConnection connection)
    {
        using var statement = new SqliteStatement(connection.Handle!, "select coalesce(max(position), 0) from events");
        statement.Step();
        return statement.Int64(0);
    }

    public static long Count(SqliteConnection connection, CallQuery query)
    {
        var parameters = new List<(string Name, object Value)>();
        string sql = CallFilter.Count(query, s_headers, (name, value) => parameters.Add((name, value)));
        using var statement = new SqliteStatement(connection.Handle!, sql);
        foreach (var (name, value) in parameters)
            statement.Bind(name, value);
        statement.Step();
        return statement.Int64(0);
    }

    public static List<string> LogicVersions(SqliteConnection connection, string prefix)
    {
        using var statement = new SqliteStatement(
            connection.Handle!, "select version from calls_logic_versions where substr(version, 1, length(?1)) = ?1 order by version");
        statement.Bind(1, prefix);
        var versions = new List<string>();
        while (statement.Step())
            versions.Add(statement.RequiredText(0));
        return versions;
    }

    public static CallRow? Call(SqliteConnection connection, Guid callId)
    {
        using var statement = new SqliteStatement(connection.Handle!, $"select {SqliteSchema.RowColumns} from calls where call_id = ?1");
        return Rows(statement.Bind(1, callId)).FirstOrDefault();
    }

    public static CallRow? Call(SqliteConnection connection, string sipCallId)
    {
        using var statement = new SqliteStatement(
            connection.Handle!, $"select {SqliteSchema.RowColumns} from calls where sip_call_id = ?1 order by started_at desc limit 1");
        return Rows(statement.Bind(1, CallProjection.Text(sipCallId))).FirstOrDefault();
    }

    public static List<CallRow> Open(SqliteConnection connection, string node, DateTimeOffset startedBefore)
    {
        using var statement = new SqliteStatement(
            connection.Handle!,
            $"select {SqliteSchema.RowColumns} from calls where ended_at is null and node = ?1 and started_at < ?2 order by started_at");
        return Rows(statement.Bind(1, CallProjection.Text(node)).Bind(2, startedBefore));
    }

    public static List<LateEvent> Late(SqliteConnection connection, Guid callId)
    {
        using var statement = new SqliteStatement(
            connection.Handle!, "select event_id, call_id, type, data from calls_late_events where call_id = ?1 order by arrival");
        statement.Bind(1, callId);
        var late = new List<LateEvent>();
        while (statement.Step())
            late.Add(new LateEvent(statement.Id(0), statement.Id(1), statement.RequiredText(2), statement.Utf8(3).ToArray()));
        return late;
    }

    public static List<Guid> CallIds(SqliteConnection connection, Guid after, int limit)
    {
        using var statement = new SqliteStatement(
            connection.Handle!, "select call_id from events where version = 1 and call_id > ?1 order by call_id limit ?2");
        statement.Bind(1, after).Bind(2, limit);
        var ids = new List<Guid>();
        while (statement.Step())
            ids.Add(statement.Id(0));
        return ids;
    }

    public static LogicVersionLoaded? LogicVersion(SqliteConnection connection, string version)
    {
        using var statement = new SqliteStatement(connection.Handle!, "select loaded_at, sources from calls_logic_versions where version = ?1");
        try
        {
            return statement.Bind(1, version).Step() ? LogicSourcesJson.Version(version, statement.RequiredTime(0), statement.Utf8(1)) : null;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"the sources of the logic {version} cannot be read ({e.Message.TrimEnd('.')})", e);
        }
    }

    public static List<NodeStatus> Nodes(SqliteConnection connection)
    {
        using var statement = new SqliteStatement(connection.Handle!, "select node, running_since, at, stopping, received_at, interval_seconds, report, lost_since, lost_heard_at from calls_nodes order by node");
        var nodes = new List<NodeStatus>();
        while (statement.Step())
        {
            var heartbeat = new NodeHeartbeat
            {
                Node = statement.RequiredText(0),
                RunningSince = statement.RequiredTime(1),
                At = statement.RequiredTime(2),
                Stopping = statement.Int64(3) != 0,
                IntervalSeconds = (int)statement.Int64(5),
                Report = NodeReport.Read(statement.Text(6)),
            };
            nodes.Add(new NodeStatus(heartbeat, statement.RequiredTime(4), statement.Time(7) is { } since ? new LostRun(since, statement.RequiredTime(8)) : null));
        }
        return nodes;
    }

    private static List<CallRow> Rows(SqliteStatement statement)
    {
        var rows = new List<CallRow>();
        while (statement.Step())
            rows.Add(SqliteRows.Read(statement));
        return rows;
    }

    // A call that is asked for need not be read of each of its events.
    private static List<StoredEvent> Events(SqliteStatement statement, HashSet<string>? types = null, Guid? call = null)
    {
        var events = new List<StoredEvent>();
        while (statement.Step())
        {
            var type = statement.Name(4);
            if (types?.Contains(type) == false)
                continue;
            events.Add(new StoredEvent
            {
                Position = statement.Int64(0),
                CallId = call ?? statement.Id(1),
                Version = statement.Int64(2),
                EventId = statement.Id(3),
                Type = type,
                Data = statement.Utf8(5).ToArray(),
            });
        }
        return events;
    }
}
