using EventCalls.Contracts;
using EventCalls.Store.Appending;
using NpgsqlTypes;

namespace EventCalls.Marten.Appending;

/// <summary>What an append writes, as operations of a Marten session.</summary>
/// <remarks>
/// The rules that keep Marten's daemon right are kept: the timestamp is always given, a sequence number is drawn inside the writing transaction and after
/// the versions are checked, and the version of a stream is that of its last event.
/// </remarks>
internal static class AppendOperations
{
    // The correlation is the call: whatever else is recorded about it, by whomever, can be found by it.
    private static readonly string s_eventsHead = $"""
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, causation_id, correlation_id)
        select nextval('mt_events_sequence'), id, stream_id, version, data, type, timestamp, mt_dotnet_type,
          coalesce(nullif(causation_id, '00000000-0000-0000-0000-000000000000')::text, {CauseOfStart("data")}), stream_id::text
        from (select
        """;

    private static readonly Dictionary<string, string> s_dotnetTypes =
        CallEventNames.All.ToDictionary(e => e.Name, e => $"{e.Type.FullName}, {e.Type.Assembly.GetName().Name}");

    /// <summary>What caused the beginning of a call, in SQL: no event but its INVITE, which everybody else knows by its Call-ID; where what it was imported from says none, that.</summary>
    /// <param name="data">The column that has the event's JSON.</param>
    public static string CauseOfStart(string data) => $"coalesce(nullif({data} ->> 'sipCallId', ''), {data} ->> 'importedFrom')";

    /// <summary>The operations in their order. Sequence numbers are drawn last, when nothing can fail any more but the connection: they leave hardly any holes.</summary>
    public static IEnumerable<RowsOperation> Of(AppendPlan plan, IReadOnlyList<StreamState> streams)
    {
        var changed = streams.Where(stream => stream.IsChanged).ToList();
        if (changed.FindAll(stream => stream.IsNew) is { Count: > 0 } created)
            yield return Streams("insert into mt_streams (id, version) select", "", created);
        if (changed.FindAll(stream => !stream.IsNew) is { Count: > 0 } continued)
        {
            yield return Streams(
                "update mt_streams set version = changed.version, timestamp = now() from (select",
                ") as changed where mt_streams.id = changed.id",
                continued);
        }
        if (changed.Count > 0)
            yield return CallRowsOperation.Of(changed.ConvertAll(stream => stream.Row!));
        if (plan.Late.Count > 0)
        {
            yield return new RowsOperation("insert into calls_late_events (event_id, call_id, type, data) select", "on conflict do nothing")
                .Add("event_id", NpgsqlDbType.Uuid, plan.Late, e => e.Event.EventId)
                .Add("call_id", NpgsqlDbType.Uuid, plan.Late, e => e.Event.CallId)
                .Add("type", NpgsqlDbType.Text, plan.Late, e => e.Type)
                .Add("data", NpgsqlDbType.Jsonb, plan.Late, e => JsonbText.Fit(e.Data));
        }
        if (plan.Stored.Count > 0)
            yield return Events(plan.Stored);
    }

    private static RowsOperation Streams(string head, string tail, List<StreamState> streams) => new RowsOperation(head, tail)
        .Add("id", NpgsqlDbType.Uuid, streams, stream => stream.CallId)
        .Add("version", NpgsqlDbType.Bigint, streams, stream => stream.Version);

    private static RowsOperation Events(List<PlannedEvent> events) =>
        new RowsOperation(s_eventsHead, ") as event")
            .Add("id", NpgsqlDbType.Uuid, events, e => e.Event.Event.EventId)
            .Add("stream_id", NpgsqlDbType.Uuid, events, e => e.Event.Event.CallId)
            .Add("version", NpgsqlDbType.Bigint, events, e => e.Version)
            .Add("data", NpgsqlDbType.Jsonb, events, e => JsonbText.Fit(e.Event.Data))
            .Add("type", NpgsqlDbType.Text, events, e => e.Event.Type)
            .Add("timestamp", NpgsqlDbType.TimestampTz, events, e => e.Event.Event.OccurredAt.ToUniversalTime())
            .Add("mt_dotnet_type", NpgsqlDbType.Text, events, e => s_dotnetTypes[e.Event.Type])
            .Add("causation_id", NpgsqlDbType.Uuid, events, e => e.Event.Event.CausationId);
}
