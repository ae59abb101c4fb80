using EventCalls.Contracts;

namespace EventCalls.Store.Sqlite;

/// <summary>Writes and reads rows of <c>calls</c>; the order is that of <see cref="SqliteSchema.RowColumns"/>.</summary>
internal static class SqliteRows
{
    public const string Upsert = $"""
        insert into calls ({SqliteSchema.RowColumns})
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)
        on conflict (call_id) do update set
          sip_call_id = excluded.sip_call_id, node = excluded.node, trunk = excluded.trunk, caller = excluded.caller,
          callee = excluded.callee, started_at = excluded.started_at, answered_at = excluded.answered_at,
          ended_at = excluded.ended_at, flow = excluded.flow, logic_version = excluded.logic_version,
          handoff = excluded.handoff, target = excluded.target, outcome = excluded.outcome, attempts = excluded.attempts,
          ended_by = excluded.ended_by, end_cause = excluded.end_cause, last_event_id = excluded.last_event_id,
          version = excluded.version, reason = excluded.reason, decision_us = excluded.decision_us, post_dial_ms = excluded.post_dial_ms,
          masked_at = excluded.masked_at
        """;

    /// <summary>Changes only what can change after a call's start: SQLite would write every index again whose columns are named, changed or not.</summary>
    public const string Update = """
        update calls set
          answered_at = ?8, ended_at = ?9, flow = ?10, logic_version = ?11, handoff = ?12, target = ?13, outcome = ?14,
          attempts = ?15, ended_by = ?16, end_cause = ?17, last_event_id = ?18, version = ?19,
          reason = ?20, decision_us = ?21, post_dial_ms = ?22, masked_at = ?23
        where call_id = ?1
        """;

    /// <summary>Binds all columns, for <see cref="Upsert"/>.</summary>
    public static SqliteStatement Bind(SqliteStatement statement, CallRow row) => BindChanging(statement, row)
        .Bind(2, row.SipCallId)
        .Bind(3, row.Node)
        .Bind(4, row.Trunk)
        .Bind(5, row.Caller)
        .Bind(6, row.Callee)
        .Bind(7, row.StartedAt);

    /// <summary>Binds the id and the columns that change, for <see cref="Update"/>.</summary>
    public static SqliteStatement BindChanging(SqliteStatement statement, CallRow row) => statement
        .Bind(1, row.CallId)
        .Bind(8, row.AnsweredAt)
        .Bind(9, row.EndedAt)
        .Bind(10, row.Flow)
        .Bind(11, row.LogicVersion)
        .Bind(12, WireName.Of(row.Handoff))
        .Bind(13, row.Target)
        .Bind(14, WireName.Of(row.Outcome))
        .Bind(15, row.Attempts)
        .Bind(16, WireName.Of(row.EndedBy))
        .Bind(17, WireName.Of(row.EndCause))
        .Bind(18, row.LastEventId)
        .Bind(19, row.Version)
        .Bind(20, row.Reason)
        .Bind(21, row.DecisionMicroseconds)
        .Bind(22, row.PostDialDelayMs)
        .Bind(23, row.MaskedAt);

    public static CallRow Read(SqliteStatement statement) => new()
    {
        CallId = statement.Id(0),
        SipCallId = statement.RequiredText(1),
        Node = statement.RequiredText(2),
        Trunk = statement.RequiredText(3),
        Caller = statement.RequiredText(4),
        Callee = statement.RequiredText(5),
        StartedAt = statement.RequiredTime(6),
        AnsweredAt = statement.Time(7),
        EndedAt = statement.Time(8),
        Flow = statement.Text(9),
        LogicVersion = statement.Text(10),
        Handoff = WireName.Parse<HandoffMethod>(statement.Text(11)),
        Target = statement.Text(12),
        Outcome = WireName.Parse<TransferOutcome>(statement.Text(13)),
        Attempts = (int)statement.Int64(14),
        EndedBy = WireName.Parse<CallParty>(statement.Text(15)),
        EndCause = WireName.Parse<CallEndCause>(statement.Text(16)),
        LastEventId = statement.Id(17),
        Version = statement.Int64(18),
        Reason = statement.Text(19),
        DecisionMicroseconds = statement.Number(20),
        PostDialDelayMs = statement.Number(21),
        MaskedAt = statement.Time(22),
    };
}
