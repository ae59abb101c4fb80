using System.Globalization;
using System.Text;
using EventCalls.Benchmarks.Replay;
using EventCalls.Contracts;
using EventCalls.Routing.Loading;
using EventCalls.Store;
using Npgsql;

namespace EventCalls.Benchmarks.Searching;

/// <summary>Fills PostgreSQL with calls of thirty days, made by the server itself; their indexes are made when they are there. Each has its first event, every so many have all six, the others as many more as asked for that only take up room: those of the sample call.</summary>
/// <remarks>
/// Values are as uneven as real ones: 20 trunks, 12 flows and 5,000 targets of which some few have most calls; a version of the logic a day; and beside them a trunk of the first hour,
/// a flow, an outcome, a way and a reason that hardly any call has.
/// </remarks>
internal sealed class CallFill(NpgsqlDataSource source, CompiledLogic logic, DateTimeOffset begin, int whole, int more)
{
    private const int AtOnce = 50_000;
    private const int Writers = 3;
    private const string Tables = "'calls'::regclass, 'mt_streams'::regclass, 'mt_events'::regclass";

    private const string Constraints = $"""
        select format('alter table %s drop constraint %I', conrelid::regclass, conname), format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        from pg_constraint where contype in ('p', 'u', 'f') and conrelid in ({Tables}) order by contype = 'f'
        """;

    private const string Indexes = $"""
        select format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid) from pg_index
        where indrelid in ({Tables}) and not exists (select from pg_constraint where conindid = indexrelid)
        """;

    private const string Fill = """
        with made as (
          insert into calls (call_id, sip_call_id, node, trunk, caller, callee, started_at, answered_at, ended_at, flow, logic_version, handoff, target, outcome, attempts,
            ended_by, end_cause, last_event_id, version, reason, decision_us, post_dial_ms)
          select id, md5(n::text) || '@192.0.2.10', 'edge-' || n % 4, case when n < $2 / 720 and n % 100 = 0 then 'trunk-first' else 'trunk-' || floor(20 * a * b) end,
            case when n % 100 = 1 then '+15550000000' else '+1555' || lpad((n * 7919 % 4999999)::text, 7, '0') end, '+1556' || lpad(floor(500 * b * c)::text, 7, '0'), at,
            case when c < 0.8 then at + interval '2 s' end, case when n < $2 - 500 and n % 200000 <> 7 then at + interval '90 s' end,
            case when n % 100000 = 11 then 'flow-rare' else 'flow-' || floor(12 * c * d) end, 'sha256:' || md5((n * 30 / $2)::text) || md5('logic'),
            case when n % 1000 = 3 then 'redirect' when d < 0.03 then 'bye' when d < 0.3 then 'refer' else 'invite' end,
            'sip:+1557' || lpad(floor(5000 * a * a * d)::text, 7, '0') || '@198.51.100.7:5060',
            case when n % 5000 = 5 then 'declined' when c < 0.8 then 'answered' when c < 0.9 then 'busy' else 'no_answer' end, 1, 'system', 'transferred', md5(id || '6')::uuid, 6,
            case when n % 50000 = 9 then 'reason-rare' when n % 10 = 0 then 'reason-' || floor(20 * a) end, 20 + floor(200 * b), 100 + floor(3000 * a)
          from (select n, at, random() as a, random() as b, random() as c, random() as d,
              (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid as id
            from (select n, $1 + n * (interval '30 days' / $2) as at from generate_series($3::bigint, $4::bigint) n) as numbered) as call
          returning *),
        streams as (insert into mt_streams (id, version, timestamp, created) select call_id, 6, started_at, started_at from made)
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp)
        select $3 * 6 + row_number() over (), md5(made.call_id || event.version::text)::uuid, made.call_id, event.version,
          case when event.version = 1 or WHOLE then EVENT::jsonb else event.sample end, event.type, made.started_at
        from made cross join (select type, data, data::jsonb as sample, version from unnest($5::text[], $6::text[]) with ordinality as given (type, data, version)) as event
        where event.version <= 1 + $8 or WHOLE
        """;

    private static readonly Guid s_call = Id(100);
    private static readonly Guid s_handoff = Id(101);

    // What the sample call has, and what stands there in the others.
    private static readonly (string Sample, string Value)[] s_values =
    [
        ("+15550000001", "made.caller"),
        ("+15550000002", "made.callee"),
        ("sample@192.0.2.10", "made.sip_call_id"),
        ("customer-1", "'customer-' || abs(hashtext(made.call_id::text)) % 1000000"),
        ("sip:support@example.com", "made.target"),
        ("1999-01-01T00:00:00", "to_char(made.started_at at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS')"),
    ];

    /// <summary>Makes them.</summary>
    public async Task RunAsync(long calls)
    {
        var (types, events, sql) = Template();
        var after = await WithoutIndexesAsync();
        var parts = Enumerable.Range(0, (int)((calls + AtOnce - 1) / AtOnce)).Select(part => (long)part * AtOnce);
        await Parallel.ForEachAsync(parts, new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (from, _) =>
            await ExecuteAsync(sql, begin, (double)calls, from, Math.Min(from + AtOnce, calls) - 1, types, events, whole, more));
        foreach (string index in after)
            await ExecuteAsync($"set maintenance_work_mem = '1GB'; {index}");
        // What is appended afterwards comes after them.
        await ExecuteAsync("select setval('mt_events_sequence', max(seq_id)) from mt_events");
        await ExecuteAsync("vacuum (analyze)");
        await ExecuteAsync("checkpoint");
    }

    /// <summary>The condition that a call has all its own events.</summary>
    /// <param name="every">Every how many have, in SQL.</param>
    /// <param name="call">Its id, in SQL.</param>
    public static string Whole(string every, string call) => $"hashtext({call}::text) % {every} = 0";

    private static Guid Id(int number) => new($"{number:x8}-0000-7000-8000-000000000000");

    // A call as the logic decides it, with ids that are found again in its JSON.
    private (string[] Types, string[] Events, string Sql) Template()
    {
        var sample = new ReplayCalls(logic).Next();
        var ids = sample.Select((e, i) => (e.EventId, New: Id(i + 1))).Append((sample[0].CallId, s_call)).Append((sample.OfType<HandoffRequested>().Single().HandoffId, s_handoff)).ToList();
        var started = (CallStarted)sample[0];
        string Unify(string json)
        {
            foreach (var (old, made) in ids)
                json = json.Replace(old.ToString(), made.ToString(), StringComparison.Ordinal);
            return json.Replace(started.CallerNumber, "+15550000001", StringComparison.Ordinal).Replace(started.CalleeNumber, "+15550000002", StringComparison.Ordinal)
                .Replace(started.SipCallId, "sample@192.0.2.10", StringComparison.Ordinal)
                .Replace(started.OccurredAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture), "1999-01-01T00:00:00", StringComparison.Ordinal);
        }
        sample[0] = started with { Headers = [.. started.Headers, new SipHeader("X-Customer-ID", "customer-1"), new SipHeader("X-Call-Type", "support")] };
        var events = sample.ConvertAll(EventToAppend.Of);
        string sql = "event.data";
        foreach (var (text, value) in s_values)
            sql = $"replace({sql}, '{text}', {value})";
        for (int i = 0; i < sample.Count; i++)
            sql = $"replace({sql}, '{Id(i + 1)}', md5(made.call_id || '{i + 1}')::uuid::text)";
        // A handoff's id begins as its call's.
        sql = $"replace(replace({sql}, '{s_handoff}', left(made.call_id::text, 18) || '-8' || substr(md5(made.call_id::text), 1, 3) || '-' || substr(md5(made.call_id::text), 4, 12)), '{s_call}', made.call_id::text)";
        return ([.. events.Select(e => e.Type)], [.. events.Select(e => Unify(Encoding.UTF8.GetString(e.Data.Span)))], Fill.Replace("EVENT", sql, StringComparison.Ordinal).Replace("WHOLE", Whole("$7", "made.call_id"), StringComparison.Ordinal));
    }

    // Rows are added several times faster to tables that have none; what makes them again is handed out.
    private async Task<List<string>> WithoutIndexesAsync()
    {
        var (drop, again) = (new List<string>(), new List<string>());
        foreach (string found in (string[])[Constraints, Indexes])
        {
            await using var command = source.CreateCommand(found);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                drop.Add(reader.GetString(0));
                again.Add(reader.GetString(1));
            }
        }
        // Keys that others refer to go last and come first.
        foreach (string statement in drop.OrderByDescending(s => again[drop.IndexOf(s)].Contains("FOREIGN KEY", StringComparison.Ordinal)))
            await ExecuteAsync(statement);
        return again;
    }

    private async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 0;
        foreach (object value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync();
    }
}
