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
    private const string EventsHead = """
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, causation_id, correlation_id)
        select nextval('mt_events_sequence'), event.id, event.stream_id, event.version, event.data, event.type, event.timestamp, event.mt_dotnet_type,
          nullif(event.causation_id, '00000000-0000-0000-0000-000000000000')::text, event.stream_id::text
        from unnest(
        """;

    private static readonly Dictionary<string, string> s_dotnetTypes =
        CallEventNames.All.ToDictionary(e => e.Name, e => $"{e.Type.FullName}, {e.Type.Assembly.GetName().Name}");

    /// <summary>The operations in their order. Sequence numbers are drawn last, when nothing can fail any more but the connection: they leave hardly any holes.</summary>
    public static IEnumerable<RowsOperation> Of(AppendPlan plan, IReadOnlyList<StreamState> streams)
    {
        var changed = streams.Where(stream => stream.IsChanged).ToList();
        if (changed.FindAll(stream => stream.IsNew) is { Count: > 0 } created)
            yield return Streams("insert into mt_streams (id, version) select * from unnest(", ")", created);
        if (changed.FindAll(stream => !stream.IsNew) is { Count: > 0 } continued)
        {
            yield return Streams(
                "update mt_streams set version = changed.version, timestamp = now() from unnest(",
                ") as changed (id, version) where mt_streams.id = changed.id",
                continued);
        }
        if (changed.Count > 0)
            yield return CallRowsOperation.Of(changed.ConvertAll(stream => stream.Row!));
        if (plan.Late.Count > 0)
        {
            yield return new RowsOperation("insert into calls_late_events (event_id, call_id, type, data) select * from unnest(", ") on conflict do nothing")
                .Add(NpgsqlDbType.Uuid, plan.Late, e => e.Event.EventId)
                .Add(NpgsqlDbType.Uuid, plan.Late, e => e.Event.CallId)
                .Add(NpgsqlDbType.Text, plan.Late, e => e.Type)
                .Add(NpgsqlDbType.Jsonb, plan.Late, e => JsonbText.Fit(e.Data));
        }
        if (plan.Stored.Count > 0)
            yield return Events(plan.Stored);
    }

    private static RowsOperation Streams(string head, string tail, List<StreamState> streams) => new RowsOperation(head, tail)
        .Add(NpgsqlDbType.Uuid, streams, stream => stream.CallId)
        .Add(NpgsqlDbType.Bigint, streams, stream => stream.Version);

    private static RowsOperation Events(List<PlannedEvent> events) =>
        new RowsOperation(EventsHead, ") as event (id, stream_id, version, data, type, timestamp, mt_dotnet_type, causation_id)")
            .Add(NpgsqlDbType.Uuid, events, e => e.Event.Event.EventId)
            .Add(NpgsqlDbType.Uuid, events, e => e.Event.Event.CallId)
            .Add(NpgsqlDbType.Bigint, events, e => e.Version)
            .Add(NpgsqlDbType.Jsonb, events, e => JsonbText.Fit(e.Event.Data))
            .Add(NpgsqlDbType.Text, events, e => e.Event.Type)
            .Add(NpgsqlDbType.TimestampTz, events, e => e.Event.Event.OccurredAt.ToUniversalTime())
            .Add(NpgsqlDbType.Text, events, e => s_dotnetTypes[e.Event.Type])
            .Add(NpgsqlDbType.Uuid, events, e => e.Event.Event.CausationId);
}
