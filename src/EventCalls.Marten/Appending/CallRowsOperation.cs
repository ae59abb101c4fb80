using EventCalls.Contracts;
using EventCalls.Marten.Reading;
using EventCalls.Store;
using NpgsqlTypes;

namespace EventCalls.Marten.Appending;

/// <summary>Writes rows of <c>calls</c>.</summary>
internal static class CallRowsOperation
{
    private const string Head = $"insert into calls ({CallRows.Columns}) select";

    private const string Tail = """
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
    public static RowsOperation Of(IReadOnlyList<CallRow> rows) =>
        new RowsOperation(Head, Tail)
            .Add("call_id", NpgsqlDbType.Uuid, rows, row => row.CallId)
            .Add("sip_call_id", NpgsqlDbType.Text, rows, row => row.SipCallId)
            .Add("node", NpgsqlDbType.Text, rows, row => row.Node)
            .Add("trunk", NpgsqlDbType.Text, rows, row => row.Trunk)
            .Add("caller", NpgsqlDbType.Text, rows, row => row.Caller)
            .Add("callee", NpgsqlDbType.Text, rows, row => row.Callee)
            .Add("started_at", NpgsqlDbType.TimestampTz, rows, row => row.StartedAt)
            .Add("answered_at", NpgsqlDbType.TimestampTz, rows, row => row.AnsweredAt)
            .Add("ended_at", NpgsqlDbType.TimestampTz, rows, row => row.EndedAt)
            .Add("flow", NpgsqlDbType.Text, rows, row => row.Flow)
            .Add("logic_version", NpgsqlDbType.Text, rows, row => row.LogicVersion)
            .Add("handoff", NpgsqlDbType.Text, rows, row => WireName.Of(row.Handoff))
            .Add("target", NpgsqlDbType.Text, rows, row => row.Target)
            .Add("outcome", NpgsqlDbType.Text, rows, row => WireName.Of(row.Outcome))
            .Add("attempts", NpgsqlDbType.Integer, rows, row => row.Attempts)
            .Add("ended_by", NpgsqlDbType.Text, rows, row => WireName.Of(row.EndedBy))
            .Add("end_cause", NpgsqlDbType.Text, rows, row => WireName.Of(row.EndCause))
            .Add("last_event_id", NpgsqlDbType.Uuid, rows, row => row.LastEventId)
            .Add("version", NpgsqlDbType.Bigint, rows, row => row.Version)
            .Add("reason", NpgsqlDbType.Text, rows, row => row.Reason)
            .Add("decision_us", NpgsqlDbType.Bigint, rows, row => row.DecisionMicroseconds)
            .Add("post_dial_ms", NpgsqlDbType.Bigint, rows, row => row.PostDialDelayMs)
            .Add("masked_at", NpgsqlDbType.TimestampTz, rows, row => row.MaskedAt);
}
