using EventCalls.Contracts;
using EventCalls.Marten.Reading;
using EventCalls.Store;
using Npgsql;
using NpgsqlTypes;

namespace EventCalls.Benchmarks.Appending;

/// <summary>Writes rows of <c>calls</c>.</summary>
internal static class PostgresRows
{
    private const string Upsert = $"""
        insert into calls ({CallRows.Columns})
        select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
        on conflict (call_id) do update set
          sip_call_id = excluded.sip_call_id, node = excluded.node, trunk = excluded.trunk, caller = excluded.caller,
          callee = excluded.callee, started_at = excluded.started_at, answered_at = excluded.answered_at,
          ended_at = excluded.ended_at, flow = excluded.flow, logic_version = excluded.logic_version,
          handoff = excluded.handoff, target = excluded.target, outcome = excluded.outcome, attempts = excluded.attempts,
          ended_by = excluded.ended_by, end_cause = excluded.end_cause, last_event_id = excluded.last_event_id,
          version = excluded.version, reason = excluded.reason, decision_us = excluded.decision_us,
          post_dial_ms = excluded.post_dial_ms, masked_at = excluded.masked_at
        """;

    /// <summary>Writes the rows; sorted by call id, as the streams are locked.</summary>
    public static NpgsqlBatchCommand Write(IReadOnlyList<CallRow> rows)
    {
        var command = new NpgsqlBatchCommand(Upsert);
        command.Add(NpgsqlDbType.Uuid, rows, row => row.CallId);
        command.Add(NpgsqlDbType.Text, rows, row => row.SipCallId);
        command.Add(NpgsqlDbType.Text, rows, row => row.Node);
        command.Add(NpgsqlDbType.Text, rows, row => row.Trunk);
        command.Add(NpgsqlDbType.Text, rows, row => row.Caller);
        command.Add(NpgsqlDbType.Text, rows, row => row.Callee);
        command.Add(NpgsqlDbType.TimestampTz, rows, row => row.StartedAt);
        command.Add(NpgsqlDbType.TimestampTz, rows, row => row.AnsweredAt);
        command.Add(NpgsqlDbType.TimestampTz, rows, row => row.EndedAt);
        command.Add(NpgsqlDbType.Text, rows, row => row.Flow);
        command.Add(NpgsqlDbType.Text, rows, row => row.LogicVersion);
        command.Add(NpgsqlDbType.Text, rows, row => WireName.Of(row.Handoff));
        command.Add(NpgsqlDbType.Text, rows, row => row.Target);
        command.Add(NpgsqlDbType.Text, rows, row => WireName.Of(row.Outcome));
        command.Add(NpgsqlDbType.Integer, rows, row => row.Attempts);
        command.Add(NpgsqlDbType.Text, rows, row => WireName.Of(row.EndedBy));
        command.Add(NpgsqlDbType.Text, rows, row => WireName.Of(row.EndCause));
        command.Add(NpgsqlDbType.Uuid, rows, row => row.LastEventId);
        command.Add(NpgsqlDbType.Bigint, rows, row => row.Version);
        command.Add(NpgsqlDbType.Text, rows, row => row.Reason);
        command.Add(NpgsqlDbType.Bigint, rows, row => row.DecisionMicroseconds);
        command.Add(NpgsqlDbType.Bigint, rows, row => row.PostDialDelayMs);
        command.Add(NpgsqlDbType.TimestampTz, rows, row => row.MaskedAt);
        return command;
    }
}
