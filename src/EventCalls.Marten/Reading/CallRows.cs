using EventCalls.Contracts;
using EventCalls.Store;
using Npgsql;

namespace EventCalls.Marten.Reading;

/// <summary>Reads rows of <c>calls</c>.</summary>
internal static class CallRows
{
    public const string Columns =
        "call_id, sip_call_id, node, trunk, caller, callee, started_at, answered_at, ended_at, flow, logic_version, "
        + "handoff, target, outcome, attempts, ended_by, end_cause, last_event_id, version, reason, decision_us, post_dial_ms, masked_at";

    public static CallRow Read(NpgsqlDataReader reader) => new()
    {
        CallId = reader.GetGuid(0),
        SipCallId = reader.GetString(1),
        Node = reader.GetString(2),
        Trunk = reader.GetString(3),
        Caller = reader.GetString(4),
        Callee = reader.GetString(5),
        StartedAt = reader.GetFieldValue<DateTimeOffset>(6),
        AnsweredAt = reader.Time(7),
        EndedAt = reader.Time(8),
        Flow = reader.Text(9),
        LogicVersion = reader.Text(10),
        Handoff = WireName.Parse<HandoffMethod>(reader.Text(11)),
        Target = reader.Text(12),
        Outcome = WireName.Parse<TransferOutcome>(reader.Text(13)),
        Attempts = reader.GetInt32(14),
        EndedBy = WireName.Parse<CallParty>(reader.Text(15)),
        EndCause = WireName.Parse<CallEndCause>(reader.Text(16)),
        LastEventId = reader.GetGuid(17),
        Version = reader.GetInt64(18),
        Reason = reader.Text(19),
        DecisionMicroseconds = reader.Number(20),
        PostDialDelayMs = reader.Number(21),
        MaskedAt = reader.Time(22),
    };

    public static string? Text(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static long? Number(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    public static DateTimeOffset? Time(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}
